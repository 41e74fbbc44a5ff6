"""Alive, ready, and measured."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.models.base import db
from app.upkeep import readiness
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

    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "# TYPE parity_messages_waiting gauge\nparity_messages_waiting 0\n" in answer.text


def test_a_page_that_is_read_cannot_write(app: Flask) -> None:
    @app.get("/writes-on-get")
    def write() -> str:
        db.session.execute(text("DELETE FROM run_marks"))
        return "written"

    with pytest.raises(DBAPIError, match=r"(?i)read-?only"):
        app.test_client().get("/writes-on-get")
