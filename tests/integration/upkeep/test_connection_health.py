"""What an administrator is told of connections, and how keys get addresses."""

from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.periods import Calendar
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.domain.states import ConnectionSide
from app.models.connections import Connection
from app.models.people import Person
from app.models.service_requests import RequestCycle
from app.pipeline.intake.events import record
from app.upkeep.connection_health import findings
from tests.builders.people import person
from tests.builders.thin_tool import THIN, know
from tests.servers.databases import Database


@pytest.fixture
def desk(database: Database, monkeypatch: pytest.MonkeyPatch, now: datetime) -> Connection:
    """A tracker that can be polled and has a registered hook."""
    know(monkeypatch, THIN)
    row = Connection(slug="desk", side=ConnectionSide.TRACKER, kind="thin", settings={}, created_at=now)
    row.registration = {"id": "h1"}
    database.session.add(row)
    database.session.commit()
    return row


def _complete(database: Database, desk: Connection, now: datetime, external_id: str, key: str) -> None:
    event = TrackerEvent(
        external_id=external_id,
        kind=EventKind.COMPLETED,
        occurred_at=now,
        requester=Requester(key=key),
        department={"list": "Printers"},
        given=frozenset({"department"}),
    )
    record(database.session, event, tracker=desk, calendar=Calendar(database.settings.time_zone), received_at=now)
    database.session.commit()


def _run(app: Flask, *arguments: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=list(arguments))
    return done.exit_code, done.output


def test_a_healthy_connection_is_left_in_peace(database: Database, desk: Connection) -> None:
    assert list(findings(database.session)) == []


def test_dead_hooks_and_failing_polls_are_named(database: Database, desk: Connection) -> None:
    desk.hook_problem, desk.poll_failures, desk.poll_problem = "it was deleted", 3, "no answer"

    assert list(findings(database.session)) == [
        "The hook of desk is dead (it was deleted): flask trackers check desk, then flask trackers register desk",
        "desk could not be asked 3 times in a row (no answer): flask trackers show desk",
    ]


def test_a_hook_that_was_never_registered_is_named(database: Database, desk: Connection) -> None:
    desk.registration = None

    assert list(findings(database.session)) == ["The hook of desk was never registered: flask trackers register desk"]


def test_it_shows_what_is_known(app: Flask, database: Database, desk: Connection) -> None:
    code, printed = _run(app, "trackers", "show", "desk")

    assert (code, printed.splitlines()[:3]) == (0, ["kind: thin", "last_event_at: -", "hook_checked_at: -"])


def test_what_nobody_has_mapped_is_listed_and_read_back(
    app: Flask, database: Database, desk: Connection, now: datetime, tmp_path: Path
) -> None:
    known = person(database.session, "alice@example.com")
    _complete(database, desk, now, "1", "u1")
    _complete(database, desk, now, "2", "u1")
    _complete(database, desk, now, "3", "u2")
    file = tmp_path / "map.csv"
    file.write_text("what,value,requests,means\nrequester,u1,2,Alice@example.com\nrequester,u2,1,bob@example.com\n")

    listed = _run(app, "trackers", "unmapped", "desk")
    mapped = _run(app, "trackers", "map", "desk", str(file))

    database.session.rollback()
    askers = database.session.scalars(
        select(Person.email).join(RequestCycle, RequestCycle.requester_id == Person.id).order_by(RequestCycle.id)
    ).all()
    assert listed == (0, "what,value,requests,means\nrequester,u1,2,\nrequester,u2,1,\ndepartment,list:Printers,3,\n")
    assert mapped == (0, "2 mapped; 2 people have an address now\n")
    assert askers == ["alice@example.com", "alice@example.com", "bob@example.com"]
    assert known is not None


def test_a_line_that_maps_nothing_known_is_named(
    app: Flask, database: Database, desk: Connection, tmp_path: Path
) -> None:
    file = tmp_path / "map.csv"
    file.write_text("what,value,means\ncolour,red,blue\n")

    assert _run(app, "trackers", "map", "desk", str(file)) == (
        1,
        "Error: map.csv:2: write what (requester or department), value and means\n",
    )
