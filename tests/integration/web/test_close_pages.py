"""HR closes a quarter on one page: every step says where it stands, one is next, and each button does it once."""

import html
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.domain.asking_policy import AskingPolicy, Posting
from app.domain.periods import Period
from app.domain.states import ConnectionSide, Role
from app.models.close_checks import CloseCheck
from app.models.messages import Message
from app.models.releases import PeriodRecord
from app.pipeline import scorecards
from app.upkeep.audit import log as audit
from app.upkeep.policy.versions import set_policy
from tests.builders.asking import KEYS
from tests.builders.departments import department
from tests.builders.issued import issue, staff
from tests.builders.people import person
from tests.builders.responses import held_response, quarter_salt
from tests.builders.service_requests import CALENDAR, connection
from tests.builders.signing_in import Door, form_token, hidden_fields
from tests.builders.statements import counting
from tests.conftest import BOB, HELEN, MALLORY
from tests.servers.databases import Database

Q3 = Period(2026, 3)
BEFORE_THE_FREEZE, FROZEN = datetime(2026, 10, 14, 20, tzinfo=UTC), datetime(2026, 10, 15, 7, tzinfo=UTC)
REVIEWED = replace(AskingPolicy(), posting=Posting.AFTER_REVIEW)
NOW = re.compile(r'<li class="now" id="(\w+)" aria-current="step">')
SEND = "/close/2026-Q3/send"
BADGE = re.compile(r'<span class="verdict info">([^<]+)</span>')
MAIL = re.compile(r'<tr><th scope="row"')
PRIMARY = re.compile(r'<(?:button|a) class="btn"')


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database) -> Door:
    """Bob heads IT; customers speak through a source that has told nothing. Scorecards wait for HR's word."""
    session = sqlite.session
    department(session, "IT", head_email=BOB.email)
    staff(session, HELEN.email, Role.HR, now=BEFORE_THE_FREEZE, name=HELEN.name)
    connection(session, "billing", ConnectionSide.SCORES)
    set_policy(session, {"posting": "after_review"}, author="a", reason="", now=BEFORE_THE_FREEZE)
    session.commit()
    return Door(sqlite_app, sqlite, BEFORE_THE_FREEZE)


def freeze(door: Door) -> None:
    session = door.database.session
    issue(session, department(session, "FIN", head_email="fin@example.com"), posted=None, calendar=CALENDAR)
    session.commit()
    door.moment = FROZEN


def press(client: FlaskClient, act: str, **fields: str) -> TestResponse:
    token = form_token(client.get("/close/2026-Q3"))
    return client.post("/close/2026-Q3", data={"csrf_token": token, "act": act, **fields})


def work(door: Door) -> int:
    with door.database.sessions.begin() as session:
        return scorecards.post_due(
            session,
            calendar=CALENDAR,
            policy=REVIEWED,
            languages=("en",),
            now=door.moment,
            draw=lambda _session, _row, _language: None,
        )


def comment(door: Door, *, people: int) -> None:
    """So many answered about HR; one of them wrote."""
    session = door.database.session
    quarter_salt(session, KEYS, "2026-Q3")
    place = department(session, "HR")
    for number in range(people):
        who = person(session, f"p{number}@example.com")
        text = "Ask Bob." if number == 0 else None
        held_response(session, place, who, {"csat_overall": 2}, "2026-Q3", comment=text)
    session.commit()


def words(client: FlaskClient, path: str) -> str:
    text = re.sub(r"<[^>]+>", " ", client.get(path).text.partition("<main")[2])
    return " ".join(html.unescape(text).split())


def noted(door: Door) -> list[tuple[str, str, object]]:
    with door.database.sessions() as session:
        return [(entry.action, entry.actor, entry.details) for entry in audit.entries(session)]


def test_it_leads_to_the_quarter_that_waits(door: Door) -> None:
    client = door.signed_in(HELEN.email)

    before = client.get("/close").location
    freeze(door)
    frozen = client.get("/close").location
    door.database.session.get_one(PeriodRecord, "2026-Q3").posted_at = FROZEN
    door.database.session.commit()

    assert (before, frozen, client.get("/close").location) == ("/close/2026-Q3", "/close/2026-Q3", "/close/2026-Q4")


def test_hr_closes_a_quarter(door: Door) -> None:
    client, next_steps = door.signed_in(HELEN.email), []

    def see() -> None:
        page = client.get("/close/2026-Q3").text
        next_steps.append((NOW.findall(page), len(PRIMARY.findall(page))))

    see()
    press(client, "look")
    see()
    without = press(client, "go_without", source="billing")
    see()
    freeze(door)
    see()
    press(client, "approve")
    posted = work(door)
    see()

    assert next_steps == [(["checks"], 1), (["scores"], 0), (["freeze"], 0), (["send"], 1), (["send"], 0)]
    assert without.location == "/close/2026-Q3#scores"
    assert posted == 1
    assert noted(door) == [
        ("close.checked", "staff:1", {"step": "checks"}),
        ("close.checked", "staff:1", {"step": "scores", "source": "billing"}),
        ("scorecards.posting_approved", "staff:1", {"step": "send"}),
    ]


def test_before_the_mails_leave_it_is_asked_once_with_how_many_go_to_whom(door: Door) -> None:
    client, session = door.signed_in(HELEN.email), door.database.session
    before = client.get(SEND).location
    freeze(door)
    root = department(session, "ALL", staff_count=200, head_email="top@example.com")
    for code, head in (("LAW", "fin@example.com"), ("LAB", None)):
        issue(
            session, department(session, code, parent=root, head_email=head), name=code, posted=None, calendar=CALENDAR
        )
    department(session, "TINY", parent=root, staff_count=3, head_email=MALLORY.email)
    session.commit()

    page, asked = words(client, "/close/2026-Q3"), words(client, SEND)
    pressed = client.post("/close/2026-Q3", data=hidden_fields(client.get(SEND)) | {"act": "approve"})
    after = client.get(SEND).location
    written = work(door)

    counted = "4 mails to 3 people. 1 of them only says that a department is too small for a scorecard of its own."
    assert (counted in page, "Send 4 mails …" in page, written) == (True, True, 4)
    assert (
        f"Send the scorecards of July to September 2026? {counted} 2 to the heads of their departments"
        " 1 to a head above, since its department has none 1 to the head of a department that is too small"
        " Everybody who gets one 3" in asked
    )
    assert "fin@example.com IT Support LAW mallory@example.com Tiny too small for a scorecard of its own" in asked
    assert (before, pressed.status_code, after) == ("/close/2026-Q3#send", 303, "/close/2026-Q3#send")
    assert len(MAIL.findall(client.get("/close/2026-Q3/mails").text)) == written


def test_the_last_step_says_what_it_waits_for(door: Door) -> None:
    freeze(door)
    client, badges = door.signed_in(HELEN.email), []

    def see() -> None:
        home = words(client, "/home")
        badges.append((BADGE.findall(client.get("/close/2026-Q3").text)[-1], "Nothing waits for you here." in home))

    see()
    press(client, "approve")
    see()
    press(client, "stop")
    see()
    press(client, "resume")
    work(door)
    see()

    assert badges == [("Needs attention", False), ("Under way", True), ("Needs attention", False), ("Under way", True)]


def test_a_second_press_changes_and_notes_nothing(door: Door) -> None:
    client = door.signed_in(HELEN.email)
    for act, source in (("look", ""), ("look", ""), ("go_without", "billing"), ("go_without", "billing")):
        press(client, act, source=source)
    freeze(door)

    pressed = [press(client, "approve").status_code for _ in range(2)]
    posted = [work(door), work(door)]

    assert (pressed, posted, len(noted(door))) == ([303, 303], [1, 0], 3)
    assert door.database.session.scalar(select(func.count()).select_from(Message)) == 1


def test_what_was_ticked_can_be_opened_again_until_the_freeze(door: Door) -> None:
    client = door.signed_in(HELEN.email)
    press(client, "look")
    press(client, "go_without", source="billing")
    press(client, "look_again")
    press(client, "wait_for", source="billing")
    opened = door.database.session.scalars(select(CloseCheck)).all()
    token = form_token(client.get("/close/2026-Q3"))

    freeze(door)
    late = client.post("/close/2026-Q3", data={"csrf_token": token, "act": "look"})

    assert (list(opened), late.location) == ([], "/close/2026-Q3#send")
    assert door.database.session.scalars(select(CloseCheck)).all() == []
    page = client.get("/close/2026-Q3").text
    assert "not done before the freeze" in page
    assert "<b>4 of 7 done.</b>\n2 were not done before the freeze." in page


def test_a_stop_is_stronger_than_an_approval(door: Door) -> None:
    freeze(door)
    client = door.signed_in(HELEN.email)
    token = form_token(client.get("/close/2026-Q3"))
    press(client, "stop")

    approved = client.post("/close/2026-Q3", data={"csrf_token": token, "act": "approve"})
    page = client.get("/close/2026-Q3").text

    assert (approved.status_code, work(door)) == (303, 0)
    assert "The mails of this quarter are stopped." in page
    assert ('value="resume"' in page, 'value="approve"' in page) == (True, False)
    press(client, "resume")
    press(client, "approve")
    assert work(door) == 1
    assert [action for action, _, _ in noted(door)] == [
        "scorecards.posting_stopped",
        "scorecards.posting_resumed",
        "scorecards.posting_approved",
    ]


def test_a_quarter_that_runs_is_not_set_beside_a_whole_one(door: Door) -> None:
    client = door.signed_in(HELEN.email)

    ended = client.get("/close/2026-Q3").text
    door.moment = datetime(2026, 9, 1, tzinfo=UTC)
    running = door.signed_in(HELEN.email).get("/close/2026-Q3").text

    assert (ended.count("<dd>0, before 0</dd>"), "so far" in ended) == (4, False)
    assert running.count('<dd>0 so far<br><span class="why">0 in the whole quarter before</span></dd>') == 4


def test_comments_are_one_press_away_as_soon_as_they_can_be_read(door: Door) -> None:
    client = door.signed_in(HELEN.email)
    comment(door, people=10)

    page = client.get("/close/2026-Q3").text

    assert "Nobody has opened the comments yet." in page
    assert client.get(re.findall(r'href="(/culture/comments/[^"]+)"', page)[0]).status_code == 200


def test_comments_of_too_few_people_keep_nobody_from_going_on(door: Door) -> None:
    client = door.signed_in(HELEN.email)
    comment(door, people=9)
    press(client, "look")
    press(client, "go_without", source="billing")

    page = client.get("/close/2026-Q3").text

    assert NOW.findall(page) == ["freeze"]
    assert "There is no comment that may be read. Comments are read only where at least 10 people answered." in page
    assert "/culture/comments/" not in page


def test_by_itself_a_quarter_leaves_on_its_day(door: Door) -> None:
    with door.database.sessions.begin() as session:
        set_policy(session, {"posting": "automatic"}, author="a", reason="", now=BEFORE_THE_FREEZE)
    freeze(door)

    page = door.signed_in(HELEN.email).get("/close/2026-Q3").text

    assert "They go out by themselves on Sunday, 18\u00a0October, at 09:00 local time of each reader." in page
    assert ('value="approve"' in page, 'value="stop"' in page) == (False, True)


@pytest.mark.parametrize("period", ["2027-Q1", "2026-Q2", "2026-Q9", "soon"])
def test_quarters_that_are_not_closed_here_are_not_there(door: Door, period: str) -> None:
    client = door.signed_in(HELEN.email)

    assert [client.get(f"/close/{period}").status_code, client.post(f"/close/{period}").status_code] == [404, 404]


def test_a_quarter_of_an_earlier_tool_is_not_there(door: Door) -> None:
    freeze(door)
    door.database.session.get_one(PeriodRecord, "2026-Q3").is_historical = True
    door.database.session.commit()

    assert door.signed_in(HELEN.email).get("/close/2026-Q3").status_code == 404


@pytest.mark.parametrize("fields", [{"act": "freeze"}, {"act": ""}, {"act": "go_without", "source": "<script>"}])
def test_a_button_that_is_not_there_does_nothing(door: Door, fields: dict[str, str]) -> None:
    answer = press(door.signed_in(HELEN.email), **fields)

    assert (answer.status_code, "<script>" in answer.text, noted(door)) == (404, False, [])


def test_a_form_of_a_foreign_page_does_nothing(door: Door) -> None:
    answer = door.signed_in(HELEN.email).post("/close/2026-Q3", data={"act": "look"})

    assert (answer.status_code, noted(door)) == (400, [])


def test_a_page_costs_the_same_however_many_sources_and_scorecards(door: Door) -> None:
    client, session = door.signed_in(HELEN.email), door.database.session
    freeze(door)
    client.get("/close/2026-Q3")
    with counting(door.app) as few:
        client.get("/close/2026-Q3")
    for number in range(3):
        connection(session, f"source-{number}", ConnectionSide.SCORES)
        issue(session, department(session, f"D{number}"), posted=None, calendar=CALENDAR)
    session.commit()
    with counting(door.app) as many:
        client.get("/close/2026-Q3")

    assert (len(few), len(many)) == (28, 28)
