"""Staff come in through a link that is mailed, works once, for a quarter of an hour and in one browser."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.domain.states import Role
from app.models.accounts import Staff, StaffSession
from app.models.messages import Message
from tests.builders.departments import department
from tests.builders.issued import staff
from tests.builders.signing_in import Door, form_token
from tests.conftest import BOB, CAROL, HELEN, MALLORY
from tests.servers.databases import Database


@pytest.fixture
def door(app: Flask, database: Database, now: datetime) -> Door:
    staff(database.session, HELEN.email, Role.HR, now=now, name=HELEN.name)
    department(database.session, "IT", head_email="Bob@Example.com")
    database.session.commit()
    return Door(app, database, now)


def test_the_mailed_link_signs_in_where_it_was_asked_for(door: Door) -> None:
    client = door.app.test_client()
    door.ask(client, "  Helen@Example.com ")
    (path,) = door.mailed()

    entered = door.use(client, path)

    assert (entered.status_code, entered.location) == (303, "/")
    assert HELEN.name in client.get("/scorecards").text


def test_opening_the_link_uses_nothing_up(door: Door) -> None:
    client = door.app.test_client()
    path = door.printed(HELEN.email)

    opened = [client.get(path).status_code for _ in range(3)]

    assert opened == [200, 200, 200]
    assert door.use(client, path).status_code == 303


def test_a_stranger_and_a_colleague_get_the_same_answer(door: Door) -> None:
    answers = []

    for email in (HELEN.email, MALLORY.email):
        client = door.app.test_client()
        sent = door.ask(client, email)
        answers.append((sent.status_code, sent.location, client.get(sent.location).text))

    assert answers[0] == answers[1]
    assert len(door.mailed()) == 1


def test_a_link_works_once(door: Door) -> None:
    path = door.printed(HELEN.email)
    door.use(door.app.test_client(), path)

    second = door.use(door.app.test_client(), path)

    assert second.status_code == 410
    assert "This link is used up" in second.text
    assert "One more press" not in second.text


def test_of_two_who_press_at_once_one_comes_in(door: Door) -> None:
    path, browsers = door.printed(HELEN.email), [door.app.test_client() for _ in range(2)]
    tokens = [form_token(browser.get(path)) for browser in browsers]

    pressed = [
        browser.post(path, data={"csrf_token": token}).status_code
        for browser, token in zip(browsers, tokens, strict=True)
    ]

    assert pressed == [303, 410]


def test_a_link_ends_after_a_quarter_of_an_hour(door: Door) -> None:
    path = door.printed(HELEN.email)
    door.wait(minutes=15)

    late = door.use(door.app.test_client(), path)

    assert late.status_code == 410


def test_a_link_opened_in_another_browser_stays_good_in_its_own(door: Door) -> None:
    asking, other = door.app.test_client(), door.app.test_client()
    door.ask(asking, HELEN.email)
    (path,) = door.mailed()

    refused = door.use(other, path)

    assert refused.status_code == 403
    assert "Open this link where you asked for it" in refused.text
    assert door.use(asking, path).status_code == 303


def test_a_token_altered_by_one_character_is_not_ours(door: Door) -> None:
    path = door.printed(HELEN.email)
    altered = path[:-2] + ("A" if path[-2] != "A" else "Q") + path[-1]

    assert door.app.test_client().get(altered).status_code == 404


def test_an_address_gets_five_mails_an_hour(door: Door) -> None:
    client = door.app.test_client()

    answers = {door.ask(client, HELEN.email).status_code for _ in range(7)}

    assert (answers, len(door.mailed())) == ({303}, 5)
    door.wait(minutes=61)
    door.ask(client, HELEN.email)
    assert len(door.mailed()) == 6


def test_whoever_the_departments_name_as_head_can_come_in(door: Door) -> None:
    client = door.app.test_client()
    door.ask(client, BOB.email)

    entered = door.use(client, door.mailed()[0])

    assert entered.status_code == 303
    with door.database.sessions() as session:
        roles = session.execute(select(Staff.email, Staff.role).order_by(Staff.email)).tuples().all()
    assert roles == [(BOB.email, Role.HEAD), (HELEN.email, Role.HR)]


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("helen", "it needs an “@”, as in name@example.com."),
        ("", "it needs an “@”, as in name@example.com."),
        ("helen@halden", "Something is missing after “halden”, such as .com"),
    ],
)
def test_half_an_address_is_sent_back_with_a_word_how_to_mend_it(door: Door, email: str, sentence: str) -> None:
    answer = door.ask(door.app.test_client(), email)

    assert answer.status_code == 400
    assert sentence in answer.text


def test_a_form_without_its_token_does_nothing(door: Door) -> None:
    client = door.app.test_client()
    client.get("/sign-in")

    answer = client.post("/sign-in", data={"email": HELEN.email})

    assert (answer.status_code, door.mailed()) == (400, [])


def test_a_session_ends_by_its_button_for_everybody_who_holds_the_cookie(door: Door) -> None:
    client = door.signed_in(HELEN.email)
    cookie = client.get_cookie("parity")
    assert cookie is not None

    client.post("/sign-out", data={"csrf_token": form_token(client.get("/scorecards"))})

    thief = door.app.test_client()
    thief.set_cookie("parity", cookie.value)
    assert thief.get("/scorecards").location == "/sign-in"


def test_a_session_ends_after_twelve_hours(door: Door) -> None:
    client = door.signed_in(HELEN.email)

    door.wait(hours=11, minutes=59)
    before = client.get("/scorecards").status_code
    door.wait(minutes=1)

    assert (before, client.get("/scorecards").location) == (200, "/sign-in")


def test_somebody_whose_role_is_taken_away_is_out_at_once(door: Door) -> None:
    client = door.signed_in(HELEN.email)
    with door.database.sessions() as session, session.begin():
        session.scalars(select(Staff)).one().is_active = False

    assert client.get("/scorecards").location == "/sign-in"


def test_the_database_does_not_hold_the_cookie(door: Door) -> None:
    client = door.signed_in(HELEN.email)
    with client.session_transaction() as cookie:
        secret = cookie["staff"]

    with door.database.sessions() as session:
        stored = session.scalars(select(StaffSession.id_hash)).one()

    assert secret.encode() not in stored
    assert len(stored) == 32


def test_signing_in_leads_to_the_page_that_was_wanted(door: Door) -> None:
    client = door.app.test_client()
    client.get("/scorecards?before=2026-Q1")

    entered = door.use(client, door.printed(HELEN.email))

    assert entered.location == "/scorecards?before=2026-Q1"


def test_the_cookie_is_kept_from_scripts_and_other_sites(door: Door) -> None:
    cookie = door.app.test_client().get("/sign-in").headers["Set-Cookie"]

    assert cookie.endswith("; HttpOnly; Path=/; SameSite=Lax")


def test_administrators_and_auditors_see_no_scorecards(door: Door) -> None:
    staff(door.database.session, CAROL.email, Role.ADMIN, now=door.moment)
    door.database.session.commit()

    answer = door.signed_in(CAROL.email).get("/scorecards")

    assert answer.status_code == 403
    assert "This page is not for your role" in answer.text
    assert f"You are signed in as {CAROL.email}, administrator. It belongs to other roles." in answer.text


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
def test_everybody_is_led_to_a_page_that_is_there_for_them_and_can_sign_out(door: Door, role: Role) -> None:
    staff(door.database.session, CAROL.email, role, now=door.moment, name=CAROL.name)
    door.database.session.commit()
    client = door.signed_in(CAROL.email)

    page = client.get(client.get("/sign-in").location, follow_redirects=True)
    left = client.post("/sign-out", data={"csrf_token": form_token(page)})

    assert page.status_code == 200
    assert CAROL.name in page.text
    assert left.location == "/sign-in"
    assert client.get("/").location == "/sign-in"


def test_a_mail_with_a_link_is_given_up_when_the_link_ends(door: Door) -> None:
    door.ask(door.app.test_client(), HELEN.email)

    with door.database.sessions() as session:
        message = session.scalars(select(Message)).one()
        waiting = session.scalar(select(func.count()).select_from(StaffSession))

    assert message.give_up_at is not None
    assert (message.give_up_at - message.due_at).total_seconds() == 900
    assert waiting == 0


def test_an_address_that_no_database_compares_gets_the_answer_of_strangers(door: Door) -> None:
    sent = door.ask(door.app.test_client(), "mallory\0@example.com")

    assert (sent.status_code, sent.location, door.mailed()) == (303, "/sign-in?sent=1", [])
