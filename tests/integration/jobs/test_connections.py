"""Tools that must be asked: deliveries of ids, polls, registered hooks and handshakes, against a real server."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.states import ConnectionSide, DeliveryState
from app.foundations import clock
from app.foundations.crypto import Keys
from app.foundations.http import Trouble
from app.jobs.deliveries import process_deliveries
from app.jobs.hooks import check_credentials, look_after_hooks, register_hook
from app.jobs.installation import Installation
from app.jobs.polling import backfill, poll_connections
from app.models.connections import Connection
from app.models.deliveries import Delivery
from app.models.people import Person
from app.models.service_requests import RequestCycle, ServiceRequest
from app.settings import Settings
from app.upkeep.connections.adding import ConnectionRefused, add_connection, change_settings
from tests.builders.thin_tool import THIN, know
from tests.servers.databases import Database
from tests.servers.vendor import Asked, Reply, Vendor

DAY = datetime(2026, 11, 16, 9, tzinfo=UTC)


@pytest.fixture
def settings(database: Database) -> Settings:
    return replace(database.settings, private_hosts=("127.0.0.1",))


@pytest.fixture
def installation(database: Database, settings: Settings) -> Installation:
    return Installation(settings, Keys.of(settings), database.sessions)


@pytest.fixture
def address(database: Database, installation: Installation, vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> str:
    """The path of the hook of a thin tool `desk`."""
    know(monkeypatch, THIN)
    made = add_connection(
        database.session,
        installation.keys,
        slug="desk",
        side=ConnectionSide.TRACKER,
        kind="thin",
        settings={"url": vendor.url, "api_key": "s3cret", "secret": "shared"},
        base_url="http://parity.test",
        now=clock.now(),
    )
    database.session.commit()
    return f"/hooks/desk/{made.hook_key}"


def _task(number: int, *, done: bool, at: datetime = DAY) -> dict[str, object]:
    return {"id": number, "done": done, "changed_at": at.isoformat(), "by": "u1", "title": f"Task {number}"}


def _stored(database: Database) -> Connection:
    with database.sessions() as session:
        return session.scalars(select(Connection)).one()


def _cycles(database: Database) -> list[tuple[str, int]]:
    rows = select(ServiceRequest.external_id, ServiceRequest.cycle_count).order_by(ServiceRequest.external_id)
    with database.sessions() as session:
        return [(external_id, count) for external_id, count in session.execute(rows)]


def test_an_id_is_fetched_and_its_requester_asked_for_once(
    database: Database, client: FlaskClient, installation: Installation, address: str, vendor: Vendor
) -> None:
    vendor.answer("GET", r"/tasks/\d", lambda asked: Reply(_task(int(asked.path[-1]), done=True)))
    vendor.answer("GET", "/users/u1", Reply({"email": "Alice@Example.com"}))

    answer = client.post(address, data=b'{"ids": [1, 2, 1]}', headers={"X-Secret": "shared"})
    done = process_deliveries(installation, now=clock.now())

    database.session.rollback()
    assert (answer.status_code, done, _cycles(database)) == (202, 1, [("1", 1), ("2", 1)])
    assert [person.email for person in database.session.scalars(select(Person))] == ["alice@example.com"]
    assert (vendor.count(r"/tasks/\d"), vendor.count("/users/u1")) == (2, 1)


def test_what_has_vanished_is_deleted(
    database: Database, client: FlaskClient, installation: Installation, address: str, vendor: Vendor
) -> None:
    client.post(address, data=b'{"ids": [7]}', headers={"X-Secret": "shared"})
    process_deliveries(installation, now=clock.now())

    database.session.rollback()
    told = database.session.scalars(select(Delivery)).one()
    assert (told.state, told.conclusion and told.conclusion["verdict"]) == (DeliveryState.PROCESSED, "deleted")
    assert database.session.scalars(select(RequestCycle)).all() == []


def test_a_tool_that_is_down_is_asked_again_later(
    database: Database, client: FlaskClient, installation: Installation, address: str, vendor: Vendor
) -> None:
    vendor.answer("GET", "/tasks/1", Reply(status=429, headers={"Retry-After": "7200"}), Reply(_task(1, done=True)))
    vendor.answer("GET", "/users/u1", Reply({"email": "alice@example.com"}))
    client.post(address, data=b'{"ids": [1]}', headers={"X-Secret": "shared"})
    now = clock.now()

    soon = [process_deliveries(installation, now=now), process_deliveries(installation, now=now + timedelta(hours=1))]
    later = process_deliveries(installation, now=now + timedelta(hours=3))

    assert (soon, later, _cycles(database)) == ([1, 0], 1, [("1", 1)])


def test_a_heartbeat_is_answered_and_not_stored(database: Database, client: FlaskClient, address: str) -> None:
    answer = client.post(address, data=b'{"ids": []}', headers={"X-Secret": "shared"})

    assert (answer.status_code, database.session.scalars(select(Delivery)).all()) == (200, [])


def test_the_address_answers_head_only_with_its_key(client: FlaskClient, address: str) -> None:
    assert (client.head(address).status_code, client.head(address[:-1]).status_code) == (200, 404)


def test_a_handshake_is_taken_while_the_registering_call_is_open_and_never_again(
    database: Database, app: Flask, installation: Installation, address: str, vendor: Vendor
) -> None:
    greeted: list[int] = []

    def greets_before_it_answers(_asked: Asked) -> Reply:
        caller = threading.Thread(
            target=lambda: greeted.append(app.test_client().post(address, headers={"X-Hello": "new"}).status_code)
        )
        caller.start()
        caller.join()
        return Reply({"id": "h1"})

    vendor.answer("POST", "/hooks", greets_before_it_answers)

    register_hook(installation, "desk", now=clock.now())
    again = app.test_client().post(address, headers={"X-Hello": "evil"})
    signed = app.test_client().post(address, data=b'{"ids": [1]}', headers={"X-Secret": "new"})

    stored = _stored(database)
    assert (greeted, again.status_code, signed.status_code) == ([200], 401, 202)
    assert (stored.registration, stored.signing_secrets(installation.keys)) == ({"id": "h1"}, ("new", "shared"))
    assert vendor.asked[0].json() == {"to": f"http://parity.test{address}"}


def test_a_hook_that_is_gone_is_registered_again(
    database: Database, installation: Installation, address: str, vendor: Vendor
) -> None:
    vendor.answer("POST", "/hooks", Reply({"id": "h1"}), Reply({"id": "h2"}))
    vendor.answer("GET", "/hooks/h1", Reply(status=404))
    register_hook(installation, "desk", now=clock.now())

    alive = look_after_hooks(installation, now=clock.now())

    stored = _stored(database)
    assert (alive, stored.registration, stored.hook_problem) == (1, {"id": "h2"}, None)


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        (Reply({"active": False}), "switched off by the tool"),
        (Reply(status=500), "127.0.0.1 answers with the error 500"),
    ],
)
def test_a_dead_hook_is_written_down(
    database: Database,
    installation: Installation,
    address: str,
    vendor: Vendor,
    no_sleep: None,
    reply: Reply,
    problem: str,
) -> None:
    vendor.answer("POST", "/hooks", Reply({"id": "h1"}))
    vendor.answer("GET", "/hooks/h1", reply)
    register_hook(installation, "desk", now=clock.now())

    alive = look_after_hooks(installation, now=clock.now())

    assert (alive, _stored(database).hook_problem) == (0, problem)


def _pages(*pages: tuple[list[dict[str, object]], int | None]) -> Callable[[Asked], Reply]:
    def answer(asked: Asked) -> Reply:
        tasks, following = pages[int(asked.one("at"))]
        return Reply({"tasks": tasks, "next": following})

    return answer


def test_a_poll_put_off_by_a_clock_that_was_ahead_is_made(
    database: Database, installation: Installation, address: str, vendor: Vendor
) -> None:
    vendor.answer("GET", "/tasks", _pages(([_task(1, done=True)], None)))
    vendor.answer("GET", "/users/u1", Reply({"email": "alice@example.com"}))
    now = clock.now()
    poll_connections(installation, now=now + timedelta(days=400))

    polled = [poll_connections(installation, now=now), poll_connections(installation, now=now)]

    assert polled == [1, 0]
    assert _stored(database).polled_at == now


@pytest.mark.parametrize(("minutes", "wait"), [(5, 5), (1440, 1440), (10_080, 1440), (True, 10), ("often", 10)])
def test_the_next_poll_is_due_after_the_minutes_that_are_set_and_within_a_day(
    database: Database, installation: Installation, address: str, vendor: Vendor, minutes: object, wait: int
) -> None:
    vendor.answer("GET", "/tasks", _pages(([], None)))
    stored = database.session.scalars(select(Connection)).one()
    stored.settings = {**stored.settings, "poll_minutes": minutes}  # as an earlier version may have taken it
    database.session.commit()
    now = clock.now()

    poll_connections(installation, now=now)

    assert _stored(database).next_poll_at == now + timedelta(minutes=wait)


def test_a_poll_goes_on_from_its_cursor_after_a_fault(
    database: Database, installation: Installation, address: str, vendor: Vendor, no_sleep: None
) -> None:
    pages = _pages(([_task(1, done=True)], 1), ([_task(2, done=True)], None))
    vendor.answer("GET", "/tasks", pages, Reply(status=500))
    vendor.answer("GET", "/users/u1", Reply({"email": "alice@example.com"}))
    now = clock.now()

    poll_connections(installation, now=now)
    broken = _stored(database)
    after_the_fault = (broken.poll_failures, broken.poll_problem, broken.cursor, _cycles(database))
    vendor.answer("GET", "/tasks", pages)
    at_once = poll_connections(installation, now=now)
    later = poll_connections(installation, now=now + timedelta(hours=1))

    mended = _stored(database)
    assert after_the_fault == (1, "127.0.0.1 answers with the error 500", {"at": 1}, [("1", 1)])
    assert (at_once, later, mended.poll_failures, mended.poll_problem) == (0, 1, 0, None)
    assert (_cycles(database), mended.polled_at) == ([("1", 1), ("2", 1)], now + timedelta(hours=1))


def test_a_poll_finds_what_was_opened_again(
    database: Database, installation: Installation, address: str, vendor: Vendor
) -> None:
    at = clock.now() - timedelta(hours=3)
    vendor.answer(
        "GET",
        "/tasks",
        _pages(([_task(1, done=True, at=at)], None)),
        _pages(([_task(1, done=False, at=at + timedelta(hours=1))], None)),
        _pages(([_task(1, done=True, at=at + timedelta(hours=2))], None)),
    )
    vendor.answer("GET", "/users/u1", Reply({"email": "alice@example.com"}))
    now = clock.now()

    for number in range(3):
        poll_connections(installation, now=now + timedelta(minutes=11 * number))

    cycles = _cycles(database)
    undone = [cycle.undone_at for cycle in database.session.scalars(select(RequestCycle).order_by(RequestCycle.number))]
    assert (cycles, undone) == ([("1", 2)], [at + timedelta(hours=1), None])


def test_two_workers_never_poll_the_same_tool(
    database: Database, installation: Installation, address: str, vendor: Vendor
) -> None:
    vendor.answer("GET", "/tasks", Reply({"tasks": [], "next": None}, delay=0.2))
    now = clock.now()
    done: list[int] = []

    workers = [threading.Thread(target=lambda: done.append(poll_connections(installation, now=now))) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert (sorted(done), vendor.count("/tasks")) == ([0, 0, 1], 1)


def test_a_backfill_leaves_the_regular_poll_alone(
    database: Database, installation: Installation, address: str, vendor: Vendor
) -> None:
    vendor.answer("GET", "/tasks", _pages(([_task(1, done=True)], 1), ([_task(1, done=True)], None)))
    vendor.answer("GET", "/users/u1", Reply({"email": "alice@example.com"}))

    told = [len(page.events) for page in backfill(installation, "desk", since=DAY, now=clock.now())]

    stored = _stored(database)
    assert (told, _cycles(database), stored.cursor, stored.polled_at) == ([1, 1], [("1", 1)], None, None)
    assert vendor.asked[0].one("since") == DAY.isoformat()


def test_credentials_are_tried_and_sealed(
    database: Database, installation: Installation, address: str, vendor: Vendor
) -> None:
    vendor.answer("GET", "/me", Reply({"name": "Carol"}))

    said = check_credentials(installation, "desk", now=clock.now())

    stored = _stored(database)
    assert said == "hello Carol"
    assert stored.settings == {"url": vendor.url}
    assert b"s3cret" not in (stored.credentials or b"")
    assert stored.known_settings(installation.keys)["api_key"] == "s3cret"


def test_settings_are_changed_one_by_one_and_a_replaced_secret_is_honoured_on(
    database: Database, installation: Installation, address: str
) -> None:
    with database.sessions.begin() as session:
        change_settings(session, installation.keys, "desk", {"secret": "newer", "api_key": None, "poll_minutes": 3})

    stored = _stored(database)
    known = stored.known_settings(installation.keys)
    assert (stored.signing_secrets(installation.keys), known.get("api_key"), known["poll_minutes"]) == (
        ("newer", "shared"),
        None,
        3,
    )


def test_unknown_and_missing_settings_are_refused(database: Database, installation: Installation, address: str) -> None:
    with pytest.raises(ConnectionRefused, match="'colour' is no setting of thin; it has: url, api_key"):
        change_settings(database.session, installation.keys, "desk", {"colour": "red"})
    with pytest.raises(ConnectionRefused, match=r"thin needs: url \(where it lives\)"):
        add_connection(
            database.session,
            installation.keys,
            slug="other",
            side=ConnectionSide.TRACKER,
            kind="thin",
            settings={},
            base_url="",
            now=DAY,
        )


def test_what_cannot_be_registered_stays_as_it_is(
    database: Database, installation: Installation, address: str, vendor: Vendor
) -> None:
    vendor.answer("POST", "/hooks", Reply(status=403))

    with pytest.raises(Trouble, match="does not let our account do this"):
        register_hook(installation, "desk", now=clock.now())

    stored = _stored(database)
    assert (stored.registration, stored.handshake_until) == (None, None)
    assert stored.hook_problem == "127.0.0.1 does not let our account do this (status 403)"
