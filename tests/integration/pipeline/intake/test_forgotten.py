"""What retention forgot of a request stays forgotten when an old report of it comes again; news may tell it anew."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.periods import Calendar
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.imports.requests import RequestRow
from app.models.service_requests import FORGOTTEN, RequestCycle, ServiceRequest
from app.pipeline.intake import records
from app.pipeline.intake.events import record
from app.upkeep.privacy import retain
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.service_requests import connection
from tests.servers.databases import Database

CALENDAR = Calendar(ZoneInfo("Europe/Berlin"))
COMPLETED = datetime(2024, 7, 1, 9, tzinfo=UTC)
NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
GIVEN = frozenset(
    {"external_id", "requester_email", "provider_department", "created_at", "completed_at", "updated_at", "title"}
)


def tell_as_event(session: Session, at: datetime) -> bool:
    """Tell of the request as a tracker does; whether that changed anything is seen in the request."""
    event = TrackerEvent(
        external_id="A-1",
        kind=EventKind.COMPLETED,
        occurred_at=at,
        given=frozenset({"department", "title", "created_at"}),
        title="A new badge",
        requester=Requester(email="alice@example.com"),
        department={"provider_department": "IT"},
        created_at=COMPLETED - timedelta(days=1),
        completed_at=COMPLETED,
    )
    before = what_is_known(session)
    record(session, event, tracker=connection(session), calendar=CALENDAR, received_at=NOW)
    return what_is_known(session) != before


def tell_as_row(session: Session, at: datetime) -> bool:
    """Tell of the request as a file does."""
    row = RequestRow(
        line=2,
        given=GIVEN,
        external_id="A-1",
        requester_email="alice@example.com",
        provider_department="IT",
        created_at=COMPLETED - timedelta(days=1),
        completed_at=COMPLETED,
        updated_at=at,
        title="A new badge",
    )
    told = records.record_rows(session, [row], tracker=connection(session), calendar=CALENDAR, now=NOW)
    return told.new + told.changed > 0


def what_is_known(session: Session) -> list[tuple[Any, ...]]:
    columns = [getattr(ServiceRequest, name) for name in (*FORGOTTEN, "updated_at", "provider_department_id", "state")]
    return [tuple(row) for row in session.execute(select(*columns))]


@pytest.mark.parametrize("tell", [tell_as_event, tell_as_row])
def test_an_old_report_told_again_brings_nobody_back(database: Database, tell: Any) -> None:
    session = database.session
    person(session, "alice@example.com", works_in=department(session, "SALES"))
    department(session, "IT")
    tell(session, COMPLETED)
    first, again = retain(session, now=NOW), retain(session, now=NOW)

    changed = tell(session, COMPLETED)

    assert (first["requests"], again["requests"], changed) == (1, 0, False)
    assert session.execute(select(ServiceRequest.requester_id, ServiceRequest.title)).one() == (None, None)
    assert session.scalars(select(RequestCycle.requester_id)).all() == [None]


@pytest.mark.parametrize("tell", [tell_as_event, tell_as_row])
def test_news_of_a_forgotten_request_is_taken_over(database: Database, tell: Any) -> None:
    session = database.session
    alice = person(session, "alice@example.com", works_in=department(session, "SALES"))
    department(session, "IT")
    tell(session, COMPLETED)
    retain(session, now=NOW)

    changed = tell(session, NOW - timedelta(hours=1))

    assert changed
    assert session.execute(
        select(ServiceRequest.requester_id, ServiceRequest.title, ServiceRequest.forgotten_at)
    ).one() == (alice.id, "A new badge", None)
