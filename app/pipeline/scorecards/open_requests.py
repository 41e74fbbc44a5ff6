"""Count the open requests once, at the freeze: how many, how old, how many stuck (the censored part of waiting)."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.domain.durations import duration_bin, quantile
from app.domain.periods import Calendar, Period
from app.domain.states import RequestState
from app.models.departments import tree_at
from app.models.rollups import OpenAge, WorkDuration
from app.models.service_requests import ServiceRequest

STUCK_SHARE = 0.85  # older than this quantile of completed requests of its type
Ages = Counter[tuple[str, str, int]]


def count_open_requests(session: Session, period: Period, *, calendar: Calendar, now: datetime) -> None:
    """Store ages of requests that were open at the period's end, by department and type; replaces an earlier count."""
    ends_at = min(calendar.ends_at(period), now)
    tree = tree_at(session, calendar.ends_at(period) - timedelta(microseconds=1))
    limits = _stuck_limits(session, str(period))
    ages: defaultdict[int, Ages] = defaultdict(Counter)
    query = select(ServiceRequest.provider_department_id, ServiceRequest.request_type, ServiceRequest.created_at).where(
        ServiceRequest.state == RequestState.OPEN, ServiceRequest.created_at < ends_at
    )
    for department_id, kind, created_at in session.execute(query.execution_options(yield_per=5000)):
        if department_id is None:
            continue
        age, name = ends_at - created_at, kind or ""
        measures = ("open", "stuck") if age > limits.get((department_id, name), timedelta.max) else ("open",)
        for measure in measures:
            ages[department_id][name, measure, duration_bin(age)] += 1
    session.execute(delete(OpenAge).where(OpenAge.period == str(period)))
    rows = [
        row
        for department_id in tree.parents
        for row in _rows(department_id, str(period), [ages[id_] for id_ in tree.subtree(department_id) if id_ in ages])
    ]
    if rows:
        session.execute(insert(OpenAge), rows)


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
    query = select(WorkDuration).where(WorkDuration.period == period, WorkDuration.is_own.is_(False))
    for row in session.scalars(query.where(WorkDuration.measure == "completion")):
        histograms[row.department_id, row.request_type][row.bin] = row.requests
    found = {key: quantile(histogram, STUCK_SHARE) for key, histogram in histograms.items()}
    return {key: limit for key, limit in found.items() if limit is not None}
