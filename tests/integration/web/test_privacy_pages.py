"""Carol hands out what is held about somebody, erases whoever asks for it, and has copies written."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from app.domain.states import MessageState, Role
from app.foundations.crypto import Keys
from app.jobs.chores import run_chores
from app.jobs.installation import Installation
from app.jobs.night import retain
from app.mail.links import Links
from app.mail.outbox import COMPOSERS
from app.models.audit import AuditEntry
from app.models.chores import Chore
from app.models.messages import Message
from app.models.people import Person, PersonVersion, Suppression
from app.models.response_links import ResponseLink
from app.models.service_requests import ServiceRequest
from app.upkeep.audit.log import person_subject
from app.upkeep.running import copies
from app.upkeep.running.outbox import CannotBeWithdrawn, withdraw_message
from tests.builders.bad_input import BAD
from tests.builders.departments import department
from tests.builders.issued import staff
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.builders.signing_in import Door, hidden_fields
from tests.conftest import ALICE, CAROL
from tests.servers.databases import Database

DESK, BACKUPS = "/admin/privacy", "/admin/backups"


def a_door(app: Flask, database: Database, now: datetime) -> Door:
    """Alice has asked for something; Carol looks after it."""
    session = database.session
    completed_request(session, department(session, "IT"), person(session, ALICE.email, name="Alice"), now)
    staff(session, CAROL.email, Role.ADMIN, now=now)
    session.commit()
    return Door(app, database, now)


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database, now: datetime) -> Door:
    return a_door(sqlite_app, sqlite, now)


@pytest.fixture
def carol(door: Door) -> FlaskClient:
    return door.signed_in(CAROL.email)


def work(door: Door) -> int:
    settings = door.database.settings
    return run_chores(Installation(settings, Keys.of(settings), door.database.sessions), now=door.moment)


def acts(door: Door) -> list[tuple[str, str, str]]:
    with door.database.sessions() as session:
        rows = session.execute(select(AuditEntry.actor, AuditEntry.action, AuditEntry.subject).order_by(AuditEntry.id))
        return list(rows.tuples())


def count(door: Door, table: type) -> int:
    with door.database.sessions() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_what_is_held_is_handed_out_to_read_in_the_language_of_its_reader(door: Door, carol: FlaskClient) -> None:
    with door.database.sessions.begin() as session:
        session.execute(update(PersonVersion).values(language="de"))

    answer = door.post(carol, DESK, {"address": ALICE.email, "act": "read"})
    told = [re.sub(r"<[^>]+>", "", line) for line in re.findall(r"<d[td]>.*?</d[td]>|<h2>.*?</h2>", answer.text)]

    assert answer.headers["Content-Disposition"] == "attachment; filename=personal-data-2026-11-17.html"
    assert told[:8] == [
        "Name, Abteilung und Sprache",
        "Seit",
        "Beginn",
        "Name",
        "Alice",
        "Sprache",
        "Deutsch",
        "Gilt als besonders wichtig",
    ]
    assert "Abteilung, die die Arbeit getan hat" in told
    assert [act for _, act, _ in acts(door)] == ["person.exported"]


def test_what_is_held_is_handed_out_as_a_file_and_noted(door: Door, carol: FlaskClient) -> None:
    answer = door.post(carol, DESK, {"address": " Alice@Example.com ", "act": "export"})

    assert answer.headers["Content-Disposition"] == "attachment; filename=personal-data-2026-11-17.json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert json.loads(answer.text)["email"] == ALICE.email
    subject = person_subject(door.app.extensions["parity_keys"], ALICE.email)
    assert acts(door) == [("staff:1", "person.exported", subject)]


def test_whoever_it_is_about_is_told_who_made_the_file(door: Door, carol: FlaskClient) -> None:
    door.post(carol, DESK, {"address": ALICE.email, "act": "export"})
    door.post(carol, DESK, {"address": "nobody@example.com", "act": "export"})

    with door.database.sessions() as session:
        row = session.scalars(select(Message).where(Message.name == "data_exported")).one()
        mail = COMPOSERS[row.name](session, row, Links(base_url="", keys=door.app.extensions["parity_keys"]))
        with pytest.raises(CannotBeWithdrawn):
            withdraw_message(session, row.id)
    assert row.recipient == ALICE.email
    assert "Hello Alice," in mail.text
    assert f"{CAROL.email} made a file at " in mail.text


def test_nobody_is_said_to_be_nobody(door: Door, carol: FlaskClient) -> None:
    answer = door.post(carol, DESK, {"address": "nobody@example.com", "act": "export"})

    assert (answer.status_code, "Nobody is known as nobody@example.com." in answer.text, acts(door)) == (422, True, [])


def test_bad_input_is_refused(door: Door, carol: FlaskClient) -> None:
    for act in ("export", "erase"):
        for kind, typed in BAD.items():
            answer = door.post(carol, DESK, {"address": typed, "act": act})
            assert (answer.status_code, "<script>alert" in answer.text) == (422, False), (act, kind)

    assert acts(door) == []


def test_somebody_is_erased_once_the_address_was_typed_again(app: Flask, database: Database, now: datetime) -> None:
    door = a_door(app, database, now)
    carol = door.signed_in(CAROL.email)

    page = door.post(carol, DESK, {"address": ALICE.email, "act": "erase"}).location
    mistyped = door.post(carol, page, {"again": "alicia@example.com"})
    left = count(door, Person)
    fields = hidden_fields(carol.get(page))
    pressed = door.post(carol, page, {"again": "ALICE@example.com"})
    back = carol.get(page).location
    erased, reloaded = carol.get(pressed.location), carol.get(pressed.location)
    again = carol.get(carol.post(page, data=fields | {"again": ALICE.email}).location)

    assert ALICE.email not in page
    assert (mistyped.status_code, "This is another address." in mistyped.text, left) == (422, True, 1)
    assert (pressed.status_code, pressed.location, erased.text == reloaded.text) == (303, f"{DESK}/erased", True)
    assert "alice@example.com was erased and will get no mail." in erased.text
    assert back == f"{DESK}/erased"
    assert "1 request without its requester" in erased.text
    assert "answer" not in re.sub(r"<nav.*?</nav>", "", erased.text, flags=re.DOTALL)
    assert "Nobody is known as alice@example.com; the address will get no mail." in again.text
    assert (count(door, Person), count(door, Suppression), count(door, ServiceRequest)) == (0, 1, 1)
    assert [act for _, act, _ in acts(door)] == ["person.erased", "person.erased"]


@pytest.mark.parametrize("page", ["erase?about=", "erase?about=x", "erase?about=alice@example.com", "erased"])
def test_an_erasure_that_nobody_led_on_to_leads_back(carol: FlaskClient, page: str) -> None:
    answer = carol.get(f"{DESK}/{page}")

    assert (answer.status_code, answer.location) == (303, DESK)


def test_the_worker_deletes_what_is_too_old_when_asked(door: Door, carol: FlaskClient) -> None:
    asked = door.post(carol, f"{DESK}/retain", {}, shown=DESK)
    waiting = carol.get(DESK).text
    work(door)

    assert (asked.status_code, "It waits for the worker." in waiting) == (303, True)
    assert "rows were deleted or emptied." in carol.get(DESK).text
    assert acts(door) == [("staff:1", "retention.run", "database")]


def test_deleting_what_is_too_old_does_not_tell_whether_somebody_answered(door: Door, carol: FlaskClient) -> None:
    def pressed() -> dict[str, Any]:
        door.post(carol, f"{DESK}/retain", {}, shown=DESK)
        work(door)
        with door.database.sessions() as session:
            done, noted = session.scalars(select(Chore)).all()[-1], session.scalars(select(AuditEntry)).all()[-1]
            return {"chore": done.result, "log": noted.details, "page": "0 rows were deleted" in carol.get(DESK).text}

    nobody_answered = pressed()
    long_ago = door.moment - timedelta(days=9)
    with door.database.sessions.begin() as session:
        moments = {"expires_at": door.moment - timedelta(seconds=1), "submitted_at": long_ago}
        session.add(ResponseLink(public_id=b"i" * 16, response_id=b"r" * 16, **moments))
        kept = {"created_at": long_ago, "due_at": long_ago, "accepted_at": long_ago, "params": {}, "attempts": 1}
        session.add(
            Message(key="r", name="reminder", recipient="a@b.c", language="en", state=MessageState.SENT, **kept)
        )

    assert pressed() == nobody_answered
    assert (count(door, ResponseLink), nobody_answered["page"]) == (0, True)


def test_the_desk_says_how_long_things_are_kept(carol: FlaskClient) -> None:
    text = carol.get(DESK).text

    assert [span in text for span in ("25 months", "12 months", "30 days", "6 years", "1 day")] == [True] * 5


def test_a_copy_is_written_listed_and_forgotten_after_twelve_days(door: Door, carol: FlaskClient) -> None:
    settings = door.database.settings
    before = carol.get(BACKUPS).text
    asked = door.post(carol, BACKUPS, {})
    work(door)
    name = "parity-2026-11-17T093000.sqlite3"
    after = carol.get(BACKUPS).text
    (copies.folder(settings) / "notes.txt").write_text("not ours")
    installation = Installation(settings, Keys.of(settings), door.database.sessions)
    kept = retain(installation, now=door.moment + timedelta(days=12))["copies"]
    forgotten = retain(installation, now=door.moment + timedelta(days=12, seconds=1))["copies"]

    assert "No copy written from here yet" in before
    assert (asked.status_code, f"Written: {name}" in after, f">{name}</td>" in after) == (303, True, True)
    assert (kept, forgotten) == (0, 1)
    assert [path.name for path in copies.folder(settings).iterdir()] == ["notes.txt"]
    assert acts(door) == [("staff:1", "backup.written", "database")]


def test_nothing_hands_a_copy_out(door: Door, carol: FlaskClient) -> None:
    copies.write_copy(door.database.settings, now=door.moment)
    name = copies.copies(door.database.settings)[0].name

    assert [carol.get(f"{BACKUPS}/{name}").status_code, f'href="{BACKUPS}/' in carol.get(BACKUPS).text] == [404, False]
