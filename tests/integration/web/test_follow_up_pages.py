"""Who finds the names of those who asked to be contacted, and how a case comes to its end on the pages of a head."""

import html
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app.domain.periods import Calendar
from app.domain.states import FollowUpState, Role
from app.models.departments import Department
from app.models.follow_ups import FollowUp
from app.models.messages import Message
from app.upkeep.audit import log as audit
from tests.builders.bad_input import BAD
from tests.builders.departments import department
from tests.builders.follow_ups import case
from tests.builders.issued import issue, staff
from tests.builders.signing_in import Door, form_token, hidden_fields
from tests.builders.statements import counting
from tests.conftest import BOB, HELEN, MALLORY, Person
from tests.servers.databases import Database

CALENDAR = Calendar(ZoneInfo("UTC"))
NAME, RITA = "Ines Varga", "rita@example.com"
TYPED = re.compile(r'<textarea id="\w+" name="(\w+)"[^>]*>([^<]*)</textarea>')
LISTED = 'href="/contacts/1"'


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database, now: datetime) -> Door:
    """Mallory heads OPS; below it Bob and Rita head IT, and DESK below IT has no head. Ines waits for DESK."""
    session = sqlite.session
    ops = department(session, "OPS", head_email=MALLORY.email)
    it = department(session, "IT", parent=ops, head_email=BOB.email)
    desk = department(session, "DESK", parent=it, name="Service Desk")
    for one in (ops, it, desk):
        issue(session, one, posted=now, calendar=CALENDAR)
    staff(session, RITA, Role.HEAD, it, now=now, name="Rita Deputy")
    staff(session, HELEN.email, Role.HR, now=now)
    case(session, desk, now - timedelta(days=6), name=NAME)
    session.commit()
    return Door(sqlite_app, sqlite, now)


def _states(door: Door) -> list[tuple[FollowUpState, datetime | None]]:
    with door.database.sessions() as session:
        return list(session.execute(select(FollowUp.state, FollowUp.contacted_at)).tuples())


def _press(client: FlaskClient, back: str, *, number: int = 1) -> TestResponse:
    token = form_token(client.get("/scorecards"))
    return client.post(f"/contacts/{number}", data={"csrf_token": token, "back": back})


@pytest.mark.parametrize(
    ("who", "path", "named"),
    [
        (BOB, "/contacts", True),
        (BOB, "/contacts/1", True),
        (MALLORY, "/contacts", False),
        (BOB, "/scorecards", True),
        (BOB, "/scorecards/2026-Q3/DESK", True),
        (BOB, "/scorecards/2026-Q3/IT", True),  # DESK has no head, so its cases are Bob's
        (MALLORY, "/scorecards", False),
        (MALLORY, "/scorecards/2026-Q3/OPS", False),
        (MALLORY, "/scorecards/2026-Q3/DESK", False),
        (HELEN, "/scorecards", False),
        (HELEN, "/scorecards/2026-Q3/DESK", False),
    ],
)
def test_the_nearest_head_sees_the_name_and_nobody_else(door: Door, who: Person, path: str, named: bool) -> None:
    page = door.signed_in(who.email).get(path)

    assert page.status_code == 200
    assert (NAME in page.text, "A new badge" in page.text) == (named, named)


@pytest.mark.parametrize("path", ["/home", "/contacts", "/contacts/1"])
def test_who_waits_longer_than_promised_is_marked(door: Door, path: str) -> None:
    over = "2 working days longer than promised"

    assert over in door.signed_in(BOB.email).get(path).text
    with door.database.sessions.begin() as session:
        session.execute(update(FollowUp).values(created_at=door.moment - timedelta(days=1)))
    assert "longer than promised" not in door.signed_in(BOB.email).get(path).text


def test_the_button_notes_the_contact_once_and_leads_back(door: Door) -> None:
    client = door.signed_in(BOB.email)
    back = "/scorecards/2026-Q3/DESK"

    pressed = _press(client, back)
    first = _states(door)
    door.wait(hours=1)
    _press(client, back)

    assert pressed.location == f"{back}?contacted=1#contacts"
    assert first == _states(door) == [(FollowUpState.CONTACTED, first[0][1])]
    assert first[0][1] == door.moment - timedelta(hours=1)
    page = client.get(back + "?contacted=1").text
    assert "Nobody else waits." in page
    assert NAME not in page
    with door.database.sessions() as session:
        entries = list(audit.entries(session))
    noted = [(entry.actor, entry.action, entry.subject) for entry in entries]
    assert noted == [("head", "follow_up.contacted", "follow-up:1")]  # which head would tell the department


@pytest.mark.parametrize(("who", "status"), [(MALLORY, 404), (HELEN, 403)])
def test_nobody_else_can_press_it(door: Door, who: Person, status: int) -> None:
    client = door.signed_in(who.email)

    assert _press(client, "/scorecards").status_code == status
    assert _states(door) == [(FollowUpState.WAITING, None)]


def test_a_foreign_form_changes_nothing(door: Door) -> None:
    client = door.signed_in(BOB.email)

    answer = client.post("/contacts/1", data={"back": "/scorecards"})

    assert answer.status_code == 400
    assert _states(door) == [(FollowUpState.WAITING, None)]


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "/scorecards//evil", "/sign-out", ""])
def test_it_leads_back_to_our_pages_only(door: Door, back: str) -> None:
    assert _press(door.signed_in(BOB.email), back).location == "/contacts?contacted=1#contacts"


def _shown(client: FlaskClient, act: str, **typed: str) -> dict[str, str]:
    """Return the form of the case as it is shown, with what is typed and the button that is pressed."""
    return _form_in(client.get("/contacts/1")) | {"act": act, **typed}


def _form_in(page: TestResponse) -> dict[str, str]:
    return hidden_fields(page) | {
        name: html.unescape(text).removeprefix("\n") for name, text in TYPED.findall(page.text)
    }


def _closings(door: Door) -> list[tuple[str | None, str]]:
    with door.database.sessions() as session:
        rows = session.scalars(select(Message).where(Message.name == "closed_case"))
        return [(row.recipient, (row.params or {})["word"]) for row in rows]


def test_a_case_comes_to_its_end(door: Door) -> None:
    client = door.signed_in(BOB.email)
    contacted = client.post("/contacts/1", data=_shown(client, "contacted"))
    assert "close the case: only then is Ines Varga told." in client.get(contacted.location).text
    client.post("/contacts/1", data=_shown(client, "note", note="She gets a new badge.\r\nOn Monday."))

    closed = client.post("/contacts/1", data=_shown(client, "done", last_word="Your badge is at the desk."))

    assert (closed.status_code, closed.location) == (303, "/contacts/1?kept=done")
    assert _closings(door) == [("ines@example.com", "Your badge is at the desk.")]
    page = client.get(closed.location).text
    assert "The case is closed." in page
    assert "The mail to Ines Varga is on its way." in page
    assert "She gets a new badge.\nOn Monday.</textarea>" in page
    assert "Close and tell them" not in page
    listed = client.get("/contacts").text
    assert "Nobody waits for a word from you." in listed
    assert listed.index("<h2>Closed</h2>") < listed.index(LISTED)
    with door.database.sessions() as session:
        noted = [(entry.actor, entry.action) for entry in audit.entries(session)]
    assert noted == [("head", f"follow_up.{act}") for act in ("contacted", "noted", "noted", "done")]


def test_a_second_press_tells_nobody_again(door: Door) -> None:
    client = door.signed_in(BOB.email)
    form = _shown(client, "done", last_word="Done.")

    answers = [client.post("/contacts/1", data=form).status_code for _ in range(2)]

    assert (answers, _closings(door)) == ([303, 303], [("ines@example.com", "Done.")])


def test_of_two_heads_the_second_reads_what_the_first_told(door: Door) -> None:
    bob, rita = door.signed_in(BOB.email), door.signed_in(RITA)
    first, second = _shown(bob, "done"), _shown(rita, "done")
    bob.post("/contacts/1", data=first | {"last_word": "At the desk."})

    late = rita.post("/contacts/1", data=second | {"last_word": "We are <still> looking."})

    assert late.status_code == 409
    assert "This case was closed while you were typing." in late.text
    assert "At the desk." in late.text
    assert "<q>We are &lt;still&gt; looking.</q>" in late.text
    assert _closings(door) == [("ines@example.com", "At the desk.")]


def test_of_two_notes_the_second_head_sees_the_first(door: Door) -> None:
    bob, rita = door.signed_in(BOB.email), door.signed_in(RITA)
    first, second = _shown(bob, "note"), _shown(rita, "note")
    bob.post("/contacts/1", data=first | {"note": "Bob rings."})

    late = rita.post("/contacts/1", data=second | {"note": "Rita writes."})
    again = rita.post("/contacts/1", data=_form_in(late) | {"act": "note", "note": "Bob rings, Rita writes."})

    assert late.status_code == 409
    assert "For yourselves: was nothing, now Bob rings., you wrote Rita writes." in late.text
    assert again.status_code == 303
    with door.database.sessions() as session:
        assert session.scalar(select(FollowUp.note)) == "Bob rings, Rita writes."


def test_whatever_is_typed_as_a_note_is_kept_or_pointed_at(door: Door) -> None:
    client = door.signed_in(BOB.email)

    answers = {kind: client.post("/contacts/1", data=_shown(client, "note", note=typed)) for kind, typed in BAD.items()}

    assert {kind: answer.status_code for kind, answer in answers.items()} == {
        kind: 422 if kind == "long" else 303 for kind in BAD
    }
    assert "This is 4000 characters too long; there is room for 1000." in answers["long"].text
    assert "x" * 5000 in answers["long"].text


def test_a_word_that_is_too_long_closes_nothing_and_script_stays_text(door: Door) -> None:
    client = door.signed_in(BOB.email)
    form = _shown(client, "done")

    long = client.post("/contacts/1", data=form | {"last_word": BAD["long"]})
    states = _states(door)
    client.post("/contacts/1", data=form | {"last_word": BAD["script"]})

    assert (long.status_code, states) == (422, [(FollowUpState.WAITING, None)])
    assert BAD["long"] in long.text
    assert "<script>alert" not in client.get("/contacts/1").text
    assert _closings(door) == [("ines@example.com", BAD["script"])]


@pytest.mark.parametrize("act", ["note", "done", "contacted"])
def test_another_departments_head_finds_no_case(door: Door, act: str) -> None:
    mallory, bob = door.signed_in(MALLORY.email), door.signed_in(BOB.email)
    token = form_token(mallory.get("/scorecards"))

    posted = mallory.post("/contacts/1", data=_shown(bob, act) | {"csrf_token": token})

    assert (mallory.get("/contacts/1").status_code, posted.status_code) == (404, 404)
    assert (_states(door), _closings(door)) == ([(FollowUpState.WAITING, None)], [])


@pytest.mark.parametrize("cases", [1, 3])
def test_the_list_costs_the_same_however_many_wait(door: Door, cases: int) -> None:
    session = door.database.session
    desk = session.scalars(select(FollowUp)).one().department_id
    for number in range(1, cases):
        case(session, session.get_one(Department, desk), door.moment, email=f"p{number}@example.com")
    session.commit()
    client = door.signed_in(BOB.email)
    client.get("/contacts")

    with counting(door.app) as statements:
        page = client.get("/contacts")

    assert page.text.count("waiting since") == cases
    assert len(statements) == 6


def test_what_is_written_is_kept_with_the_contact_and_while_the_case_is_open(door: Door) -> None:
    client = door.signed_in(BOB.email)

    client.post("/contacts/1", data=_shown(client, "contacted", note="Rang.", last_word="Soon."))

    assert _states(door) == [(FollowUpState.CONTACTED, door.moment)]
    assert {
        name: text for name, text in _form_in(client.get("/contacts/1")).items() if name in {"note", "last_word"}
    } == {
        "note": "Rang.",
        "last_word": "Soon.",
    }
    assert _closings(door) == []


def test_a_button_of_the_list_after_the_session_ended_fills_no_form(door: Door) -> None:
    client = door.signed_in(BOB.email)
    client.post("/contacts/1", data=_shown(client, "note", note="Rang."))
    token = form_token(client.get("/scorecards"))
    door.wait(hours=13)

    sent = client.post("/contacts/1", data={"csrf_token": token, "act": "contacted", "back": "/contacts"})
    door.use(client, door.printed(BOB.email))
    page = client.get("/contacts/1")

    assert sent.status_code == 303
    assert _form_in(page)["note"] == "Rang."
    assert "This is what you typed" not in page.text
