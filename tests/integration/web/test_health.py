"""Alive, ready, and measured."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import create_app
from app.domain.states import InvitationState
from app.foundations.version import version
from app.models.base import db
from app.models.deliveries import Delivery
from app.models.rollups import mark_dirty
from app.settings import Settings
from app.upkeep.running import readiness
from tests.builders.departments import department
from tests.builders.invitations import invitation
from tests.builders.people import person
from tests.builders.service_requests import completed_request, connection
from tests.conftest import ALICE
from tests.servers.databases import Database


def test_healthz_asks_nothing_of_anybody(client: FlaskClient) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_readyz_says_what_is_missing(client: FlaskClient) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json == {"database": True, "migrations": True, "worker": False, "mail": False}


def test_readyz_sees_the_worker(client: FlaskClient, database: Database) -> None:
    with database.sessions() as session, session.begin():
        readiness.beat(session, datetime.now(UTC) - timedelta(minutes=1))

    answer = client.get("/readyz")

    assert answer.json == {"database": True, "migrations": True, "worker": True, "mail": False}


def test_metrics_are_prometheus_text(client: FlaskClient) -> None:
    answer = client.get("/metrics")

    lines = answer.text.splitlines()
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert lines[:3] == [
        "# HELP parity_info The version that answers.",
        "# TYPE parity_info gauge",
        f'parity_info{{version="{version()}"}} 1',
    ]
    assert [line.split("{")[0].split(" ")[0] for line in lines[2::3]] == [line.split(" ")[2] for line in lines[1::3]]
    assert "parity_database_usable 1" in lines
    assert lines[-1] == "parity_worker_silent_seconds +Inf"


def test_metrics_count_what_waits_and_how_long(client: FlaskClient, database: Database) -> None:
    session, now = database.session, datetime.now(UTC)
    sender = connection(session, "desk")
    for hours in (1, 3):
        at = now - timedelta(hours=hours)
        row = Delivery(connection_id=sender.id, delivery_key=str(hours), received_at=at, headers={}, body=b"{}")
        session.add(row)
    readiness.beat(session, now - timedelta(minutes=1))
    session.commit()

    told = dict(line.split(" ") for line in client.get("/metrics").text.splitlines() if line[0] != "#")

    assert told["parity_deliveries_stored"] == "2"
    assert 3 * 3600 <= float(told["parity_deliveries_oldest_seconds"]) < 3 * 3600 + 60
    assert 60 <= float(told["parity_worker_silent_seconds"]) < 120
    assert told["parity_messages_oldest_due_seconds"] == "0"


def test_no_metric_moves_when_somebody_answers(client: FlaskClient, database: Database) -> None:
    def told() -> list[str]:
        return [line for line in client.get("/metrics").text.splitlines() if not line.startswith("#")]

    session, sent_at = database.session, datetime.now(UTC) - timedelta(days=1)
    provider = department(session, "it")
    asked = invitation(
        session, completed_request(session, provider, person(session, ALICE.email), sent_at), sent_at=sent_at
    )
    session.commit()
    before = told()
    asked.state = InvitationState.ANSWERED
    mark_dirty(session, provider.id, asked.period, sent_at + timedelta(days=60))
    session.commit()

    assert told() == before
    assert "parity_invitations_open 1" in before


def test_metrics_of_a_database_that_was_never_migrated_say_so(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    client = create_app(Settings(secret_key="k" * 32, database_url=url, var=tmp_path)).test_client()

    answer = client.get("/metrics")

    assert answer.status_code == 200
    assert [line for line in answer.text.splitlines() if line[0] != "#"][1:] == ["parity_database_usable 0"]


def test_a_page_that_is_read_cannot_write(app: Flask) -> None:
    @app.get("/writes-on-get")
    def write() -> str:
        db.session.execute(text("DELETE FROM run_marks"))
        return "written"

    with pytest.raises(DBAPIError, match=r"(?i)read-?only"):
        app.test_client().get("/writes-on-get")
