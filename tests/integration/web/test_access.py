"""Every page of staff with every role: the answers stand in `access/<blueprint>.txt`, written out by hand.

A line is `METHOD route | nobody | head | other head | hr | admin | auditor`. `yes` is let in, `no` is refused for the
role (403), `none` is not there for these eyes (404), `in` is led to the sign-in (303). Forms are sent without their
token, so that a right role is refused only then (400) and nothing happens.
"""

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.domain.periods import Calendar
from app.domain.states import Role
from app.models.follow_ups import FollowUp
from app.models.webhooks import Webhook
from app.upkeep.audit import log as audit
from app.web.frame.access import OUTSIDE, Who, open_to, refuse_unruled, rule_of
from tests.builders.chores import trying
from tests.builders.culture import ASKED, VOICES, company, culture, freeze_documents, scorecard
from tests.builders.departments import department
from tests.builders.invitations import invitation
from tests.builders.issued import issue, staff
from tests.builders.paths import path_of
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.builders.signing_in import Door
from tests.conftest import BOB, CAROL, HELEN, MALLORY
from tests.servers.databases import Database
from tests.servers.kinds import on_sqlite

TABLES = Path(__file__).parent / "access"
AUDITOR = "nina@example.com"
OK = 200
COLUMNS = {
    "nobody": None,
    "head": BOB.email,
    "other head": MALLORY.email,
    "hr": HELEN.email,
    "admin": CAROL.email,
    "auditor": AUDITOR,
}
CALENDAR = Calendar(ZoneInfo("UTC"))


@pytest.fixture
def door(app: Flask, database: Database, now: datetime) -> Door:
    """Bob heads IT and Mallory FIN, both below OPS; scorecards are posted, a case waits, and a chore of Carol."""
    session = database.session
    ops = department(session, "OPS")
    it = department(session, "IT", parent=ops, head_email=BOB.email)
    fin = department(session, "FIN", parent=ops, head_email=MALLORY.email)
    for one in (ops, it, fin):
        issue(session, one, posted=now, calendar=CALENDAR)
    for role, email in ((Role.HR, HELEN.email), (Role.ADMIN, CAROL.email), (Role.AUDITOR, AUDITOR)):
        staff(session, email, role, now=now)
    trying(session, now, by=audit.by_staff(session, CAROL.email))
    cycle = completed_request(session, it, person(session, "ines@example.com"), now - timedelta(days=6))
    asked = invitation(session, cycle, sent_at=now - timedelta(days=6))
    told = {"invitation_id": asked.id, "person_id": asked.person_id, "department_id": it.id, "period": asked.period}
    session.add(FollowUp(**told, created_at=now))
    hook = {"url": "https://warehouse.example.com/told", "events": ["import.finished"], "secret": b"sealed"}
    session.add(Webhook(name="warehouse", created_at=now, **hook))
    freeze_documents(session, culture(scorecard("IT", (39, 60)), company=company(), asked=ASKED, voices=VOICES))
    return Door(app, database, now)


def staff_rules(app: Flask) -> Iterator[tuple[str, Rule]]:
    """Yield every way to call a page of staff."""
    ways = [
        (rule.rule, method, rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and rule.endpoint.partition(".")[0] not in OUTSIDE
        for method in {"GET", "POST"} & (rule.methods or set())
    ]
    yield from ((method, rule) for _, method, rule in sorted(ways, key=lambda way: way[:2]))


def word(answer: TestResponse) -> str:
    """Return what became of a caller, in one word."""
    assert answer.status_code < 500, answer.text
    led_in = answer.status_code == 303 and answer.location == "/sign-in"
    return "in" if led_in else {403: "no", 404: "none"}.get(answer.status_code, "yes")


def clients(door: Door) -> dict[str, FlaskClient]:
    return {name: door.signed_in(email) if email else door.app.test_client() for name, email in COLUMNS.items()}


def table_of(door: Door) -> dict[str, list[str]]:
    """Call everything as everybody; return the lines by blueprint."""
    callers, found = clients(door), dict[str, list[str]]()
    for method, rule in staff_rules(door.app):
        if rule.endpoint == "sign_in.leave":  # ends the session, so it is called by nobody here
            continue
        path = path_of(door.app, rule, {})
        words = " | ".join(f"{word(client.open(path, method=method)):4}" for client in callers.values())
        found.setdefault(rule.endpoint.partition(".")[0], []).append(f"{method:4} {rule.rule:45} | {words.rstrip()}")
    return found


@on_sqlite
def test_every_page_answers_every_role_as_written(door: Door) -> None:
    found = table_of(door)

    written = {file.stem: file.read_text(encoding="utf-8").splitlines() for file in TABLES.glob("*.txt")}
    sys.stdout.write("\n" + "\n".join(line for lines in found.values() for line in lines) + "\n")
    assert found == written


@on_sqlite
def test_reading_pages_as_anybody_writes_nothing_and_each_has_a_title_of_its_own(
    door: Door, written: list[str]
) -> None:
    callers, titles = clients(door), dict[str, set[str]]()
    written.clear()

    for method, rule in staff_rules(door.app):
        if method == "GET":
            for client in callers.values():
                answer = client.get(path_of(door.app, rule, {}))
                if answer.status_code == OK and answer.mimetype == "text/html":
                    title = answer.text.partition("<title>")[2].partition("</title>")[0]
                    titles.setdefault(title, set()).add(rule.rule)

    assert written == []
    assert len(titles) > 40
    assert {title: rules for title, rules in titles.items() if len(rules) > 1} == {}


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_every_page_opens_on_postgresql_as_on_sqlite(door: Door) -> None:
    """What other tests look at on SQLite alone is words: that its queries run on PostgreSQL stands here."""
    lines = [line.split("|") for file in sorted(TABLES.glob("*.txt")) for line in file.read_text("utf-8").splitlines()]
    expected = {tuple(way.split()): [word.strip() for word in words] for way, *words in lines}
    callers, found = clients(door), dict[tuple[str, ...], list[str]]()

    for method, rule in staff_rules(door.app):
        if method == "GET":
            # Whom it opens for, once; the roles of each page are compared on SQLite.
            told = expected[method, rule.rule]
            who = next((name for name, said in zip(callers, told, strict=True) if said == "yes"), "hr")
            answer = word(callers[who].get(path_of(door.app, rule, {})))
            found[method, rule.rule] = [answer, told[list(callers).index(who)]]

    assert len(found) > 100
    assert {way: answers for way, answers in found.items() if len(set(answers)) > 1} == {}


def test_a_page_without_a_rule_is_not_served(sqlite_app: Flask) -> None:
    sqlite_app.view_functions["forgotten.page"] = lambda: ""

    with pytest.raises(LookupError, match=r"forgotten\.page"):
        refuse_unruled(sqlite_app)


def test_a_view_may_have_a_rule_of_its_own(sqlite_app: Flask) -> None:
    sqlite_app.view_functions["posting.own"] = open_to(Who.STAFF)(lambda: "")

    assert rule_of(sqlite_app, "posting.own") is Who.STAFF
    assert rule_of(sqlite_app, "posting.change") != Who.STAFF
