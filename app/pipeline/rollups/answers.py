"""Rollups of answers: profiles of requesters, counts per cell, and "cannot judge"."""

from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.decisions import NOT_ELIGIBLE
from app.domain.instruments import ALWAYS_ASKED, LOW_RATING, Item, scale_of
from app.domain.profiles import write_profile
from app.domain.scorecards.cuts import SEGMENTS
from app.domain.states import ResponseState
from app.domain.statistics import request_weights
from app.foundations.crypto import Keys, requester_cluster_id
from app.models.base import Base
from app.models.departments import Department
from app.models.responses import HeldAnswer, HeldResponse, QuarterSalt, consenting_clusters
from app.models.rollups import CellCount, NotApplicableCount, ProfileCell
from app.models.service_requests import RequestCycle
from app.pipeline.rollups.requests import stands_at_the_freeze
from app.pipeline.rollups.scope import CUTS, DEPARTMENTS, PERIOD, UNKNOWN, Scope
from app.pipeline.rollups.segments import Segments

WHOLE = "all"  # rotating items have profiles at department level only
BY_REQUESTER = "requester"  # no cut, but a row for each: segments are put together of them

Row = dict[str, Any]
Column = ColumnElement[Any] | InstrumentedAttribute[Any]


def answer_rows(session: Session, scope: Scope, keys: Keys, segments: Segments) -> dict[type[Base], list[Row]]:
    """Return the rows of the three answer tables for one scope."""
    accepted = _responses_each(session, scope)
    eligible = _eligible_each(session, scope, keys)
    weights = request_weights([eligible.get(who, 0) for who in accepted], list(accepted.values()))
    steps = dict(zip(accepted, weights, strict=True))
    profiles = [row for cut in CUTS for row in _profiles(session, scope, cut, steps, segments)]
    counts = [{"cut": cut, **row} for cut in CUTS for row in _counts(session, scope, cut)]
    counts += _counts_of_segments(session, scope, segments)
    return {
        ProfileCell: profiles,
        CellCount: counts,
        NotApplicableCount: _not_applicable(session, scope),
    }


def cut_value(cut: str) -> ColumnElement[str]:
    """Return the expression of a held response's value in a cut; what is not known is a value of its own."""
    if cut == "requester_department":
        return func.coalesce(Department.code, UNKNOWN)
    if cut == "request_type":
        return func.coalesce(HeldResponse.request_type, UNKNOWN)
    if cut == "on_time":
        return case((HeldResponse.on_time.is_(None), UNKNOWN), (HeldResponse.on_time.is_(True), "yes"), else_="no")
    if cut == "month":
        return cast(HeldResponse.month, String)
    if cut == "reopened":
        return case((HeldResponse.was_reopened.is_(True), "yes"), else_="no")
    return literal("")


def _accepted(*columns: Column) -> Select[Any]:
    return (
        select(*columns)
        .select_from(HeldResponse)
        .outerjoin(Department, Department.id == HeldResponse.requester_department_id)
        .where(
            HeldResponse.department_id.in_(DEPARTMENTS),
            HeldResponse.period == PERIOD,
            HeldResponse.state == ResponseState.ACCEPTED,
        )
    )


def _responses_each(session: Session, scope: Scope) -> dict[bytes, int]:
    return {bytes(cluster): count for cluster, count in session.execute(_each_cluster(), scope.given)}


@cache
def _each_cluster() -> Select[Any]:
    return _accepted(HeldResponse.requester_cluster_id, func.count()).group_by(HeldResponse.requester_cluster_id)


def _eligible_each(session: Session, scope: Scope, keys: Keys) -> dict[bytes, int]:
    """Count eligible requests by the same cluster as their answers; the way back from a cluster does not exist."""
    sealed = session.scalar(select(QuarterSalt.salt).where(QuarterSalt.period == scope.period))
    if sealed is None:
        return {}
    salt = keys.unseal_salt(sealed)
    counted = session.execute(_each_requester(), scope.given)
    return {requester_cluster_id(salt, person): count for person, count in counted}


@cache
def _each_requester() -> Select[Any]:
    return (
        select(RequestCycle.requester_id, func.count())
        .where(
            RequestCycle.provider_department_id.in_(DEPARTMENTS),
            RequestCycle.period == PERIOD,
            stands_at_the_freeze(),
            RequestCycle.requester_id.is_not(None),
            RequestCycle.decision.not_in(NOT_ELIGIBLE),
        )
        .group_by(RequestCycle.requester_id)
    )


def _profiles(session: Session, scope: Scope, cut: str, steps: dict[bytes, int], segments: Segments) -> list[Row]:
    """Return the profiles of a cut; those of the whole are counted by segments of their requesters, too."""
    cells: Counter[tuple[str, str, str, int, str]] = Counter()
    rows = session.execute(_values_each(cut), scope.given)
    for (cell, item, who), answers in groupby(rows, key=lambda row: (row[0], row[1], bytes(row[2]))):
        if item in ALWAYS_ASKED or cut == WHOLE:
            step, profile = steps[who], _written(item, tuple((row[3], row[4]) for row in answers))
            cells[cut, cell, item, step, profile] += 1
            if item in ALWAYS_ASKED and cut == WHOLE:
                for segment in SEGMENTS:
                    cells[segment, segments.value(segment, who), item, step, profile] += 1
    return [
        {"cut": name, "value": cell, "item": item, "weight_step": step, "profile": profile, "requesters": requesters}
        for (name, cell, item, step, profile), requesters in cells.items()
    ]


@cache
def _values_each(cut: str) -> Select[Any]:
    """Select how often each requester gave each value, by value of a cut and item."""
    value, cluster = cut_value(cut), HeldResponse.requester_cluster_id
    return (
        _accepted(value.label("cut_value"), HeldAnswer.item, cluster, HeldAnswer.value, func.count())
        .join(HeldAnswer, HeldAnswer.response_id == HeldResponse.id)
        .where(HeldAnswer.value.is_not(None))
        .group_by(value, HeldAnswer.item, cluster, HeldAnswer.value)
        .order_by(value, HeldAnswer.item, cluster)
        .execution_options(yield_per=5000)
    )


@lru_cache(maxsize=4096)  # most requesters answer once or twice
def _written(item: str, answers: tuple[tuple[int, int], ...]) -> str:
    scale = scale_of(Item(item))
    return write_profile(dict(answers), scale.lowest, scale.highest)


def _counts(session: Session, scope: Scope, cut: str) -> Iterator[Row]:
    names = (
        "value", "requesters", "confidential_requesters", "responses", "imported_responses", "low_ratings", "consents",
        "thanks",
    )  # fmt: skip
    return (dict(zip(names, row, strict=True)) for row in session.execute(_counts_each(cut), scope.given))


@cache
def _counts_each(cut: str) -> Select[Any]:
    cluster = HeldResponse.requester_cluster_id
    consented = consenting_clusters(PERIOD)
    value = cluster if cut == BY_REQUESTER else cut_value(cut)
    counted = _accepted(
        value,
        func.count(cluster.distinct()),
        func.count(case((cluster.not_in(consented), cluster)).distinct()),
        func.count(),
        func.sum(case((HeldResponse.source != "survey", 1), else_=0)),
        func.count(HeldAnswer.response_id),
        func.sum(case((HeldResponse.has_consented.is_(True), 1), else_=0)),
        func.sum(case((HeldResponse.has_thanked.is_(True), 1), else_=0)),
    )
    is_low = (HeldAnswer.item == Item.CSAT_OVERALL.value) & (HeldAnswer.value <= LOW_RATING)
    return counted.outerjoin(HeldAnswer, (HeldAnswer.response_id == HeldResponse.id) & is_low).group_by(value)


def _counts_of_segments(session: Session, scope: Scope, segments: Segments) -> list[Row]:
    cells: dict[tuple[str, str], Counter[str]] = {}
    for row in _counts(session, scope, BY_REQUESTER):
        who = bytes(row.pop("value"))
        for cut in SEGMENTS:
            cells.setdefault((cut, segments.value(cut, who)), Counter()).update(row)
    return [{"cut": cut, "value": value, **counts} for (cut, value), counts in cells.items()]


def _not_applicable(session: Session, scope: Scope) -> list[Row]:
    return [{"item": item, "answers": count} for item, count in session.execute(_not_judged(), scope.given)]


@cache
def _not_judged() -> Select[Any]:
    return (
        _accepted(HeldAnswer.item, func.count())
        .join(HeldAnswer, HeldAnswer.response_id == HeldResponse.id)
        .where(HeldAnswer.value.is_(None))
        .group_by(HeldAnswer.item)
    )
