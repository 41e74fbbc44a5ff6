"""Where HR, administrators and auditors begin: what waits for them, each with its link."""

import html
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from app.domain.auditing import Act
from app.domain.states import DeliveryState, MessageState, ResponseState, Role
from app.models.deliveries import Delivery
from app.models.departments import find_department
from app.models.messages import Message
from app.models.people import Bounce
from app.models.releases import PeriodRecord
from app.upkeep.audit import log as audit
from app.upkeep.policy.versions import set_policy
from app.upkeep.running import readiness
from tests.builders.departments import department
from tests.builders.issued import issue, staff
from tests.builders.messages import waiting_sign_in
from tests.builders.people import person
from tests.builders.responses import held_response
from tests.builders.service_requests import CALENDAR, connection
from tests.builders.signing_in import Door
from tests.builders.statements import counting
from tests.conftest import BOB
from tests.servers.databases import Database

NOW = datetime(2026, 10, 16, 9, tzinfo=UTC)
TASK = re.compile(r'<li><a href="([^"]+)">([^<]+)</a>')


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database) -> Door:
    session = sqlite.session
    for role in (Role.HR, Role.ADMIN, Role.AUDITOR):
        staff(session, f"{role.value}@example.com", role, now=NOW)
    issue(session, department(session, "IT", head_email=BOB.email), posted=None, calendar=CALENDAR)
    readiness.beat(session, NOW)
    session.commit()
    return Door(sqlite_app, sqlite, NOW)


def tasks(client: FlaskClient) -> dict[str, str]:
    page = client.get("/home").text
    return {html.unescape(words): address for address, words in TASK.findall(page.partition("<main")[2])}


def words(client: FlaskClient) -> str:
    text = re.sub(r"<[^>]+>", " ", client.get("/home").text.partition("<main")[2])
    return " ".join(html.unescape(text).split())


def test_hr_begins_with_the_quarter_in_hand_and_its_next_step(door: Door) -> None:
    client = door.signed_in("hr@example.com")
    begun = client.get("/").location
    told, asked = words(client), tasks(client)
    set_policy(door.database.session, {"posting": "after_review"}, author="a", reason="", now=NOW)
    door.database.session.commit()
    reviewed = tasks(client)
    door.database.session.get_one(PeriodRecord, "2026-Q3").posting_stopped = True
    door.database.session.commit()

    assert begun == "/home"
    assert "Quarter close, July to September 2026 5 of 7 done. Next: Send to the heads of departments. They" in told
    assert "Nothing waits for you here." in told
    assert (asked, reviewed) == ({}, {"The scorecards wait for you to send them.": "/close/2026-Q3#send"})
    assert tasks(client) == {"The mails of this quarter are stopped.": "/close/2026-Q3#send"}
    assert "What needs an administrator" not in told


def test_before_a_freeze_hr_reads_what_is_to_be_looked_at(door: Door) -> None:
    door.database.session.execute(delete(PeriodRecord))
    door.database.session.commit()

    assert tasks(door.signed_in("hr@example.com")) == {}  # the last answers are not in
    door.wait(hours=-24 * 2)
    client = door.signed_in("hr@example.com")
    assert tasks(client) == {"Look at how requests were closed.": "/close/2026-Q3#checks"}


def _break_everything(door: Door, times: int) -> None:
    session = door.database.session
    for number in range(times):
        tracker = connection(session, f"desk-{number}")
        tracker.kind, tracker.poll_failures, tracker.poll_problem = "jira", 3, "503"
        failed = {"state": DeliveryState.FAILED, "headers": {}, "body": b"{}", "received_at": NOW, "attempts": 5}
        session.add(Delivery(connection_id=tracker.id, delivery_key="1", error="no field", processed_at=NOW, **failed))
        session.add(Bounce(address_hash=bytes([number]) * 32, status="5.1.1", received_at=NOW))
    waiting_sign_in(session, BOB.email, now=NOW)
    provider = find_department(session, "IT")
    assert provider is not None
    held: dict[str, Any] = {"state": ResponseState.HELD_BACK, "signals": {"signals": ["fast"], "mail_system": None}}
    held_response(session, provider, person(session, "robot@example.com"), {"csat_overall": 5}, "2026-Q4", **held)
    session.execute(update(Message).values(state=MessageState.FAILED))
    session.commit()


def test_an_administrator_begins_with_what_needs_one_most_pressing_first(door: Door) -> None:
    client = door.signed_in("admin@example.com")
    quiet = words(client)
    _break_everything(door, 1)
    door.wait(hours=2)

    found = tasks(client)

    assert "Nothing. The worker runs, trackers report, mails go out." in quiet
    assert found == {
        "The worker has not been seen for a while.": "/admin/jobs",
        "desk-0 needs attention.": "/admin/trackers/desk-0",
        "1 event of desk-0 could not be read.": "/admin/trackers/desk-0/deliveries",
        "1 mail was refused.": "/admin/mail?state=failed",
        "1 address sent mail back in the last 30 days.": "/admin/mail/addresses",
        "1 answer looks like a machine's and waits for a decision.": "/admin/held-back",
    }
    assert "Quarter close" not in words(client)
    assert client.get("/admin").location == "/home"


@pytest.mark.parametrize("trackers", [1, 3])
def test_an_administrators_beginning_costs_the_same_however_much_is_broken(door: Door, trackers: int) -> None:
    client = door.signed_in("admin@example.com")
    _break_everything(door, trackers)
    client.get("/home")

    with counting(door.app) as statements:
        client.get("/home")

    assert len(statements) == 9


def test_hrs_beginning_costs_what_it_costs(door: Door) -> None:
    client = door.signed_in("hr@example.com")
    client.get("/home")

    with counting(door.app) as statements:
        client.get("/home")

    assert len(statements) == 13


def test_an_auditor_begins_with_what_was_done_last(door: Door) -> None:
    client = door.signed_in("auditor@example.com")
    empty = words(client)
    for _ in range(12):
        audit.note(door.database.session, "command line", Act.POLICY_SET, "policy", now=NOW)
    door.database.session.commit()

    page = client.get("/home").text

    assert "Nothing was done yet." in empty
    assert page.count("policy switched on") == 10
    assert 'href="/admin/log/12"' in page
