"""Rollups of requests: work with its durations, and the funnel from completed to answered."""

from collections import Counter
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, func, literal, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.decisions import NOT_ELIGIBLE, DecisionReason
from app.domain.durations import duration_bin, target_bin
from app.domain.scorecards.cuts import SEGMENTS
from app.domain.states import InvitationState
from app.models.base import Base
from app.models.departments import Department
from app.models.invitations import Invitation
from app.models.rollups import WorkCount, WorkDuration
from app.models.service_requests import RequestCycle, ServiceRequest
from app.pipeline.rollups.scope import (
    CUTS,
    DEPARTMENTS,
    ENDS_AT,
    FREEZES_AT,
    PERIOD,
    STARTS_AT,
    UNKNOWN,
    Scope,
)
from app.pipeline.rollups.segments import Segments

Row = dict[str, Any]
Column = ColumnElement[Any] | InstrumentedAttribute[Any]
DELIVERED = (
    InvitationState.SENT,
    InvitationState.HELD_BACK,
    InvitationState.ANSWERED,
    InvitationState.EXPIRED,
    InvitationState.CLOSED,
)
UNANSWERED = tuple(state for state in DELIVERED if state is not InvitationState.ANSWERED)


def _completed(*columns: Column) -> Select[Any]:
    """Select over requests that were completed in the period and, at its freeze, were not open again.

    A completion that is undone earlier is none of its quarter; after the freeze nothing moves.
    """
    return (
        select(*columns)
        .select_from(RequestCycle)
        .join(ServiceRequest, ServiceRequest.id == RequestCycle.request_id)
        .where(
            RequestCycle.provider_department_id.in_(DEPARTMENTS),
            RequestCycle.period == PERIOD,
            stands_at_the_freeze(),
        )
    )


def stands_at_the_freeze() -> ColumnElement[bool]:
    """Tell whether a completion counts for its quarter."""
    return or_(RequestCycle.undone_at.is_(None), RequestCycle.undone_at >= FREEZES_AT)


@cache
def _work() -> Select[Any]:
    columns = (
        func.coalesce(RequestCycle.request_type, ""),
        func.coalesce(RequestCycle.requester_department_id, 0),
        RequestCycle.month,
        RequestCycle.on_time,
        ServiceRequest.reopened_count,
        ServiceRequest.reassignment_count,
        ServiceRequest.created_at,
        ServiceRequest.due_at,
        ServiceRequest.first_response_at,
        RequestCycle.completed_at,
    )
    return _completed(*columns).execution_options(yield_per=5000)


def work_rows(session: Session, scope: Scope) -> dict[type[Base], list[Row]]:
    """Return completions, arrivals and durations by type, requester department and month."""
    counts: Counter[tuple[str, int, str, str]] = Counter()
    bins: Counter[tuple[str, int, str, int]] = Counter()
    rows = session.execute(_work(), scope.given)
    for kind, asked_by, month, on_time, reopened, reassigned, created, due, responded, completed in rows:
        for name, amount in (
            ("completions", 1),
            ("on_time_known", on_time is not None),
            ("on_time", on_time is True),
            ("reopened", reopened > 0),
            ("reassignments", reassigned),
        ):
            counts[kind, asked_by, month, name] += amount
        bins[kind, asked_by, "completion", duration_bin(completed - created)] += 1
        if due is not None and due > created:
            bins[kind, asked_by, "of_target", target_bin(completed - created, due - created)] += 1
        if responded is not None:
            bins[kind, asked_by, "first_response", duration_bin(responded - created)] += 1
    for kind, asked_by, month, arrivals in _arrivals(session, scope):
        counts[kind, asked_by, month, "arrivals"] += arrivals
    return {WorkCount: _work_counts(counts), WorkDuration: _durations(bins)}


def _work_counts(counts: Counter[tuple[str, int, str, str]]) -> list[Row]:
    names = ("arrivals", "completions", "on_time_known", "on_time", "reopened", "reassignments")
    cells = sorted({cell[:3] for cell in counts})
    return [
        {"request_type": kind, "requester_department_id": asked_by, "month": month}
        | {name: counts[kind, asked_by, month, name] for name in names}
        for kind, asked_by, month in cells
    ]


def _durations(bins: Counter[tuple[str, int, str, int]]) -> list[Row]:
    names = ("request_type", "requester_department_id", "measure", "bin")
    return [dict(zip(names, key, strict=True)) | {"requests": requests} for key, requests in bins.items()]


def _arrivals(session: Session, scope: Scope) -> list[tuple[str, int, str, int]]:
    """Count requests created in the period, without a month."""
    return [(name, asker, "", count) for name, asker, count in session.execute(_created(), scope.given)]


@cache
def _created() -> Select[Any]:
    kind = func.coalesce(ServiceRequest.request_type, "")
    asked_by = func.coalesce(ServiceRequest.requester_department_id, 0)
    return (
        select(kind, asked_by, func.count())
        .where(
            ServiceRequest.provider_department_id.in_(DEPARTMENTS),
            ServiceRequest.created_at >= STARTS_AT,
            ServiceRequest.created_at < ENDS_AT,
        )
        .group_by(kind, asked_by)
    )


def _cut_value(cut: str) -> ColumnElement[str]:
    if cut == "requester_department":
        return func.coalesce(Department.code, UNKNOWN)
    if cut == "request_type":
        return func.coalesce(RequestCycle.request_type, UNKNOWN)
    if cut == "on_time":
        return case((RequestCycle.on_time.is_(None), UNKNOWN), (RequestCycle.on_time.is_(True), "yes"), else_="no")
    if cut == "month":
        return cast(RequestCycle.month, String)
    if cut == "reopened":
        return case((RequestCycle.was_reopened.is_(True), "yes"), else_="no")
    return literal("")


def funnel_rows(session: Session, scope: Scope, segments: Segments) -> list[Row]:
    """Return requests and distinct requesters by decision reason or state, for every cut; segments by state alone.

    A request asked about in an earlier cycle of the quarter counts as asked about, whatever its latest cycle says.
    """
    rows = [row for cut in CUTS for row in _funnel_cut(session, scope, cut)]
    return rows + _funnel_of_segments(session, scope, segments)


def _funnel_of_segments(session: Session, scope: Scope, segments: Segments) -> list[Row]:
    requests: Counter[tuple[str, str, str]] = Counter()
    people: Counter[tuple[str, str, str]] = Counter()
    for person, *numbers in session.execute(_each_person(), scope.given):
        for cut in SEGMENTS:
            value = UNKNOWN if person is None else segments.value(cut, person)
            cells = [((cut, value, step), n) for step, n in zip(_steps(), numbers, strict=True) if n]
            requests.update(dict(cells))
            people.update(cell for cell, _ in cells if person is not None)
    return [_funnel_row(*cell, count, people[cell]) for cell, count in requests.items()]


@cache
def _each_person() -> Select[Any]:
    person = RequestCycle.requester_id
    return _asked(person, *(func.sum(case((step, 1), else_=0)) for step in _steps().values())).group_by(person)


def _funnel_cut(session: Session, scope: Scope, cut: str) -> list[Row]:
    by_reason, by_step = _funnel(cut)
    rows = [
        _funnel_row(cut, cell, str(name), requests, asked)
        for cell, name, requests, asked in session.execute(by_reason, scope.given)
    ]
    for cell, *numbers in session.execute(by_step, scope.given):
        pairs = zip(_steps(), numbers[::2], numbers[1::2], strict=True)
        rows += [_funnel_row(cut, cell, name, requests, asked) for name, requests, asked in pairs if requests]
    return rows


@cache
def _steps() -> dict[str, ColumnElement[bool]]:
    return {
        "completed": true(),
        "eligible": Invitation.id.is_not(None) | RequestCycle.decision.not_in(NOT_ELIGIBLE),
        "delivered": Invitation.state.in_(DELIVERED),
        "bounced": Invitation.state == InvitationState.BOUNCED,
        "answered": Invitation.state == InvitationState.ANSWERED,
        "unanswered": Invitation.state.in_(UNANSWERED),
        "held_back": Invitation.state == InvitationState.HELD_BACK,
    }


@cache
def _funnel(cut: str) -> tuple[Select[Any], Select[Any]]:
    """Return the counts of a cut's values by reason, and those by step."""
    value = _cut_value(cut)
    reason = case((Invitation.id.is_not(None), DecisionReason.INVITED.value), else_=RequestCycle.decision)
    people = func.count(RequestCycle.requester_id.distinct())
    counted = [
        column
        for condition in _steps().values()
        for column in (
            func.sum(case((condition, 1), else_=0)),
            func.count(case((condition, RequestCycle.requester_id)).distinct()),
        )
    ]
    by_reason = _asked(value, reason, func.count(), people).group_by(value, reason)
    return by_reason, _asked(value, *counted).group_by(value)


def _asked(*columns: Column) -> Select[Any]:
    """Select over completed requests, each beside its requester's department and its invitation of the quarter."""
    return (
        _completed(*columns)
        .outerjoin(Department, Department.id == RequestCycle.requester_department_id)
        .outerjoin(
            Invitation,
            (Invitation.request_id == RequestCycle.request_id)
            & (Invitation.period == RequestCycle.period)
            & (Invitation.state != InvitationState.WITHDRAWN),
        )
    )


def _funnel_row(cut: str, cell: str, reason: str, requests: int, requesters: int) -> Row:
    return {"cut": cut, "value": cell, "reason": reason, "requests": requests, "requesters": requesters}
