"""Administrators and auditors read the log: newest first, by act, by address, a page at a time."""

import csv
import re
import tracemalloc
from datetime import datetime, timedelta
from io import StringIO

import pytest
from flask import Flask
from sqlalchemy import insert, update

from app.domain.act_groups import ActGroup, acts_of
from app.domain.auditing import COMMAND_LINE, Act
from app.domain.states import Role
from app.models.audit import AuditEntry
from app.upkeep.audit import log as audit
from app.upkeep.audit.log import entries, newest_digest, note, person_subject
from tests.builders.departments import department
from tests.builders.issued import staff
from tests.builders.signing_in import Door
from tests.builders.statements import counting
from tests.conftest import ALICE, CAROL
from tests.servers.databases import Database

AUDITOR = "nina@example.com"


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database, now: datetime) -> Door:
    door, session = Door(sqlite_app, sqlite, now), sqlite.session
    carol = staff(session, CAROL.email, Role.ADMIN, now=now)
    staff(session, AUDITOR, Role.AUDITOR, now=now)
    for number in range(55):
        note(session, f"staff:{carol.id}", Act.POLICY_SET, "policy", {"version": number}, now=now - timedelta(days=1))
    alice = person_subject(door.links.keys, ALICE.email)
    note(session, COMMAND_LINE, Act.PERSON_EXPORTED, alice, {"<b>": "<script>"}, now=now)
    session.commit()
    return door


def test_the_newest_comes_first_and_older_ones_follow(door: Door) -> None:
    nina = door.signed_in(AUDITOR)

    first = nina.get("/admin/log").text
    older = nina.get(first.split('<p class="more"><a class="btn second" href="')[1].split('"')[0]).text

    assert first.index("personal data exported</a>") < first.index("policy switched on</a>")
    assert (first.count('<th scope="row">'), older.count('<th scope="row">')) == (50, 6)
    assert "command line" in first
    assert CAROL.email in older


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("act=person.exported", 1),
        ("group=data", 1),
        ("group=settings", 50),
        ("group=data&act=policy.set", 1),  # another area was chosen: the act was of the one before
        (f"about={ALICE.email.upper()}", 1),
        (f"about={CAROL.email}", 50),
        ("about=x", 0),
        ("from=2026-11-17", 1),
        ("to=2026-11-16", 50),
        ("from=2026-11-18", 0),
    ],
)
def test_it_is_filtered_by_area_act_address_and_day(door: Door, query: str, count: int) -> None:
    page = door.signed_in(AUDITOR).get(f"/admin/log?{query}").text

    assert page.count('<th scope="row">') == count
    assert ("There is no such entry." in page) == (count == 0)


def test_an_area_offers_its_own_acts_and_none_offers_all(door: Door) -> None:
    nina = door.signed_in(AUDITOR)

    everything, data = nina.get("/admin/log").text, nina.get("/admin/log?group=data").text

    assert (everything.count("<option"), '<select id="act"' in everything) == (8, False)
    assert data.count("<option") == 8 + 1 + len(acts_of(ActGroup.DATA))


def test_departments_and_people_asked_about_stand_with_their_names(door: Door, now: datetime) -> None:
    session = door.database.session
    desk = department(session, "DESK", name="Service Desk")
    note(session, COMMAND_LINE, Act.DEPARTMENT_CHANGED, f"department:{desk.id}", {"fields": ["name"]}, now=now)
    session.commit()
    nina = door.signed_in(AUDITOR)

    page, about = nina.get("/admin/log?group=people").text, nina.get(f"/admin/log?about={ALICE.email}").text

    assert "Service Desk (DESK)" in page
    assert f'<td class="full">{ALICE.email}</td>' in about


def test_what_is_listed_is_taken_along_and_that_is_noted(door: Door) -> None:
    nina = door.signed_in(AUDITOR)

    file = door.post(nina, f"/admin/log/export?group=data&about={ALICE.email}", {}, shown="/admin/log").data
    again = door.post(nina, "/admin/log/export", {}, shown="/admin/log").text

    rows = list(csv.DictReader(StringIO(file.decode("utf-8-sig"))))
    with door.database.sessions() as session:
        first, *_, noted, _last = entries(session, last=3)
    assert [(row["act"], row["subject_name"], row["details"]) for row in rows] == [
        ("personal data exported", ALICE.email, '{"<b>": "<script>"}')
    ]
    assert rows[0]["digest"] == first.digest
    subject = person_subject(door.links.keys, ALICE.email)
    assert (noted.action, noted.details) == ("audit.exported", {"entries": 1, "group": "data", "about": subject})
    assert len(list(csv.reader(StringIO(again)))) == 1 + 57


def test_a_log_of_any_length_is_taken_along_in_bounded_memory(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    row = {
        "at": door.moment,
        "actor": "worker",
        "action": "policy.set",
        "subject": "policy",
        "details": {"a": "x" * 5000},
    }
    rows = [row | {"previous_digest": f"p{number}", "digest": f"d{number}"} for number in range(800)]
    with door.database.sessions.begin() as session:
        session.execute(insert(AuditEntry), rows)
    monkeypatch.setattr(audit, "READ_AT_ONCE", 40)
    nina = door.signed_in(AUDITOR)

    file = door.post(nina, "/admin/log/export", {}, shown="/admin/log")
    tracemalloc.start()
    size = sum(len(piece) for piece in file.iter_encoded())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    file.close()

    assert size > 800 * 5000
    assert peak < 2_000_000


def test_the_chain_is_walked_on_the_page_and_a_kept_digest_is_looked_for(door: Door) -> None:
    nina, kept = door.signed_in(AUDITOR), newest_digest(door.database.session)
    door.database.session.rollback()

    with counting(door.app) as statements:
        intact = nina.get(f"/admin/log/chain?digest={kept}").text
    unknown = nina.get("/admin/log/chain?digest=sha256:00").text
    with door.database.sessions.begin() as session:
        session.execute(update(AuditEntry).where(AuditEntry.id == 7).values(actor="staff:1000"))
    broken = nina.get("/admin/log/chain").text

    assert "The chain is intact." in intact
    assert "Each of 56 entries follows the one before it" in intact
    assert ("It still stands in the log." in intact, "No entry has this digest" in unknown) == (True, True)
    assert "Entry 7 does not follow the one before it" in broken
    assert len(statements) == 5


def test_an_entry_shows_all_that_it_holds_and_what_it_hangs_on(door: Door) -> None:
    page = door.signed_in(CAROL.email).get("/admin/log/56").text

    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    assert page.count("sha256:") == 2


@pytest.mark.parametrize(
    "path",
    [
        "/admin/log/9999",
        "/admin/log?act=made.up",
        "/admin/log?group=x",
        "/admin/log?cursor=zzz",
    ],
)
def test_what_is_not_there_is_404(door: Door, path: str) -> None:
    assert door.signed_in(AUDITOR).get(path).status_code == 404


def test_a_page_costs_the_same_however_long_the_log(door: Door) -> None:
    nina, counts = door.signed_in(AUDITOR), []
    for query in ("?act=person.exported", ""):
        with counting(door.app) as statements:
            nina.get(f"/admin/log{query}")
        counts.append(len(statements))

    assert counts == [5, 5]


def test_what_an_entry_holds_stands_in_words(door: Door) -> None:
    details = {
        "kind": "jira",
        "requests_kept": 1200,
        "scopes": ["requests:write"],
        "fields": ["staff_count"],
        "given": ["auditor"],
        "since": "2026-07-01T00:00:00+00:00",
        "department": "*",
        "way": "code",
        "change": "begun",
        "of_tomorrow": "as it is",
    }
    note(door.database.session, "staff:900", Act.CONNECTION_REMOVED, "policy:api-key:7", details, now=door.moment)
    door.database.session.commit()

    page = door.signed_in(AUDITOR).get("/admin/log/57").text

    told = dict(re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", page))
    assert told | {"When": ""} == {
        "When": "",
        "Who": "account 900, which is gone",
        "On what": "draft of the policy by API key 7, which is gone",
        "Kind": "Jira",
        "Requests that stay": "1,200",
        "What it may do": "tell of requests",
        "Changed": "Number of staff",
        "Given": "auditor",
        "From": "1\xa0July 2026",
        "Department": "all departments",
        "Way to sign in": "code from an app",
        "What was done": "begun",
        "of_tomorrow": "as it is",
    }
