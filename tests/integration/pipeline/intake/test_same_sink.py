"""A report that comes in as an event and as a row of an import leads to the same request and the same cycles."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.periods import Calendar
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.imports.requests import RequestRow
from app.models.connections import Connection
from app.models.service_requests import RequestCycle, ServiceRequest
from app.pipeline.intake import records
from app.pipeline.intake.events import record
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.service_requests import connection
from tests.servers.databases import Database

CALENDAR = Calendar(ZoneInfo("Europe/Berlin"))
START = datetime(2026, 7, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
GIVEN = frozenset({"external_id", "requester_email", "provider_department", "created_at", "completed_at", "updated_at"})


def report(seed: int) -> list[tuple[datetime, bool, str]]:
    """Return a request's life in some order of arrival: when, done or not, and the tracker's own word."""
    random = np.random.default_rng(seed)
    moments = sorted(int(hour) for hour in random.choice(2000, size=6, replace=False))
    told = [(START + timedelta(hours=hour), bool(random.integers(2)), f"word {hour % 3}") for hour in moments]
    return [told[position] for position in random.permutation(6)]


def as_event(at: datetime, done: bool, word: str) -> TrackerEvent:
    return TrackerEvent(
        external_id="A-1",
        kind=EventKind.COMPLETED if done else EventKind.REOPENED,
        occurred_at=at,
        given=frozenset({"department", "status", "created_at"}),
        status=word,
        requester=Requester(email="alice@example.com"),
        department={"provider_department": "IT"},
        created_at=START,
        completed_at=at if done else None,
    )


def as_row(at: datetime, done: bool, word: str) -> RequestRow:
    return RequestRow(
        line=2,
        given=GIVEN | {"status"},
        external_id="A-1",
        requester_email="alice@example.com",
        provider_department="IT",
        created_at=START,
        completed_at=at if done else None,
        updated_at=at,
        status=word,
    )


def came_of_it(session: Session, tracker: Connection) -> Any:
    session.expire_all()
    request = session.scalars(select(ServiceRequest).where(ServiceRequest.tracker_id == tracker.id)).one()
    cycles = session.scalars(
        select(RequestCycle).where(RequestCycle.request_id == request.id).order_by(RequestCycle.number)
    )
    return (
        (request.state, request.state_at, request.updated_at, request.status, request.status_at, request.cycle_count),
        (request.reopened_count, request.provider_department_id, request.requester_id, request.created_at),
        [
            (
                (cycle.number, cycle.completed_at, cycle.undone_at, cycle.period, cycle.month, cycle.was_reopened),
                (cycle.provider_department_id, cycle.requester_id, cycle.requester_department_id, cycle.on_time),
            )
            for cycle in cycles
        ],
    )


@pytest.mark.parametrize("seed", range(12))
def test_events_and_rows_lead_to_the_same(database: Database, seed: int) -> None:
    session = database.session
    person(session, "alice@example.com", works_in=department(session, "SALES"))
    department(session, "IT")
    hooked, imported = connection(session, "hooked"), connection(session, "imported")
    for at, done, word in report(seed):
        record(session, as_event(at, done, word), tracker=hooked, calendar=CALENDAR, received_at=NOW)
        row = as_row(at, done, word)
        records.record_rows(session, [row], tracker=imported, calendar=CALENDAR, now=NOW)
        assert came_of_it(session, imported) == came_of_it(session, hooked)
