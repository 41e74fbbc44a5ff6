"""Count the open requests once, at the freeze: how many, how old, how many stuck (the censored part of waiting)."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from app.domain.asking_policy import AskingPolicy
from app.domain.durations import duration_bin, quantile, target_bin
from app.domain.periods import Calendar, Period
from app.domain.redaction import redact
from app.domain.states import RequestState
from app.domain.working_days import working_days_before
from app.models.departments import tree_at
from app.models.people import staff_names
from app.models.rollups import COMPANY_ID, STATUS, OpenAge, WorkDuration
from app.models.service_requests import RequestCycle, ServiceRequest

STUCK_SHARE = 0.85  # older than this quantile of completed requests of its type
RESTING_DAYS = 5  # working days without a change of status
Ages = Counter[tuple[str, str, int]]


def count_open_requests(session: Session, period: Period, *, calendar: Calendar, policy: AskingPolicy) -> None:
    """Store ages of the requests that were open at the freeze date, by department and type; replaces an earlier count.

    `open` are all of them, `silent` those without a first response by then, `stuck` those older than most of their
    type ever take, or without a change of status for five working days. A tracker that tells no status tells no rest.
    `of_target` are those that are due, by their age in targets, and each status has its own measure: the tracker's word
    after STATUS, nothing where it has changed since or names somebody.
    """
    at = calendar.freezes_at(period)
    tree = tree_at(session, calendar.last_moment(period))
    limits = _stuck_limits(session, str(period))
    rests_since = working_days_before(at, RESTING_DAYS, calendar.time_zone, policy)
    ages: defaultdict[int, Ages] = defaultdict(Counter)
    word_of = _words_without_names(session)
    for department_id, kind, created_at, due_at, first_response_at, status, status_at in session.execute(_open_at(at)):
        assert department_id is not None  # the query leaves out what has none
        age, name = at - created_at, kind or ""
        measures = ["open"]
        is_resting = status_at is not None and status_at < rests_since
        if is_resting or age > limits.get((department_id, name), timedelta.max):
            measures.append("stuck")
        if first_response_at is None or first_response_at > at:
            measures.append("silent")
        for measure in measures:
            ages[department_id][name, measure, duration_bin(age)] += 1
        if due_at is not None and due_at > created_at:
            ages[department_id][name, "of_target", target_bin(age, due_at - created_at)] += 1
        has_stayed = status_at is not None and status_at <= at
        ages[department_id][name, f"{STATUS}{word_of(status) if has_stayed else ''}", 0] += 1
    session.execute(delete(OpenAge).where(OpenAge.period == str(period)))
    if len(tree.roots) > 1:
        tree = tree.below(COMPANY_ID)
    rows = [
        row
        for department_id in tree.parents
        for row in _rows(department_id, str(period), [ages[id_] for id_ in tree.subtree(department_id) if id_ in ages])
    ]
    if rows:
        session.execute(insert(OpenAge), rows)


def _open_at(at: datetime) -> Select[Any]:
    """Select the requests that stood open at a moment, also where they were completed since (a historical quarter)."""
    is_done = (
        select(RequestCycle.id)
        .where(
            RequestCycle.request_id == ServiceRequest.id,
            RequestCycle.completed_at <= at,
            or_(RequestCycle.undone_at.is_(None), RequestCycle.undone_at > at),
        )
        .exists()
    )
    columns = (
        ServiceRequest.provider_department_id,
        ServiceRequest.request_type,
        ServiceRequest.created_at,
        ServiceRequest.due_at,
        ServiceRequest.first_response_at,
        ServiceRequest.status,
        ServiceRequest.status_at,
    )
    return (
        select(*columns)
        .where(
            ServiceRequest.created_at < at,
            ServiceRequest.state != RequestState.DELETED,
            ServiceRequest.provider_department_id.is_not(None),
            ~is_done,
        )
        .execution_options(yield_per=5000)
    )


def _words_without_names(session: Session) -> Callable[[str | None], str]:
    """Return what may be kept of a status: some boards have a list for each colleague, and lists are statuses."""
    names = staff_names(session)

    @cache
    def word_of(status: str | None) -> str:
        return status if status and redact(status, names) == status else ""

    return word_of


def _rows(department_id: int, period: str, parts: list[Ages]) -> list[dict[str, object]]:
    total: Ages = Counter()
    for part in parts:
        total.update(part)
    place = {"department_id": department_id, "period": period, "is_own": False}
    return [
        place | {"request_type": kind, "measure": measure, "bin": index, "requests": requests}
        for (kind, measure, index), requests in total.items()
    ]


def _stuck_limits(session: Session, period: str) -> dict[tuple[int, str], timedelta]:
    """Return, by department and type, the age beyond which an open request counts as stuck."""
    histograms: defaultdict[tuple[int, str], dict[int, int]] = defaultdict(dict)
    table = WorkDuration
    key = (table.department_id, table.request_type, table.bin)
    query = select(*key, func.sum(table.requests)).where(table.period == period, table.is_own.is_(False))
    for id_, kind, index, requests in session.execute(query.where(table.measure == "completion").group_by(*key)):
        histograms[id_, kind][index] = int(requests)
    found = {key: quantile(histogram, STUCK_SHARE) for key, histogram in histograms.items()}
    return {key: limit for key, limit in found.items() if limit is not None}
