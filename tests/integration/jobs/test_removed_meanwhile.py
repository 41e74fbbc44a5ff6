"""A tracker that is removed while it is asked tells nothing more, and stops nobody else."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.connectors import CONNECTORS
from app.connectors.connector import Page
from app.domain.service_requests import EventKind, TrackerEvent
from app.domain.states import ConnectionSide
from app.foundations import clock
from app.foundations.crypto import Keys
from app.jobs.deliveries import process_deliveries
from app.jobs.hooks import look_after_hooks, register_hook
from app.jobs.installation import Installation
from app.jobs.polling import backfill, poll_connections
from app.models.connections import Connection
from app.models.deliveries import Delivery
from app.models.service_requests import ServiceRequest
from app.pipeline.intake import polls
from app.pipeline.intake.polls import ConnectionGone
from app.upkeep.connections.adding import add_connection, find_locked
from app.upkeep.connections.removal import Brought, remove_connection
from tests.builders.connections import delivery, jira
from tests.builders.thin_tool import THIN, know
from tests.servers.databases import Database
from tests.servers.vendor import Asked, Reply, Vendor

DAY = datetime(2026, 11, 16, 9, tzinfo=UTC)


@pytest.fixture
def installation(sqlite: Database, vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """Two thin tools, `desk`, which is asked first, and `other`."""
    know(monkeypatch, THIN)
    settings = replace(sqlite.settings, private_hosts=("127.0.0.1",))
    installation = Installation(settings, Keys.of(settings), sqlite.sessions)
    for slug in ("desk", "other"):
        _add(installation, vendor, slug)
    vendor.answer("GET", "/.*/users/u1", Reply({"email": "ines@example.com"}))
    vendor.answer("GET", "/other/tasks", Reply({"tasks": [_task(9)], "next": None}))
    return installation


def _add(installation: Installation, vendor: Vendor, slug: str) -> None:
    with installation.sessions.begin() as session:
        add_connection(
            session,
            installation.keys,
            slug=slug,
            side=ConnectionSide.TRACKER,
            kind="thin",
            settings={"url": f"{vendor.url}/{slug}", "api_key": "s3cret"},
            base_url="http://parity.test",
            now=clock.now(),
        )


def _task(number: int) -> dict[str, object]:
    return {"id": number, "done": True, "changed_at": DAY.isoformat(), "by": "u1", "title": f"Task {number}"}


def _remove(database: Database | Installation) -> Brought | None:
    with database.sessions.begin() as session:
        found = find_locked(session, "desk", lock=True)
        return None if found is None else remove_connection(session, found, now=clock.now())


def _goes_after_its_first_page(installation: Installation, vendor: Vendor, *first: int) -> None:
    def told(asked: Asked) -> Reply:
        if asked.one("at") == "0":
            return Reply({"tasks": [_task(number) for number in first], "next": 1})
        _remove(installation)
        return Reply({"tasks": [_task(2)], "next": None})

    vendor.answer("GET", "/desk/tasks", told)


def _known(database: Database) -> list[str]:
    with database.sessions() as session:
        return sorted(session.scalars(select(ServiceRequest.external_id)))


@pytest.mark.parametrize(("first", "known", "left"), [((1,), ["1", "9"], ["desk", "other"]), ((), ["9"], ["other"])])
def test_a_poll_ends_without_a_word_and_the_next_tool_is_asked(
    sqlite: Database,
    installation: Installation,
    vendor: Vendor,
    first: tuple[int, ...],
    known: list[str],
    left: list[str],
) -> None:
    _goes_after_its_first_page(installation, vendor, *first)

    polled = poll_connections(installation, now=clock.now())

    with sqlite.sessions() as session:
        stored = {one.slug: one for one in session.scalars(select(Connection))}
    assert (polled, _known(sqlite), sorted(stored)) == (2, known, left)
    kept = [
        (one.cursor, one.next_poll_at, one.polled_at, one.poll_problem) for one in stored.values() if one.removed_at
    ]
    assert kept == [(None, None, None, None)] * len(first)


def test_a_tool_that_fails_after_its_tracker_was_deleted_stops_no_other(
    sqlite: Database, installation: Installation, vendor: Vendor
) -> None:
    def told(_asked: Asked) -> Reply:
        _remove(installation)
        return Reply(status=403)

    vendor.answer("GET", "/desk/tasks", told)

    assert (poll_connections(installation, now=clock.now()), _known(sqlite)) == (2, ["9"])


def test_a_new_tracker_of_the_same_name_gets_nothing_that_was_told_of_the_old_one(
    sqlite: Database, installation: Installation, vendor: Vendor
) -> None:
    _remove(installation)
    _add(installation, vendor, "desk")  # the newest row: SQLite gives its id away again

    def told(asked: Asked) -> Reply:
        if asked.one("at") == "0":
            return Reply({"tasks": [], "next": 1})
        _remove(installation)
        _add(installation, vendor, "desk")
        return Reply({"tasks": [_task(2)], "next": None})

    vendor.answer("GET", "/desk/tasks", told)

    with pytest.raises(ConnectionGone):
        list(backfill(installation, "desk", since=DAY, now=clock.now()))
    assert _known(sqlite) == []


def test_a_backfill_ends_and_says_why(sqlite: Database, installation: Installation, vendor: Vendor) -> None:
    _goes_after_its_first_page(installation, vendor, 1)

    with pytest.raises(ConnectionGone, match="'desk' was removed meanwhile; what it told before stays"):
        list(backfill(installation, "desk", since=DAY, now=clock.now()))
    with pytest.raises(ConnectionGone, match="there is no tracker or source 'desk'"):
        list(backfill(installation, "desk", since=DAY, now=clock.now()))
    assert _known(sqlite) == ["1"]


def test_the_hooks_of_the_others_are_looked_after(installation: Installation, vendor: Vendor) -> None:
    def told(_asked: Asked) -> Reply:
        _remove(installation)
        return Reply({"active": True})

    vendor.answer("POST", "/.*/hooks", Reply({"id": "h1"}))
    vendor.answer("GET", "/desk/hooks/h1", told)
    vendor.answer("GET", "/other/hooks/h1", Reply({"active": True}))
    for slug in ("desk", "other"):
        register_hook(installation, slug, now=clock.now())

    assert look_after_hooks(installation, now=clock.now()) == 1


def test_a_delivery_that_was_stored_in_the_same_instant_is_thrown_away(
    sqlite: Database, installation: Installation, vendor: Vendor
) -> None:
    vendor.answer("GET", "/desk/tasks", Reply({"tasks": [_task(1)], "next": None}))
    vendor.answer("GET", "/desk/tasks/2", Reply(_task(2)))
    poll_connections(installation, now=clock.now())
    _remove(installation)
    with sqlite.sessions() as session:
        delivery(session, "desk", clock.now(), body=b'{"ids": [2]}')

    done = process_deliveries(installation, now=clock.now())

    with sqlite.sessions() as session:
        assert (done, session.scalars(select(Delivery)).all()) == (0, [])
    assert _known(sqlite) == ["1", "9"]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # SQLite has one writer at a time
def test_whoever_removes_a_tracker_waits_for_the_page_and_counts_what_it_brought(database: Database) -> None:
    keys, now = Keys.of(database.settings), clock.now()
    jira(database.session, keys, now, "desk")
    done = TrackerEvent(external_id="IT-1", kind=EventKind.COMPLETED, occurred_at=now - timedelta(hours=1))
    calendar = Installation(database.settings, keys, database.sessions).calendar
    with database.sessions.begin() as session:
        turn = polls.take_turn(session, CONNECTORS, keys, now=now)
    assert turn is not None

    with ThreadPoolExecutor(1) as elsewhere:
        with database.sessions.begin() as session:
            polls.record_page(session, turn, Page(cursor={}, events=(done,)), calendar=calendar, now=now)
            removing = elsewhere.submit(_remove, database)
            with pytest.raises(TimeoutError):
                removing.result(timeout=0.3)
        brought = removing.result(timeout=20)

    assert brought == Brought(requests=1, scores=0)
    with database.sessions.begin() as session, pytest.raises(ConnectionGone):
        polls.record_page(session, turn, Page(cursor={}, events=(done,)), calendar=calendar, now=now)
