"""Many decisions at once: how many completions ended for which reason, and which they are. Reads only."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from app.domain.decisions import DecisionReason
from app.domain.periods import Calendar
from app.models.connections import Connection
from app.models.departments import Department
from app.models.people import Person
from app.models.service_requests import RequestCycle, ServiceRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which completions are looked at; None does not narrow. Days are the company's, of completion."""

    first_day: date | None = None
    last_day: date | None = None
    reason: DecisionReason | None = None
    department: str | None = None
    tracker: str | None = None
    requester: str | None = None  # an address


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedDecision:
    """One completion with its decision. `requester` is an address, or the key under which a tracker knows somebody."""

    tracker: str
    external_id: str
    completed_at: datetime
    department: str | None
    requester: str | None
    reason: DecisionReason
    decided_at: datetime | None


def count_decisions(session: Session, wanted: Wanted, calendar: Calendar) -> Counter[DecisionReason]:
    """Count completions by the reason that was decided, `waiting` ones too."""
    counted = _narrowed(select(RequestCycle.decision, func.count()), wanted, calendar)
    return Counter(dict(session.execute(counted.group_by(RequestCycle.decision)).tuples().all()))


def list_decisions(session: Session, wanted: Wanted, calendar: Calendar, *, limit: int) -> Sequence[ListedDecision]:
    """Return the newest completions, at most `limit`."""
    columns = select(
        Connection.slug,
        ServiceRequest.external_id,
        RequestCycle.completed_at,
        Department.code,
        func.coalesce(Person.email, Person.source_key).label("requester"),
        RequestCycle.decision,
        RequestCycle.decided_at,
    )
    newest_first = (
        _narrowed(columns, wanted, calendar)
        .outerjoin(Person, Person.id == RequestCycle.requester_id)
        .order_by(RequestCycle.completed_at.desc(), RequestCycle.id.desc())
        .limit(limit)
    )
    return [
        ListedDecision(
            tracker=row.slug,
            external_id=row.external_id,
            completed_at=row.completed_at,
            department=row.code,
            requester=row.requester,
            reason=row.decision,
            decided_at=row.decided_at,
        )
        for row in session.execute(newest_first)
    ]


def decisions_before(
    session: Session, wanted: Wanted, calendar: Calendar, *, before: tuple[datetime, int] | None, limit: int
) -> Sequence[Row[Any]]:
    """Return a page of the same list without the requesters, from the completion after `before` (moment, id) on."""
    columns = select(
        *(RequestCycle.id, Connection.slug.label("tracker"), ServiceRequest.external_id, RequestCycle.number),
        *(RequestCycle.completed_at, Department.code.label("department"), RequestCycle.decision),
        RequestCycle.decided_at,
    )
    query = _narrowed(columns, wanted, calendar)
    if before is not None:
        moment, number = before
        is_older = or_(
            RequestCycle.completed_at < moment, and_(RequestCycle.completed_at == moment, RequestCycle.id < number)
        )
        query = query.where(is_older)
    newest_first = query.order_by(RequestCycle.completed_at.desc(), RequestCycle.id.desc())
    return session.execute(newest_first.limit(limit)).all()


def _narrowed(columns: Select[Any], wanted: Wanted, calendar: Calendar) -> Select[Any]:
    found = (
        columns.select_from(RequestCycle)
        .join(ServiceRequest, ServiceRequest.id == RequestCycle.request_id)
        .join(Connection, Connection.id == ServiceRequest.tracker_id)
        .outerjoin(Department, Department.id == RequestCycle.provider_department_id)
    )
    if wanted.first_day is not None:
        found = found.where(RequestCycle.completed_at >= calendar.midnight(wanted.first_day))
    if wanted.last_day is not None:
        found = found.where(RequestCycle.completed_at < calendar.midnight(wanted.last_day + timedelta(days=1)))
    if wanted.requester is not None:
        person = select(Person.id).where(Person.email == wanted.requester.lower())
        found = found.where(RequestCycle.requester_id.in_(person))
    for column, value in (
        (RequestCycle.decision, wanted.reason),
        (Department.code, wanted.department),
        (Connection.slug, wanted.tracker),
    ):
        if value is not None:
            found = found.where(column == value)
    return found
