"""`flask deliveries` says which events could not be read and why, never what they say; and has them read again."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.domain.states import DeliveryState
from app.models.deliveries import Delivery
from app.upkeep.audit import log as audit
from tests.builders.service_requests import connection
from tests.integration.cli.conftest import Flaskly
from tests.servers.databases import Database

AT = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)


@pytest.fixture
def failed(database: Database) -> None:
    """An event that was given up, one to be tried again, one that lost its body, one that was read, one refused."""
    desk = connection(database.session, "desk")
    states = [
        (DeliveryState.FAILED, b"alice", 5, None, "KeyError in app/connectors/trackers/signed.py:40"),
        (DeliveryState.STORED, b"alice", 1, AT, "desk.example.com does not answer"),
        (DeliveryState.FAILED, b"", 5, None, None),
        (DeliveryState.PROCESSED, b"alice", 1, None, None),
        (DeliveryState.REFUSED, b"", 0, None, "X-Hub-Signature-256 is needed"),
    ]
    for number, (state, body, attempts, next_attempt_at, error) in enumerate(states):
        database.session.add(
            Delivery(
                connection_id=desk.id,
                delivery_key=str(number),
                received_at=AT,
                headers={},
                body=body,
                state=state,
                attempts=attempts,
                next_attempt_at=next_attempt_at,
                error=error,
            )
        )
    database.session.commit()


def test_it_lists_reasons_and_not_what_was_said(flask: Flaskly, database: Database, failed: None) -> None:
    assert flask("deliveries", "list", "desk").output.splitlines() == [
        "number  from  received          attempts  next attempt      reason",
        "     1  desk  2026-11-17 09:30         5  –                 KeyError in app/connectors/trackers/signed.py:40",
        "     2  desk  2026-11-17 09:30         1  2026-11-17 09:30  desk.example.com does not answer",
        "     5  desk  2026-11-17 09:30         0  –                 X-Hub-Signature-256 is needed",
    ]
    connection(database.session, "other")
    database.session.commit()
    assert flask("deliveries", "list", "other").output == "Every event was read.\n"
    assert flask("deliveries", "list", "odesk").output == "Error: there is no tracker or source 'odesk'\n"


def test_what_failed_is_read_again_and_that_is_noted(flask: Flaskly, database: Database, failed: None) -> None:
    said = [flask("deliveries", "retry", "desk").output for _ in range(2)]
    unknown = flask("deliveries", "retry", "other")

    assert said == ["2 events are read again.\n", "0 events are read again.\n"]
    assert (unknown.exit_code, unknown.output) == (1, "Error: there is no tracker or source 'other'\n")
    states = select(Delivery.state, Delivery.attempts, Delivery.error).order_by(Delivery.id)
    assert database.session.execute(states).tuples().all() == [
        (DeliveryState.STORED, 0, None),
        (DeliveryState.STORED, 0, None),
        (DeliveryState.FAILED, 5, None),
        (DeliveryState.PROCESSED, 1, None),
        (DeliveryState.REFUSED, 0, "X-Hub-Signature-256 is needed"),
    ]
    assert [(entry.action, entry.subject, entry.details) for entry in audit.entries(database.session)] == [
        ("deliveries.retried", "tracker:desk", {"deliveries": 2})
    ]
