"""Rollups of answers: profiles of requesters, counts per cell, "cannot judge", and sums over item pairs."""

from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

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
from app.models.rollups import CellCount, ItemPair, NotApplicableCount, ProfileCell
from app.models.service_requests import RequestCycle
from app.pipeline.rollups.requests import stands_at_the_freeze
from app.pipeline.rollups.scope import CUTS, UNKNOWN, Scope
from app.pipeline.rollups.segments import Segments

ROTATING_CUT = "all"  # rotating items have profiles at department level only

Row = dict[str, Any]
Column = ColumnElement[Any] | InstrumentedAttribute[Any]


def answer_rows(session: Session, scope: Scope, keys: Keys, segments: Segments) -> dict[type[Base], list[Row]]:
    """Return the rows of the four answer tables for one scope."""
    accepted = _responses_each(session, scope)
    eligible = _eligible_each(session, scope, keys)
    weights = request_weights([eligible.get(who, 0) for who in accepted], list(accepted.values()))
    steps = dict(zip(accepted, weights, strict=True))
    profiles = [row for cut in CUTS for row in _profiles(session, scope, cut, steps)]
    profiles += [row for cut in SEGMENTS for row in _profiles(session, scope, cut, steps, segments)]
    counts = [{"cut": cut, **row} for cut in CUTS for row in _counts(session, scope, cut_value(cut))]
    counts += _counts_of_segments(session, scope, segments)
    return {
        ProfileCell: profiles,
        CellCount: counts,
        NotApplicableCount: _not_applicable(session, scope),
        ItemPair: _pairs(session, scope),
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


def _accepted(scope: Scope, *columns: Column) -> Select[Any]:
    return (
        select(*columns)
        .select_from(HeldResponse)
        .outerjoin(Department, Department.id == HeldResponse.requester_department_id)
        .where(
            HeldResponse.department_id.in_(scope.departments),
            HeldResponse.period == scope.period,
            HeldResponse.state == ResponseState.ACCEPTED,
        )
    )


def _responses_each(session: Session, scope: Scope) -> dict[bytes, int]:
    query = _accepted(scope, HeldResponse.requester_cluster_id, func.count()).group_by(
        HeldResponse.requester_cluster_id
    )
    return {bytes(cluster): count for cluster, count in session.execute(query)}


def _eligible_each(session: Session, scope: Scope, keys: Keys) -> dict[bytes, int]:
    """Count eligible requests by the same cluster as their answers; the way back from a cluster does not exist."""
    sealed = session.scalar(select(QuarterSalt.salt).where(QuarterSalt.period == scope.period))
    if sealed is None:
        return {}
    salt = keys.unseal_salt(sealed)
    query = (
        select(RequestCycle.requester_id, func.count())
        .where(
            RequestCycle.provider_department_id.in_(scope.departments),
            RequestCycle.period == scope.period,
            stands_at_the_freeze(scope),
            RequestCycle.requester_id.is_not(None),
            RequestCycle.decision.not_in(NOT_ELIGIBLE),
        )
        .group_by(RequestCycle.requester_id)
    )
    return {requester_cluster_id(salt, person): count for person, count in session.execute(query)}


def _profiles(
    session: Session, scope: Scope, cut: str, steps: dict[bytes, int], segments: Segments | None = None
) -> list[Row]:
    value, cluster = cut_value(cut), HeldResponse.requester_cluster_id
    query = (
        _accepted(scope, value.label("cut_value"), HeldAnswer.item, cluster, HeldAnswer.value, func.count())
        .join(HeldAnswer, HeldAnswer.response_id == HeldResponse.id)
        .where(HeldAnswer.value.is_not(None))
        .group_by(value, HeldAnswer.item, cluster, HeldAnswer.value)
        .order_by(value, HeldAnswer.item, cluster)
        .execution_options(yield_per=5000)
    )
    cells: Counter[tuple[str, str, int, str]] = Counter()
    for (cell, item, who), answers in groupby(session.execute(query), key=lambda row: (row[0], row[1], bytes(row[2]))):
        if item in ALWAYS_ASKED or cut == ROTATING_CUT:
            value_of = cell if segments is None else segments.value(cut, who)
            scale = scale_of(Item(item))
            profile = write_profile({row[3]: row[4] for row in answers}, scale.lowest, scale.highest)
            cells[value_of, item, steps[who], profile] += 1
    return [
        {"cut": cut, "value": cell, "item": item, "weight_step": step, "profile": profile, "requesters": requesters}
        for (cell, item, step, profile), requesters in cells.items()
    ]


def _counts(session: Session, scope: Scope, value: Column) -> list[Row]:
    cluster = HeldResponse.requester_cluster_id
    consented = consenting_clusters(scope.period)
    low = (
        select(HeldAnswer.response_id)
        .where(HeldAnswer.item == Item.CSAT_OVERALL.value, HeldAnswer.value <= LOW_RATING)
        .scalar_subquery()
    )
    query = _accepted(
        scope,
        value,
        func.count(cluster.distinct()),
        func.count(case((cluster.not_in(consented), cluster)).distinct()),
        func.count(),
        func.sum(case((HeldResponse.source != "survey", 1), else_=0)),
        func.sum(case((HeldResponse.id.in_(low), 1), else_=0)),
        func.sum(case((HeldResponse.has_consented.is_(True), 1), else_=0)),
        func.sum(case((HeldResponse.has_thanked.is_(True), 1), else_=0)),
    ).group_by(value)
    names = (
        "value", "requesters", "confidential_requesters", "responses", "imported_responses", "low_ratings", "consents",
        "thanks",
    )  # fmt: skip
    return [dict(zip(names, row, strict=True)) for row in session.execute(query)]


def _counts_of_segments(session: Session, scope: Scope, segments: Segments) -> list[Row]:
    cells: dict[tuple[str, str], Counter[str]] = {}
    for row in _counts(session, scope, HeldResponse.requester_cluster_id):  # a row for each requester
        who = bytes(row.pop("value"))
        for cut in SEGMENTS:
            cells.setdefault((cut, segments.value(cut, who)), Counter()).update(row)
    return [{"cut": cut, "value": value, **counts} for (cut, value), counts in cells.items()]


def _not_applicable(session: Session, scope: Scope) -> list[Row]:
    query = (
        _accepted(scope, HeldAnswer.item, func.count())
        .join(HeldAnswer, HeldAnswer.response_id == HeldResponse.id)
        .where(HeldAnswer.value.is_(None))
        .group_by(HeldAnswer.item)
    )
    return [{"item": item, "answers": count} for item, count in session.execute(query)]


def _pairs(session: Session, scope: Scope) -> list[Row]:
    x, y = aliased(HeldAnswer), aliased(HeldAnswer)
    sums: Iterable[ColumnElement[Any]] = (
        func.count(),
        func.sum(x.value),
        func.sum(y.value),
        func.sum(x.value * x.value),
        func.sum(y.value * y.value),
        func.sum(x.value * y.value),
    )
    query = (
        _accepted(scope, x.item, y.item, *sums)
        .join(x, x.response_id == HeldResponse.id)
        .join(y, y.response_id == HeldResponse.id)
        .where(x.item < y.item, x.value.is_not(None), y.value.is_not(None))
        .group_by(x.item, y.item)
    )
    names = ("item_x", "item_y", "n", "sum_x", "sum_y", "sum_xx", "sum_yy", "sum_xy")
    return [dict(zip(names, row, strict=True)) for row in session.execute(query)]
