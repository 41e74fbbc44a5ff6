"""Trackers and completed requests in one line."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.periods import Calendar
from app.domain.states import ConnectionSide, RequestState
from app.models.connections import Connection
from app.models.departments import Department
from app.models.people import Person
from app.models.service_requests import RequestCycle, ServiceRequest

CALENDAR = Calendar(ZoneInfo("UTC"))
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def connection(session: Session, slug: str = "desk", side: ConnectionSide = ConnectionSide.TRACKER) -> Connection:
    """Return the connection called `slug`, made if it is not there."""
    row = session.scalar(select(Connection).where(Connection.slug == slug))
    if row is None:
        row = Connection(slug=slug, side=side, kind="csv", settings={}, created_at=LONG_AGO)
        session.add(row)
        session.flush()
    return row


def completed_request(
    session: Session, provider: Department, requester: Person, completed_at: datetime, **fields: object
) -> RequestCycle:
    """Add a request created a day earlier with one completion cycle; `fields` go to the cycle."""
    (cycle,) = completed_requests(session, provider, [requester], completed_at, **fields)
    return cycle


def completed_requests(
    session: Session, provider: Department, requesters: Iterable[Person], completed_at: datetime, **fields: object
) -> list[RequestCycle]:
    """Add one of each requester, in a statement a table."""
    tracker = connection(session)
    first = session.scalar(select(func.count()).select_from(ServiceRequest)) or 0
    rows = [
        ServiceRequest(
            tracker_id=tracker.id,
            external_id=f"R-{number}",
            title="A new badge",
            provider_department_id=provider.id,
            requester_id=requester.id,
            created_at=completed_at - timedelta(days=1),
            state=RequestState.DONE,
            state_at=completed_at,
            updated_at=completed_at,
            learned_at=completed_at,
            cycle_count=1,
        )
        for number, requester in enumerate(requesters, start=first + 1)
    ]
    session.add_all(rows)
    session.flush()
    values: dict[str, object] = {
        "completed_at": completed_at,
        "period": str(CALENDAR.period_of(completed_at)),
        "month": CALENDAR.month_of(completed_at),
        "provider_department_id": provider.id,
        "learned_at": completed_at,
    }
    told = [{"requester_id": row.requester_id} | values | fields for row in rows]
    cycles = [RequestCycle(request_id=row.id, number=1, **one) for row, one in zip(rows, told, strict=True)]
    session.add_all(cycles)
    session.flush()
    return cycles


def open_request(session: Session, provider: Department, requester: Person, created_at: datetime) -> ServiceRequest:
    """Add a request that nobody has completed."""
    cycle = completed_request(session, provider, requester, created_at + timedelta(days=1))
    request = session.get_one(ServiceRequest, cycle.request_id)
    request.state, request.created_at = RequestState.OPEN, created_at
    session.delete(cycle)
    session.flush()
    return request
