"""What an administrator is told of connections, and how keys get addresses."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from app.connectors.hooks import Hook
from app.domain.periods import Calendar
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.domain.states import ConnectionSide
from app.models.connections import Connection
from app.models.people import Person
from app.models.service_requests import RequestCycle
from app.pipeline.intake import deliveries
from app.pipeline.intake.events import record
from app.pipeline.intake.refusals import Refusal, free_places, keep_refusal
from app.upkeep.connections.health import findings, health_of, trouble_of
from tests.builders.people import person
from tests.builders.service_requests import connection
from tests.builders.thin_tool import THIN, know
from tests.servers.databases import Database


@pytest.fixture
def desk(database: Database, monkeypatch: pytest.MonkeyPatch, now: datetime) -> Connection:
    """A tracker that can be polled and has a registered hook."""
    know(monkeypatch, THIN)
    row = Connection(slug="desk", side=ConnectionSide.TRACKER, kind="thin", settings={}, created_at=now)
    row.registration, row.secret = {"id": "h1"}, b"sealed"
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


_REFUSES = (
    "new refuses every event, because nothing here proves who sends them: flask trackers set new --secret-file"
    " {setting}=FILE"
)


def _deliver(database: Database, desk: Connection, now: datetime) -> None:
    hook = Hook(body=b"{}", headers={}, received_at=now)
    deliveries.store(database.session.connection(), desk, hook, "d1")
    database.session.commit()


def _run(app: Flask, *arguments: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=list(arguments))
    return done.exit_code, done.output


def test_a_healthy_connection_is_left_in_peace(database: Database, desk: Connection) -> None:
    assert list(findings(database.session)) == []


def test_a_tracker_whose_last_event_was_refused_is_named_with_the_reason(
    database: Database, desk: Connection, now: datetime
) -> None:
    refusal = Refusal(connection_id=desk.id, status=401, reason="no token", body=b"{}", size=2, at=now)
    keep_refusal(database.session, refusal, free_places(database.session.connection(), desk.id, now))
    database.session.commit()
    refused = list(findings(database.session))
    _deliver(database, desk, now + timedelta(seconds=1))

    assert refused == ["desk refused what it was told last (no token): flask deliveries list desk"]
    assert list(findings(database.session)) == []
    assert health_of(database.session, desk).deliveries_refused == 1


def test_dead_hooks_and_failing_polls_are_named(database: Database, desk: Connection) -> None:
    desk.hook_problem, desk.poll_failures, desk.poll_problem = "it was deleted", 3, "no answer"

    assert list(findings(database.session)) == [
        "The hook of desk is dead (it was deleted): flask trackers check desk, then flask trackers register desk",
        "desk could not be asked 3 times in a row (no answer): flask trackers show desk",
    ]


def test_a_hook_that_was_never_registered_is_named(database: Database, desk: Connection) -> None:
    desk.registration = None

    assert list(findings(database.session)) == ["The hook of desk was never registered: flask trackers register desk"]


def test_a_hook_that_was_made_by_hand_and_delivers_needs_no_registration(
    database: Database, desk: Connection, now: datetime
) -> None:
    desk.registration, desk.hook_problem = None, "the account may not register hooks"
    before = list(findings(database.session))
    _deliver(database, desk, now)

    assert (len(before), list(findings(database.session))) == (1, [])
    assert health_of(database.session, desk).hook == "made by hand: whether the tool calls it shows in the events"
    assert trouble_of(database.session, desk) is None
    desk.poll_problem = "no answer"
    assert trouble_of(database.session, desk) == "no answer"


@pytest.mark.parametrize(
    ("side", "command"),
    [
        (ConnectionSide.TRACKER, "flask import requests FILE --tracker files"),
        (ConnectionSide.SCORES, "flask import external FILE --source files"),
    ],
)
def test_what_comes_by_file_shows_the_command_instead_of_events(
    sqlite_app: Flask, sqlite: Database, side: ConnectionSide, command: str
) -> None:
    connection(sqlite.session, "files", side)
    sqlite.session.commit()

    code, printed = _run(sqlite_app, "trackers", "show", "files")

    assert (code, printed.splitlines()) == (0, ["kind: csv", "switched on: yes", f"told by: files: {command}"])


@pytest.mark.parametrize(
    ("side", "kind", "settings", "expected"),
    [
        (ConnectionSide.TRACKER, "bitrix24", {}, [_REFUSES.format(setting="application_token")]),
        (ConnectionSide.SCORES, "formbricks", {}, [_REFUSES.format(setting="secret")]),
        (ConnectionSide.SCORES, "formbricks", {"unsigned": True}, []),
        (ConnectionSide.SCORES, "chatwoot", {}, []),  # its poll is meant to do the work
        (ConnectionSide.TRACKER, "redmine", {}, []),  # nobody calls it
    ],
)
def test_a_connection_that_refuses_every_event_is_named_with_the_setting_it_lacks(
    database: Database, now: datetime, side: ConnectionSide, kind: str, settings: dict[str, object], expected: list[str]
) -> None:
    row = Connection(slug="new", side=side, kind=kind, settings=settings, created_at=now)
    database.session.add(row)
    database.session.flush()
    before = list(findings(database.session))
    row.secret = b"sealed"

    assert (before, list(findings(database.session))) == (expected, [])


def test_it_shows_what_is_known_in_words_and_in_the_companys_time(
    app: Flask, database: Database, desk: Connection, now: datetime
) -> None:
    app.extensions["parity_settings"] = replace(database.settings, time_zone=ZoneInfo("Asia/Vladivostok"))
    desk.polled_at = desk.next_poll_at = desk.hook_checked_at = now
    desk.poll_failures, desk.poll_problem, desk.secret = 2, "no answer", b"sealed"
    _deliver(database, desk, now)

    code, printed = _run(app, "trackers", "show", "desk")

    assert (code, printed.splitlines()) == (
        0,
        [
            "kind: thin",
            "switched on: yes",
            "last event: -",
            "hook: alive",
            "hook looked after: 2026-11-17 19:30",
            "last whole poll began: 2026-11-17 19:30",
            "next poll: 2026-11-17 19:30",
            "polls that failed in a row: 2",
            "why the last one failed: no answer",
            "events that wait: 1",
            "events that could not be read: 0",
            "events refused in 30 days: 0",
        ],
    )


def test_of_a_source_it_shows_how_many_scores_were_left_out_and_nothing_that_its_kind_has_not(
    app: Flask, database: Database, now: datetime
) -> None:
    row = Connection(slug="voices", side=ConnectionSide.SCORES, kind="delighted", settings={}, created_at=now)
    row.left_out, row.is_active = {"r1": "9 is off", "r2": "8 is off"}, False
    database.session.add(row)
    database.session.commit()

    code, printed = _run(app, "trackers", "show", "voices")

    assert (code, printed.splitlines()) == (
        0,
        [
            "kind: delighted",
            "switched on: no",
            "last event: -",
            "hook: refuses every event: api_key is not set",
            "events that wait: 0",
            "events that could not be read: 0",
            "events refused in 30 days: 0",
            "scores left out: 2",
        ],
    )
    assert _run(app, "trackers", "show", "other") == (1, "Error: there is no tracker or source 'other'\n")


@pytest.mark.parametrize(
    ("problem", "registration", "secret", "hook"),
    [
        ("it was deleted", {"id": "h1"}, b"sealed", "dead: it was deleted"),
        (None, None, b"sealed", "not registered"),
        (None, {"id": "h1"}, None, "refuses every event: secret is not set"),
    ],
)
def test_it_says_how_the_hook_is_doing(
    database: Database,
    desk: Connection,
    problem: str | None,
    registration: dict[str, str] | None,
    secret: bytes | None,
    hook: str,
) -> None:
    desk.hook_problem, desk.registration, desk.secret = problem, registration, secret

    assert health_of(database.session, desk).hook == hook


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
    stranger = (
        "No table of people names bob@example.com: whoever has such an address is asked, and counts for no department."
    )
    assert mapped == (0, f"{stranger}\n2 mapped; 2 people have an address now\n")
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
