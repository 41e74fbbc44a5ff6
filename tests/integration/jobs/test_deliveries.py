"""A delivery that cannot be read now holds up no other, and is neither lost nor tried for ever."""

import logging
import multiprocessing
import os
import signal
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.connectors.connector import Connector
from app.connectors.hooks import Conclusion, Hook, UnreadableBody, Verdict
from app.domain.service_requests import EventKind, TrackerEvent
from app.domain.states import ConnectionSide, DeliveryState
from app.foundations.crypto import Keys
from app.jobs.deliveries import process_deliveries
from app.jobs.installation import Installation
from app.models.connections import Connection
from app.models.deliveries import Delivery
from app.models.service_requests import ServiceRequest
from app.pipeline.intake import deliveries
from app.pipeline.intake.deliveries import NEVER_FINISHED, RETRIES
from app.upkeep.connections.deliveries import retry_deliveries
from app.upkeep.running.doctor import examine
from tests.builders.thin_tool import know
from tests.servers.databases import Database

SECRET = "alice@example.com"


def _read(hook: Hook) -> Conclusion:
    """Read as a connector with faults would."""
    told = hook.body.decode()
    if told == "surprise":
        raise KeyError(f"nothing is known of {SECRET}")
    if told == "killer":
        os.kill(os.getpid(), signal.SIGKILL)
    if told == "spoilt":
        raise UnreadableBody("this is no event")
    ahead = int(told.split()[1]) if told.startswith("in ") else 0  # "in 5 minutes"
    at = hook.received_at + timedelta(minutes=ahead)
    event = TrackerEvent(external_id=told, kind=EventKind.COMPLETED, occurred_at=at)
    return Conclusion(verdict=Verdict.COMPLETED, why="done", events=(event,))


@pytest.fixture
def fragile(database: Database, monkeypatch: pytest.MonkeyPatch, now: datetime) -> Connection:
    """A tracker whose connector has faults."""
    know(monkeypatch, Connector(kind="f", side=ConnectionSide.TRACKER, read=_read))
    row = Connection(slug="desk", side=ConnectionSide.TRACKER, kind="f", settings={}, created_at=now)
    database.session.add(row)
    database.session.commit()
    return row


def _store(database: Database, tracker: Connection, now: datetime, *bodies: str) -> None:
    for number, body in enumerate(bodies):
        hook = Hook(body=body.encode(), headers={}, received_at=now + timedelta(seconds=number - len(bodies)))
        deliveries.store(database.session.connection(), tracker, hook, f"{body}-{number}")
    database.session.commit()


def _work(database: Database, now: datetime) -> int:
    return process_deliveries(Installation(database.settings, Keys.of(database.settings), database.sessions), now=now)


def _states(database: Database) -> dict[str, tuple[DeliveryState, int]]:
    database.session.rollback()
    found = database.session.scalars(select(Delivery).order_by(Delivery.id))
    return {row.body.decode(): (row.state, row.attempts) for row in found}


def _error(database: Database) -> str:
    database.session.rollback()
    return database.session.scalars(select(Delivery.error)).one() or ""


def test_an_unexpected_failure_waits_and_those_behind_it_go_on(
    database: Database, fragile: Connection, now: datetime
) -> None:
    _store(database, fragile, now, "surprise", "R-1", "R-2")

    attempted = [_work(database, now), _work(database, now + timedelta(minutes=1))]

    assert attempted == [3, 0]
    assert _states(database) == {
        "surprise": (DeliveryState.STORED, 1),
        "R-1": (DeliveryState.PROCESSED, 1),
        "R-2": (DeliveryState.PROCESSED, 1),
    }
    assert database.session.scalars(select(ServiceRequest.external_id).order_by(ServiceRequest.id)).all() == [
        "R-1",
        "R-2",
    ]


def test_it_is_given_up_after_the_last_attempt_with_a_reason_and_one_error_in_the_log(
    database: Database,
    fragile: Connection,
    now: datetime,
    caplog: pytest.LogCaptureFixture,
    expected_errors: list[str],
) -> None:
    expected_errors.append("is given up after 5 attempts: KeyError in")
    _store(database, fragile, now, "surprise")

    for wait in (timedelta(0), *RETRIES, timedelta(days=1)):
        now += wait + timedelta(seconds=5)
        _work(database, now)

    assert _states(database) == {"surprise": (DeliveryState.FAILED, len(RETRIES))}
    assert _error(database).startswith("KeyError in app/pipeline/intake/concluding.py:")
    assert [record.levelno for record in caplog.records].count(logging.ERROR) == 1
    assert SECRET not in caplog.text + _error(database)
    said = examine(database.session, database.settings, Keys.of(database.settings), now=now)
    assert "1 event of the last seven days could not be read: flask deliveries list says why" in said


def test_a_later_attempt_that_succeeds_leaves_no_trace_of_the_failure(
    database: Database, fragile: Connection, now: datetime
) -> None:
    _store(database, fragile, now, "surprise")
    _work(database, now)
    database.session.scalars(select(Delivery)).one().body = b"R-1"
    database.session.commit()

    _work(database, now + RETRIES[0] + timedelta(seconds=5))

    assert _states(database) == {"R-1": (DeliveryState.PROCESSED, 2)}
    assert _error(database) == ""


def test_a_body_that_never_can_be_read_fails_at_once(database: Database, fragile: Connection, now: datetime) -> None:
    _store(database, fragile, now, "spoilt")

    _work(database, now)

    assert _states(database) == {"spoilt": (DeliveryState.FAILED, 1)}
    assert _error(database) == "this is no event"


def _work_and_die(database: Database, now: datetime) -> None:
    process_deliveries(Installation.of(database.settings), now=now)


def test_what_is_told_as_completed_later_is_refused_until_that_has_come(
    database: Database, fragile: Connection, now: datetime
) -> None:
    _store(database, fragile, now, "in 61 minutes", "in 59 minutes")

    _work(database, now)
    states, error = _states(database), database.session.scalars(select(Delivery.error).order_by(Delivery.id)).first()
    retry_deliveries(database.session, fragile, now=now + timedelta(hours=2))
    database.session.commit()
    _work(database, now + timedelta(hours=2))

    assert states == {"in 61 minutes": (DeliveryState.FAILED, 1), "in 59 minutes": (DeliveryState.PROCESSED, 1)}
    assert error == (
        f"in 61 minutes is told as completed at {now + timedelta(minutes=60):%Y-%m-%d %H:%M}+00:00, which is still to"
        " come: the tool's clock, its time zone or the date is wrong. Set it right in the tool, then let this be read"
        " again."
    )
    assert {state for state, _attempts in _states(database).values()} == {DeliveryState.PROCESSED}


def test_a_body_that_kills_its_workers_is_given_up_and_nothing_behind_it_is_lost(
    database: Database, fragile: Connection, now: datetime, expected_errors: list[str]
) -> None:
    expected_errors.append(NEVER_FINISHED)
    _store(database, fragile, now, "killer", "R-1")

    ends = []
    for wait in (timedelta(0), *RETRIES, timedelta(0)):
        now += wait + timedelta(seconds=5)
        worker = multiprocessing.get_context("fork").Process(target=_work_and_die, args=(database, now))
        worker.start()
        worker.join()
        ends.append(worker.exitcode)

    assert ends == [-signal.SIGKILL] * len(RETRIES) + [0, 0]
    assert _states(database) == {
        "killer": (DeliveryState.FAILED, len(RETRIES)),
        "R-1": (DeliveryState.PROCESSED, 1),
    }


def test_an_attempt_that_lasted_too_long_does_not_settle_what_another_worker_took_over(
    database: Database, fragile: Connection, now: datetime
) -> None:
    _store(database, fragile, now, "R-1")
    with database.sessions.begin() as session:
        slow = deliveries.claim_next(session, fragile.id, now=now)
    assert slow is not None

    _work(database, now + RETRIES[0])
    with database.sessions.begin() as session:
        deliveries.put_off(session, slow, RuntimeError(), now=now + RETRIES[0])

    assert _states(database) == {"R-1": (DeliveryState.PROCESSED, 2)}


def test_what_a_machine_whose_clock_is_ahead_has_stored_is_read_at_once(
    database: Database, fragile: Connection, now: datetime
) -> None:
    _store(database, fragile, now + timedelta(minutes=3), "R-1")

    assert _work(database, now) == 1
    assert _states(database) == {"R-1": (DeliveryState.PROCESSED, 1)}
