"""HR reads the comments of a quarter on a page, shows them or keeps them back, and says what they are about."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domain.states import CommentState, PeriodState, Role
from app.models.audit import AuditEntry
from app.models.comments import CommentReview
from app.models.releases import PeriodRecord
from tests.builders.comments import commented
from tests.builders.departments import department
from tests.builders.issued import staff
from tests.builders.signing_in import Door, form_token, hidden_fields
from tests.builders.statements import counting
from tests.conftest import BOB, HELEN
from tests.servers.databases import Database

PATH = "/culture/comments/2026-Q3"
EARLY, OPEN = datetime(2026, 10, 12, 12, tzinfo=UTC), datetime(2026, 10, 14, 9, tzinfo=UTC)
WAITED, QUICK = "We waited long, Ines", "Quick help"


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database) -> Door:
    """Twelve people answered about IT, two with a comment; Helen is HR."""
    it = department(sqlite.session, "IT", staff_count=30)
    commented(sqlite.session, it, [WAITED, QUICK])
    staff(sqlite.session, HELEN.email, Role.HR, now=EARLY, name=HELEN.name)
    staff(sqlite.session, BOB.email, Role.HEAD, it, now=EARLY)
    sqlite.session.commit()
    return Door(sqlite_app, sqlite, OPEN)


def reads(door: Door, email: str = HELEN.email) -> FlaskClient:
    """Sign in and press the button after which texts are shown."""
    client = door.signed_in(email)
    assert door.post(client, PATH, {"act": "read"}).status_code == 303
    return client


def reviews(door: Door) -> dict[str, CommentReview]:
    with door.database.sessions() as session:
        return {row.text: row for row in session.scalars(select(CommentReview))}


def ids(door: Door) -> dict[str, str]:
    return {text: row.id.hex() for text, row in reviews(door).items()}


def acts(door: Door) -> list[tuple[str, Any]]:
    with door.database.sessions() as session:
        rows = session.execute(select(AuditEntry.action, AuditEntry.details).order_by(AuditEntry.id)).tuples().all()
    return [(action, details) for action, details in rows if action.startswith("comment")]


def as_filled(client: FlaskClient, said: dict[str, Any], path: str = PATH) -> dict[str, Any]:
    """Return what the page would send with everything as it stands, and what is said in it."""
    page = client.get(path)
    radios = re.findall(r'<input type="radio" name="(state_\w+)" value="(\w*)" checked>', page.text)
    ticks: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="checkbox" name="(codes_\w+)" value="([\w-]+)" checked>', page.text):
        ticks.setdefault(name, []).append(value)
    of = re.findall(r'name="of" value="(\w+)"', page.text)
    return hidden_fields(page) | {"of": of} | dict(radios) | ticks | said


def test_they_are_closed_until_nobody_can_answer_any_more(door: Door) -> None:
    door.moment = EARLY
    helen = door.signed_in(HELEN.email)

    listed, closed = helen.get("/culture/comments").text, helen.get(PATH).text
    pressed = door.post(helen, PATH, {"act": "read"})

    assert "Can be read from 13\N{NO-BREAK SPACE}October on." in listed
    assert "Can be read from 13\N{NO-BREAK SPACE}October on." in closed
    assert (pressed.status_code, reviews(door), acts(door)) == (303, {}, [])


def test_reading_is_a_press_that_stands_in_the_log_and_lasts_an_hour(door: Door) -> None:
    helen = door.signed_in(HELEN.email)
    before = helen.get(PATH).text

    door.post(helen, PATH, {"act": "read"})
    after = helen.get(PATH).text
    door.wait(minutes=61)
    later = helen.get(PATH).text

    assert ["waited" in page for page in (before, after, later)] == [False, True, False]
    assert acts(door) == [("comments.read", {"department": "*"})]


def test_another_session_sees_nothing_without_a_press_of_its_own(door: Door) -> None:
    reads(door)

    assert "waited" not in door.signed_in(HELEN.email).get(PATH).text


def test_a_comment_stands_there_redacted_without_anything_about_who_wrote_it(door: Door) -> None:
    text = reads(door).get(PATH).text

    assert "<blockquote>We waited long, [name]</blockquote>" in text
    assert "Read with care" in text
    assert not re.search(r"Ines|Varga|example\.com(?<!helen@example\.com)", text)


def test_what_is_decided_on_one_page_is_saved_together_and_noted_without_ids(door: Door) -> None:
    helen = reads(door)
    of = ids(door)
    waited, quick = of["We waited long, [name]"], of[QUICK]
    said = {f"state_{waited}": "hidden", f"state_{quick}": "shown", f"codes_{waited}": ["waiting", "no_news"]}

    answer = helen.post(PATH, data=as_filled(helen, said))

    assert (answer.status_code, answer.location) == (303, f"{PATH}?saved=1")
    found = {text: (row.state, row.codes) for text, row in reviews(door).items()}
    assert found == {
        "We waited long, [name]": (CommentState.HIDDEN, ["waiting", "no_news"]),
        QUICK: (CommentState.SHOWN, None),
    }
    assert acts(door)[1:] == [
        ("comment.shown", {"comments": 1}),
        ("comment.hidden", {"comments": 1}),
        ("comment.coded", {"coder": "first", "comments": 1}),
    ]


def test_pressed_twice_it_is_saved_and_noted_once(door: Door) -> None:
    helen = reads(door)
    data = as_filled(helen, {f"state_{ids(door)[QUICK]}": "shown"})

    answers = [helen.post(PATH, data=data).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert acts(door)[1:] == [("comment.shown", {"comments": 1})]


def test_of_two_who_decide_at_once_the_second_sees_what_the_first_said(door: Door) -> None:
    helen, other = reads(door), reads(door)
    field = f"state_{ids(door)[QUICK]}"
    late = as_filled(other, {field: "hidden"})
    helen.post(PATH, data=as_filled(helen, {field: "shown"}))

    answer = other.post(PATH, data=late)

    assert answer.status_code == 409
    assert re.search(r"Comment \d: was waiting, now shown, you wrote hidden", answer.text)
    assert reviews(door)[QUICK].state is CommentState.SHOWN


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        (["weather"], "This is none of the choices. Choose one of them."),
        (["-", "quick"], "Choose either themes or “none of these”."),
        (["<script>alert(1)</script>"], "This is none of the choices. Choose one of them."),
    ],
)
def test_themes_that_are_none_are_refused_and_nothing_is_stored(door: Door, codes: list[str], told: str) -> None:
    helen = reads(door)
    quick = ids(door)[QUICK]

    answer = helen.post(PATH, data=as_filled(helen, {f"state_{quick}": "shown", f"codes_{quick}": codes}))

    assert (answer.status_code, told in answer.text, "<script>alert" in answer.text) == (422, True, False)
    assert (reviews(door)[QUICK].state, reviews(door)[QUICK].codes) == (CommentState.WAITING, None)


@pytest.mark.parametrize("state", ["", "waved", "x" * 5000, "Привет \u202e", "<b>"])
def test_a_state_that_is_none_is_refused(door: Door, state: str) -> None:
    helen = reads(door)

    answer = helen.post(PATH, data=as_filled(helen, {f"state_{ids(door)[QUICK]}": state}))

    assert (answer.status_code, "<b>x" in answer.text) == (422, False)
    assert reviews(door)[QUICK].state is CommentState.WAITING


def test_said_themes_cannot_be_unsaid_but_none_of_them_can_be_said(door: Door) -> None:
    helen = reads(door)
    field = f"codes_{ids(door)[QUICK]}"
    helen.post(PATH, data=as_filled(helen, {field: ["quick"]}))

    emptied = helen.post(PATH, data=as_filled(helen, {field: []}))
    none = helen.post(PATH, data=as_filled(helen, {field: ["-"]}))

    assert (emptied.status_code, none.status_code) == (422, 303)
    assert reviews(door)[QUICK].codes == []


def test_the_second_coder_sees_the_text_alone_and_the_first_ones_codes_stay(door: Door) -> None:
    helen = reads(door)
    field = f"codes_{ids(door)[QUICK]}"
    helen.post(PATH, data=as_filled(helen, {field: ["quick"]}))
    second = f"{PATH}?coder=second"

    page = helen.get(second).text
    helen.post(second, data=as_filled(helen, {field: ["friendly"]}, second))

    assert ("checked" in page, "proposed" in page, "state_" in page) == (False, False, False)
    row = reviews(door)[QUICK]
    assert (row.codes, row.second_codes) == (["quick"], ["friendly"])
    assert "Both coders did 1 comments; kappa needs 50." in helen.get(PATH).text
    assert helen.get(f"{second}&state=shown").status_code == 404


def test_themes_chosen_before_a_freeze_and_sent_after_it_are_refused_with_why(door: Door) -> None:
    helen = reads(door)
    quick = ids(door)[QUICK]
    data = as_filled(helen, {f"state_{quick}": "shown", f"codes_{quick}": ["quick"]})
    door.database.session.get_one(PeriodRecord, "2026-Q3").state = PeriodState.FROZEN
    door.database.session.commit()

    answer = helen.post(PATH, data=data)

    assert (answer.status_code, "The quarter was frozen meanwhile." in answer.text) == (409, True)
    assert (reviews(door)[QUICK].state, reviews(door)[QUICK].codes) == (CommentState.SHOWN, None)


def test_a_long_comment_cannot_be_let_onto_a_scorecard(door: Door) -> None:
    session = door.database.session
    commented(session, department(session, "HR", staff_count=30), ["x" * 601])
    helen = reads(door)
    long = ids(door)["x" * 601]

    page = helen.get(f"{PATH}?department=HR").text
    answer = helen.post(f"{PATH}?department=HR", data=as_filled(helen, {f"state_{long}": "shown"}))

    assert "Too long to be printed" in page
    assert f'name="state_{long}" value="shown"' not in page
    assert answer.status_code == 422


def test_lists_are_cut_in_pages_and_filtered_by_what_is_there(door: Door) -> None:
    session = door.database.session
    commented(session, department(session, "HR", staff_count=30), [f"Text {chr(65 + n)}" for n in range(12)])
    helen = reads(door)

    first = helen.get(PATH).text
    chosen = re.findall(r'name="of" value="(\w+)"', first)[0]
    following = helen.post(PATH, data=as_filled(helen, {f"state_{chosen}": "shown", "act": "next"}))
    second = helen.get(following.location).text

    assert 'value="next"' in first
    shown = [row.id.hex() for row in reviews(door).values() if row.state is CommentState.SHOWN]
    assert (following.status_code, shown) == (303, [chosen])
    assert [page.count("<blockquote>") for page in (first, second)] == [10, 4]
    of_it = helen.get(f"{PATH}?department=IT").text
    assert re.findall(r"<span>(\w+)</span></h2>\s*<blockquote>", of_it) == ["It", "It"]
    assert re.findall(r'<option value="(IT|HR)"( selected)?>(\w+)<', of_it) == [
        ("HR", "", "Hr"),
        ("IT", " selected", "It"),
    ]
    wrong = ("?state=open", "?department=XX", "?coder=third", "?cursor=abc")
    assert [helen.get(PATH + one).status_code for one in wrong] == [404] * 4


def take_out_of_frozen(door: Door, helen: FlaskClient) -> TestResponse:
    """Freeze the quarter, choose to keep a comment back, and go where that leads."""
    door.database.session.get_one(PeriodRecord, "2026-Q3").state = PeriodState.FROZEN
    door.database.session.commit()
    quick = ids(door)[QUICK]
    answer = helen.post(PATH, data=as_filled(helen, {f"state_{quick}": "hidden"}))
    assert answer.location == f"{PATH}/take-out?of={quick}"
    return helen.get(answer.location)


def test_before_the_freeze_what_is_kept_back_is_one_press_away_and_comes_back(door: Door) -> None:
    helen = reads(door)
    quick = ids(door)[QUICK]
    saved = helen.post(PATH, data=as_filled(helen, {f"state_{quick}": "hidden"}))
    kept_back = f"{PATH}?state=hidden"

    told = helen.get(saved.location).text
    helen.post(kept_back, data=as_filled(helen, {f"state_{quick}": "shown"}, kept_back))

    assert f'<a href="{kept_back}">Look at it, or let it be shown again</a>' in told
    assert reviews(door)[QUICK].state is CommentState.SHOWN


def test_after_the_freeze_it_is_asked_first_and_says_what_mails_and_downloads_hold(door: Door) -> None:
    helen = reads(door)

    question = take_out_of_frozen(door, helen)
    before = reviews(door)[QUICK].state
    pressed = [helen.post(f"{PATH}/take-out", data=hidden_fields(question)).status_code for _ in range(2)]

    assert "Take out 1 comment?" in question.text
    assert f"<blockquote>{QUICK}</blockquote>" in question.text
    assert "Mails and the PDFs in them never held comments." in question.text
    assert (before, pressed) == (CommentState.WAITING, [303, 303])
    assert reviews(door)[QUICK].state is CommentState.HIDDEN
    assert acts(door)[1:] == [("comment.taken_out", {"comments": 1})]


def test_who_has_not_read_the_comments_or_forges_takes_none_out(door: Door) -> None:
    helen = reads(door)
    question = take_out_of_frozen(door, helen)
    path, data = f"{PATH}/take-out", hidden_fields(question)
    other = door.signed_in(HELEN.email)

    seen = other.get(f"{path}?of={data['of']}")
    sent = other.post(path, data={"csrf_token": form_token(other.get(PATH)), "of": data["of"]})
    forged = helen.post(path, data=data | {"csrf_token": "x"})

    assert [seen.location, sent.status_code, forged.status_code] == [PATH, 303, 400]
    assert helen.get(f"{path}?of=nothing").location == PATH
    assert reviews(door)[QUICK].state is CommentState.WAITING


@pytest.mark.parametrize("path", ["2026-Q4", "2027-Q1", "May", "2026-Q3/x"])
def test_quarters_that_have_not_begun_are_not_there(door: Door, path: str) -> None:
    door.moment = EARLY

    expected = 200 if path == "2026-Q4" else 404  # runs
    assert door.signed_in(HELEN.email).get(f"/culture/comments/{path}").status_code == expected


def test_what_is_forged_or_sent_without_having_read_changes_nothing(door: Door) -> None:
    helen = reads(door)
    data = as_filled(helen, {f"state_{ids(door)[QUICK]}": "shown"})

    forged = helen.post(PATH, data=data | {"csrf_token": "x"})
    unread = door.signed_in(HELEN.email).post(PATH, data=data)
    unopened = door.signed_in(HELEN.email).post(PATH, data={"act": "read", "csrf_token": "x"})

    assert [answer.status_code for answer in (forged, unread, unopened)] == [400, 303, 400]
    assert reviews(door)[QUICK].state is CommentState.WAITING
    assert acts(door) == [("comments.read", {"department": "*"})]


@pytest.mark.parametrize("more", [0, 9])
def test_a_page_of_many_comments_costs_what_one_of_few_costs(door: Door, more: int) -> None:
    if more:
        session = door.database.session
        commented(session, department(session, "HR", staff_count=30), [f"Text {chr(65 + n)}" for n in range(more)])
    helen = reads(door)

    with counting(door.app) as listed:
        helen.get("/culture/comments")
    with counting(door.app) as shown:
        helen.get(PATH)

    assert (len(listed), len(shown)) == (7, 10), (listed, shown)
