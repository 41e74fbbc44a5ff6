"""Thousands of events in a minute, in small: nothing is asked for twice, nobody waits behind them, memory is flat."""

import json
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from app.connectors.hooks import Hook
from app.domain.states import ConnectionSide, DeliveryState
from app.foundations import clock
from app.foundations.crypto import Keys
from app.jobs.deliveries import MOST_TROUBLES, process_deliveries
from app.jobs.installation import Installation
from app.models.base import reading
from app.models.connections import Connection
from app.models.deliveries import Delivery
from app.models.service_requests import RequestCycle, ServiceRequest
from app.pipeline.intake import deliveries
from tests.builders.statements import counting
from tests.builders.thin_tool import THIN, know
from tests.servers.databases import Database
from tests.servers.vendor import Asked, Reply, Vendor

DAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
Store = Callable[..., None]


@pytest.fixture
def installation(database: Database, monkeypatch: pytest.MonkeyPatch) -> Installation:
    know(monkeypatch, THIN)
    settings = replace(database.settings, private_hosts=("127.0.0.1",))
    return Installation(settings, Keys.of(settings), database.sessions)


@pytest.fixture
def store(database: Database, vendor: Vendor, installation: Installation) -> Store:
    """Store events about tasks, in this order, of a tracker whose tool is found under its slug."""
    vendor.answer("GET", "/.*/users/u1", Reply({"email": "alice@example.com"}))
    numbers = iter(range(100_000))

    def stored(slug: str, *tasks: int, padding: str = "") -> None:
        with database.sessions.begin() as session:
            row = session.scalar(select(Connection).where(Connection.slug == slug))
            if row is None:
                settings = {"url": f"{vendor.url}/{slug}"}
                row = Connection(slug=slug, side=ConnectionSide.TRACKER, kind="thin", settings=settings, created_at=DAY)
                session.add(row)
                session.flush()
            for task in tasks:
                number = next(numbers)
                body = json.dumps({"ids": [task], "number": number, "padding": padding}).encode()
                hook = Hook(body=body, headers={}, received_at=clock.now())
                deliveries.store(session.connection(), row, hook, f"d{number}")

    return stored


def _task(asked: Asked, **told: Any) -> Reply:
    known = {"id": asked.path.rsplit("/", 1)[1], "done": True, "changed_at": DAY.isoformat(), "by": "u1"}
    return Reply({**known, **told})


def _waiting(database: Database) -> list[int]:
    """Return how often each delivery that waits was attempted."""
    with reading(), database.sessions() as session:
        waiting = select(Delivery.attempts).where(Delivery.state == DeliveryState.STORED).order_by(Delivery.id)
        return list(session.scalars(waiting))


def test_many_events_about_few_things_ask_for_each_thing_once_and_complete_it_once(
    database: Database, installation: Installation, store: Store, vendor: Vendor
) -> None:
    vendor.answer("GET", r"/desk/tasks/\d+", _task)
    store("desk", *(number % 5 for number in range(100)))

    done = process_deliveries(installation, now=clock.now())

    cycles = database.session.scalars(select(RequestCycle)).all()
    assert (done, len(cycles), _waiting(database)) == (100, 5, [])
    assert (vendor.count(r"/desk/tasks/\d"), vendor.count("/desk/users/u1")) == (5, 1)


def test_what_happens_during_the_flood_is_asked_for_anew_and_stands(
    database: Database, installation: Installation, store: Store, vendor: Vendor
) -> None:
    def open_then_done(asked: Asked) -> Reply:
        if vendor.count("/desk/tasks/1") > 1:
            return _task(asked)
        store("desk", 1, 1)  # it is completed while the tool writes its answer
        return _task(asked, done=False)

    vendor.answer("GET", "/desk/tasks/1", open_then_done)
    store("desk", 1, 1, 1)

    done = process_deliveries(installation, now=clock.now())

    state = database.session.scalars(select(ServiceRequest.state)).one()
    assert (done, vendor.count("/desk/tasks/1"), state.value) == (5, 2, "done")


def test_a_thing_that_is_gone_is_missed_once(
    database: Database, installation: Installation, store: Store, vendor: Vendor
) -> None:
    store("desk", *[1] * 20)

    done = process_deliveries(installation, now=clock.now())

    state = database.session.scalars(select(ServiceRequest.state)).one()
    assert (done, vendor.count("/desk/tasks/1"), state.value) == (20, 1, "deleted")


def test_a_delivery_more_costs_the_same_few_statements(
    database: Database, installation: Installation, store: Store, vendor: Vendor
) -> None:
    vendor.answer("GET", "/desk/tasks/1", _task)
    store("desk", 1)
    process_deliveries(installation, now=clock.now())  # the request is there

    counts = []
    for many in (10, 30):
        store("desk", *[1] * many)
        with counting(database.engine) as statements:
            process_deliveries(installation, now=clock.now())
        counts.append(len(statements))

    assert (counts[1] - counts[0]) / 20 == 14


def test_another_connection_does_not_wait_behind_the_flood(
    installation: Installation, store: Store, vendor: Vendor
) -> None:
    vendor.answer("GET", r"/(busy|quiet)/tasks/\d+", lambda asked: replace(_task(asked), delay=0.05))
    store("busy", *range(1, 31))
    store("quiet", 1, 2)

    process_deliveries(installation, now=clock.now())

    asked = [one.path.split("/")[1] for one in vendor.asked if "/tasks/" in one.path]
    assert asked[:4].count("quiet") == 2


def test_a_run_ends_in_time_and_the_next_one_goes_on_where_it_ended(
    database: Database, installation: Installation, store: Store, vendor: Vendor
) -> None:
    vendor.answer("GET", r"/desk/tasks/\d+", lambda asked: replace(_task(asked), delay=0.1))
    store("desk", *range(1, 9))

    first = process_deliveries(installation, now=clock.now(), at_most=timedelta(seconds=0.25))
    left = _waiting(database)
    second = process_deliveries(installation, now=clock.now())

    assert 0 < first < 8
    assert (left, second, _waiting(database)) == ([0] * (8 - first), 8 - first, [])


def test_a_tool_that_is_down_is_left_in_peace_and_costs_no_attempts(
    database: Database, installation: Installation, store: Store, vendor: Vendor, no_sleep: None
) -> None:
    vendor.answer("GET", r"/down/tasks/\d+", Reply(status=502))
    vendor.answer("GET", r"/desk/tasks/\d+", _task)
    store("down", *range(1, 21))
    store("desk", *range(1, 6))

    done = process_deliveries(installation, now=clock.now())

    assert (done, _waiting(database)) == (MOST_TROUBLES + 5, [1] * MOST_TROUBLES + [0] * (20 - MOST_TROUBLES))


def test_memory_does_not_grow_with_what_waits(
    database: Database, installation: Installation, store: Store, vendor: Vendor
) -> None:
    vendor.answer("GET", "/desk/tasks/1", _task)
    store("desk", 1, padding="x" * 100_000)
    process_deliveries(installation, now=clock.now())
    store("desk", *[1] * 100, padding="x" * 100_000)

    tracemalloc.start()
    process_deliveries(installation, now=clock.now())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert _waiting(database) == []
    assert peak < 3_000_000  # of ten megabytes


def test_a_delivery_that_cannot_even_be_loaded_holds_up_no_other(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch, vendor: Vendor
) -> None:
    know(monkeypatch, THIN)
    settings = replace(sqlite.settings, private_hosts=("127.0.0.1",))
    vendor.answer("GET", "/tasks/1", _task)
    vendor.answer("GET", "/users/u1", Reply({"email": "alice@example.com"}))
    row = Connection(
        slug="desk", side=ConnectionSide.TRACKER, kind="thin", settings={"url": vendor.url}, created_at=DAY
    )
    sqlite.session.add(row)
    sqlite.session.flush()
    for number in range(2):
        hook = Hook(body=b'{"ids": [1]}', headers={}, received_at=clock.now())
        deliveries.store(sqlite.session.connection(), row, hook, f"d{number}")
    sqlite.session.execute(text("UPDATE deliveries SET headers = 'spoilt' WHERE delivery_key = 'd0'"))
    sqlite.session.commit()

    done = process_deliveries(Installation(settings, Keys.of(settings), sqlite.sessions), now=clock.now())

    found = sqlite.session.execute(select(Delivery.state, Delivery.attempts, Delivery.error).order_by(Delivery.id))
    states = [tuple(one) for one in found]
    assert (done, states[1]) == (2, (DeliveryState.PROCESSED, 1, None))
    assert states[0][:2] == (DeliveryState.STORED, 1)
    assert str(states[0][2]).startswith("JSONDecodeError in ")
