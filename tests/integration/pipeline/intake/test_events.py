from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.periods import Calendar
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.domain.states import ConnectionSide, RequestState, Resolution
from app.models.base import SINCE_EVER
from app.models.connections import Connection
from app.models.departments import Department, DepartmentVersion
from app.models.people import Person, PersonVersion
from app.models.rollups import DirtyMark
from app.models.service_requests import RequestCycle, ServiceRequest
from app.pipeline.intake.events import record
from tests.servers.databases import Database

CALENDAR = Calendar(ZoneInfo("Europe/Warsaw"))
MONDAY = datetime(2026, 7, 6, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
LATER = MONDAY + timedelta(days=30)
ALICE = Requester(email="alice@example.com", key="u-1", name="Alice")


def _department(session: Session, code: str, name: str, parent: int | None = None) -> int:
    department = Department(code=code)
    session.add(department)
    session.flush()
    session.add(DepartmentVersion(department_id=department.id, name=name, parent_id=parent))
    session.flush()
    return department.id


def _tracker(session: Session, **settings: Any) -> Connection:
    tracker = Connection(
        slug="desk", side=ConnectionSide.TRACKER, kind="signed", settings=settings, created_at=SINCE_EVER
    )
    session.add(tracker)
    session.flush()
    return tracker


def _event(kind: EventKind, at: datetime = MONDAY, **told: Any) -> TrackerEvent:
    if "provider" in told:
        told["department"] = {"department": told.pop("provider")}
    given = frozenset(told) - {"completed_at", "resolution", "requester"}
    return TrackerEvent(external_id="R-1", kind=kind, occurred_at=at, given=given, **told)


def _tell(session: Session, tracker: Connection, *events: TrackerEvent, received_at: datetime = LATER) -> None:
    for event in events:
        record(session, event, tracker=tracker, calendar=CALENDAR, received_at=received_at)


def _cycles(session: Session) -> list[tuple[int, datetime, datetime | None]]:
    cycles = session.scalars(select(RequestCycle).order_by(RequestCycle.number))
    return [(cycle.number, cycle.completed_at, cycle.undone_at) for cycle in cycles]


def _marks(session: Session) -> list[tuple[str, str]]:
    marks = select(Department.code, DirtyMark.period).join(DirtyMark, DirtyMark.department_id == Department.id)
    return sorted((code, period) for code, period in session.execute(marks.distinct()))


def test_it_freezes_departments_type_and_sla_state_at_completion(database: Database) -> None:
    session = database.session
    it, sales, law = (_department(session, code, name) for code, name in (("IT", "IT"), ("S", "Sales"), ("L", "Law")))
    alice = Person(email="alice@example.com")
    session.add(alice)
    session.flush()
    session.add_all(
        PersonVersion(person_id=alice.id, department_id=department, valid_from=since)
        for department, since in ((sales, SINCE_EVER), (law, MONDAY + HOUR))
    )
    tracker = _tracker(session)

    _tell(
        session,
        tracker,
        _event(EventKind.COMPLETED, provider="IT", requester=ALICE, request_type="Laptop", due_at=MONDAY - HOUR),
        _event(EventKind.UPDATED, MONDAY + 2 * HOUR, provider="Law", request_type="Contract", due_at=LATER),
    )

    cycle = session.scalars(select(RequestCycle)).one()
    assert (
        cycle.provider_department_id,
        cycle.requester_id,
        cycle.requester_department_id,
        cycle.request_type,
        cycle.on_time,
        cycle.period,
        cycle.month,
        cycle.resolution,
    ) == (it, alice.id, sales, "Laptop", False, "2026-Q3", "2026-07", Resolution.DELIVERED)
    assert session.scalars(select(ServiceRequest)).one().provider_department_id == law


def test_reopening_undoes_the_cycle_and_completing_again_begins_the_next(database: Database) -> None:
    session = database.session
    _department(session, "IT", "IT")

    _tell(
        session,
        _tracker(session),
        _event(EventKind.COMPLETED, MONDAY, provider="IT"),
        _event(EventKind.REOPENED, MONDAY + HOUR),
        _event(EventKind.COMPLETED, MONDAY + 2 * HOUR),
    )

    request = session.scalars(select(ServiceRequest)).one()
    assert _cycles(session) == [(1, MONDAY, MONDAY + HOUR), (2, MONDAY + 2 * HOUR, None)]
    assert (request.state, request.cycle_count, request.reopened_count) == (RequestState.DONE, 2, 1)
    assert session.scalar(select(RequestCycle.was_reopened).where(RequestCycle.number == 2)) is True


def test_a_deleted_request_is_not_completed_any_more_and_older_news_do_not_bring_it_back(database: Database) -> None:
    session = database.session

    _tell(
        session,
        _tracker(session),
        _event(EventKind.COMPLETED, MONDAY),
        _event(EventKind.DELETED, MONDAY + 2 * HOUR),
        _event(EventKind.COMPLETED, MONDAY + HOUR),
    )

    assert _cycles(session) == [(1, MONDAY, MONDAY + 2 * HOUR)]
    assert session.scalars(select(ServiceRequest.state)).one() is RequestState.DELETED


def test_a_deletion_that_arrives_first_is_remembered(database: Database) -> None:
    session = database.session

    _tell(session, _tracker(session), _event(EventKind.DELETED, MONDAY + HOUR), _event(EventKind.COMPLETED, MONDAY))

    assert _cycles(session) == []
    assert session.scalars(select(ServiceRequest.state)).one() is RequestState.DELETED


def test_it_marks_the_provider_and_everything_above_it_dirty(database: Database) -> None:
    session = database.session
    root = _department(session, "ROOT", "Company")
    _department(session, "IT", "IT", parent=root)

    _tell(session, _tracker(session), _event(EventKind.COMPLETED, provider="IT"))

    assert _marks(session) == [("IT", "2026-Q3"), ("ROOT", "2026-Q3")]


def test_it_finds_the_provider_by_our_table_by_code_and_by_name(database: Database) -> None:
    session = database.session
    it, law = _department(session, "IT", "Computers"), _department(session, "LAW", "Legal affairs")
    tracker = _tracker(session, departments={"component:Printers": "IT", "Helpdesk": "IT"})
    raw_values: list[dict[str, str]] = [
        {"component": "Printers"},
        {"project": "Helpdesk"},
        {"project": "unknown", "group": "LAW"},
        {"project": "Legal affairs"},
        {"project": "unknown"},
    ]

    found = []
    for number, raw in enumerate(raw_values):
        event = TrackerEvent(
            external_id=str(number),
            kind=EventKind.UPDATED,
            occurred_at=MONDAY,
            given=frozenset({"department"}),
            department=raw,
        )
        request = record(session, event, tracker=tracker, calendar=CALENDAR, received_at=LATER).request
        found.append((request.provider_department_id, request.raw_department))

    assert found == list(zip([it, it, law, law, None], raw_values, strict=True))


def test_a_requester_is_found_by_address_by_our_table_and_else_kept_by_key(database: Database) -> None:
    session = database.session
    tracker = _tracker(session, requesters={"u-7": "alice@example.com"})
    requesters = [ALICE, Requester(key="u-7"), Requester(key="u-8"), Requester(key="u-8"), Requester(name="Nobody")]

    people = []
    for number, requester in enumerate(requesters):
        event = TrackerEvent(external_id=str(number), kind=EventKind.COMPLETED, occurred_at=MONDAY, requester=requester)
        request = record(session, event, tracker=tracker, calendar=CALENDAR, received_at=LATER).request
        person = session.get(Person, request.requester_id) if request.requester_id else None
        people.append(person and (person.email, person.source, person.source_key))

    alice, eight = ("alice@example.com", None, None), (None, "desk", "u-8")
    assert people == [alice, alice, eight, eight, None]


def test_a_requester_told_later_is_given_to_the_waiting_cycle(database: Database) -> None:
    session = database.session

    _tell(
        session,
        _tracker(session),
        _event(EventKind.COMPLETED),
        _event(EventKind.UPDATED, MONDAY + HOUR, requester=ALICE),
    )

    assert session.scalars(select(Person.email).join(RequestCycle, RequestCycle.requester_id == Person.id)).one() == (
        "alice@example.com"
    )


def test_older_attributes_only_fill_what_is_unknown(database: Database) -> None:
    session = database.session

    _tell(
        session,
        _tracker(session),
        _event(EventKind.UPDATED, MONDAY + HOUR, title="New title", url=None),
        _event(EventKind.UPDATED, MONDAY, title="Old title", url="https://desk.example.com/1"),
    )

    request = session.scalars(select(ServiceRequest)).one()
    assert (request.title, request.url) == ("New title", "https://desk.example.com/1")


def test_a_trackers_clock_that_runs_ahead_does_not_make_later_news_look_old(database: Database) -> None:
    session = database.session

    tracker = _tracker(session)
    _tell(session, tracker, _event(EventKind.COMPLETED, LATER + 9 * HOUR), received_at=MONDAY)
    _tell(session, tracker, _event(EventKind.REOPENED, MONDAY + HOUR), received_at=MONDAY + HOUR)

    assert _cycles(session) == [(1, MONDAY, MONDAY + HOUR)]


@pytest.fixture
def tell_at_once(database: Database) -> Callable[[list[TrackerEvent]], None]:
    """Tell events from ten workers at a time, each in a transaction of its own."""
    _department(database.session, "IT", "IT")
    tracker_id = _tracker(database.session).id
    database.session.commit()

    def work(event: TrackerEvent) -> None:
        with database.sessions.begin() as session:
            tracker = session.get_one(Connection, tracker_id)
            record(session, event, tracker=tracker, calendar=CALENDAR, received_at=LATER)

    def tell(events: list[TrackerEvent]) -> None:
        with ThreadPoolExecutor(10) as workers:
            list(workers.map(work, events))

    return tell


def test_the_same_event_a_hundred_times_at_once_completes_one_cycle(
    database: Database, tell_at_once: Callable[[list[TrackerEvent]], None]
) -> None:
    tell_at_once([_event(EventKind.COMPLETED, provider="IT", requester=ALICE)] * 100)

    session = database.session
    assert _cycles(session) == [(1, MONDAY, None)]
    assert session.scalar(select(func.count()).select_from(Person)) == 1
    assert session.scalars(select(ServiceRequest.cycle_count)).all() == [1]


def test_completing_and_reopening_at_once_ends_in_the_newest_state(
    database: Database, tell_at_once: Callable[[list[TrackerEvent]], None]
) -> None:
    events = [
        _event(EventKind.COMPLETED if hour % 2 else EventKind.REOPENED, MONDAY + hour * HOUR) for hour in range(12)
    ]

    tell_at_once(events * 5)

    cycles = _cycles(database.session)
    request = database.session.scalars(select(ServiceRequest)).one()
    assert (request.state, request.state_at, request.cycle_count) == (
        RequestState.DONE,
        MONDAY + 11 * HOUR,
        len(cycles),
    )
    assert [number for number, _, undone_at in cycles if undone_at is None] == [len(cycles)]


@hypothesis_settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations([(kind, hour) for hour, kind in enumerate([*EventKind, EventKind.COMPLETED])]))
def test_any_order_of_arrival_ends_in_the_same_state(sqlite: Database, told: list[tuple[EventKind, int]]) -> None:
    session = sqlite.session

    _tell(session, _tracker(session), *(_event(kind, MONDAY + hour * HOUR) for kind, hour in told))

    request = session.scalars(select(ServiceRequest)).one()
    running = [undone_at for _, _, undone_at in _cycles(session)].count(None)
    ended = (request.state, request.state_at, running)
    session.rollback()
    assert ended == (RequestState.DONE, MONDAY + 4 * HOUR, 1)
