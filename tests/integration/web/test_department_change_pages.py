"""Carol ends, merges and moves departments: she reads what it comes to before anything is written."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.states import Role
from app.models.departments import Department
from app.models.people import PersonVersion
from tests.builders.company_tree import LIST, a_door, acts, confirm, mailed, page_of, tree
from tests.builders.departments import department
from tests.builders.issued import staff
from tests.builders.people import person
from tests.builders.service_requests import connection, open_request
from tests.builders.signing_in import Door, hidden_fields
from tests.conftest import ALICE, BOB, CAROL, HELEN
from tests.servers.databases import Database

Q1 = datetime(2027, 1, 1, tzinfo=UTC)
Q2 = datetime(2027, 4, 1, tzinfo=UTC)
AN_END = (
    "This will change from 1\N{NO-BREAK SPACE}January 2027 on:",
    "Computers ends.",
    "Operations takes over.",
    "Heads no department any more: bob@example.com.",
    "Service Desk becomes part of Operations.",
    "1 person moves along.",
    "1 request is open there. It stays there, unless its tracker moves it.",
    "2 names of the tracker desk still lead there. Point them elsewhere on the page of that tracker.",
)
MERGER: dict[str, Any] = {
    "codes": ["IT", "DESK"],
    "successor": "",
    "code": "TECH",
    "name": "Technology",
    "parent_code": "OPS",
    "head_email": ALICE.email,
    "staff_count": "30",
    "day": "2027-01-01",
    "move_people": "y",
}
SERVICE_DESK = {"name": "Service Desk", "parent_code": "IT", "staff_count": "20", "when": "now"}


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database, now: datetime) -> Door:
    return a_door(sqlite_app, sqlite, now)


@pytest.fixture
def carol(door: Door) -> FlaskClient:
    return door.signed_in(CAROL.email)


def test_an_end_moves_what_stood_below_and_its_people(door: Door, carol: FlaskClient) -> None:
    page = f"{page_of(door, 'IT')}/end"
    with door.database.sessions.begin() as session:
        connection(session, "desk").settings = {"departments": {"Hardware": "IT", "Software": "IT", "Desk": "DESK"}}
        it = session.scalars(select(Department).where(Department.code == "IT")).one()
        open_request(session, it, person(session, BOB.email), door.moment)

    told = {"day": "2027-01-01", "successor": "OPS", "orphans": "up", "move_people": "y"}
    asked = door.post(carol, page, told)
    unwritten = tree(door, Q1)
    answer = confirm(door, carol, page, told)

    assert [sentence in asked.text for sentence in AN_END] == [True] * len(AN_END)
    assert (unwritten["IT"], answer.status_code) == (("Computers", "OPS"), 303)
    assert tree(door, Q1) == {"OPS": ("Operations", None), "DESK": ("Service Desk", "OPS")}
    assert tree(door, door.moment)["DESK"] == ("Service Desk", "IT")
    above = page_of(door, "OPS")
    with door.database.sessions() as session:
        moved = session.scalars(select(PersonVersion).order_by(PersonVersion.valid_from.desc())).first()
        assert moved is not None
        assert (moved.name, moved.valid_from, f"{LIST}/{moved.department_id}") == ("Alice", Q1, above)


def test_an_end_is_taken_back(door: Door, carol: FlaskClient) -> None:
    page = f"{page_of(door, 'DESK')}/end"
    confirm(door, carol, page, {"day": "2026-06-01", "successor": "IT", "orphans": "up"})
    ended = "DESK" in tree(door, door.moment)

    shown = carol.get(page_of(door, "DESK")).text
    answer = door.post(carol, page, {"act": "take_back"})

    assert (ended, "This department is not there now." in shown, answer.status_code) == (False, True, 303)
    assert tree(door, door.moment)["DESK"] == ("Service Desk", "IT")
    assert door.post(carol, page, {"act": "take_back"}).status_code == 303
    assert [act for _, act in acts(door)] == ["department.ended", "department.end_taken_back"]


def test_whoever_comes_second_to_an_end_is_told(app: Flask, database: Database, now: datetime) -> None:
    door = a_door(app, database, now)
    carol, other = door.signed_in(CAROL.email), door.signed_in(CAROL.email)
    page = page_of(door, "DESK")
    ending = {"day": "2026-06-01", "successor": "IT", "orphans": "up"}
    end, change = (hidden_fields(other.get(path)) for path in (f"{page}/end", page))
    confirm(door, carol, f"{page}/end", ending)

    ended = other.post(f"{page}/end", data=end | ending | {"successor": "OPS"})
    changed = other.post(page, data=change | SERVICE_DESK | {"name": "Help Desk"})

    assert [ended.status_code, changed.status_code] == [409, 409]
    assert "Followed by IT." in ended.text
    assert "This department is not there now." in changed.text
    assert acts(door) == [("staff:1", "department.ended")]


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"day": ""}, "Choose a day."),
        ({"successor": "NOWHERE"}, "There is no department &#39;NOWHERE&#39;."),
        ({"orphans": "successor"}, "Choose the department that takes over, or another place for them."),
        ({"successor": "DESK"}, "A department cannot follow itself."),
        ({"orphans": "away"}, "This is none of the choices. Choose one of them."),
        ({"day": "1950-01-01", "successor": "LATE"}, None),
    ],
)
def test_an_end_that_cannot_be_is_refused(
    door: Door, carol: FlaskClient, told: dict[str, str], sentence: str | None
) -> None:
    good = {"day": "2027-01-01", "successor": "", "orphans": "up"}

    answer = door.post(carol, f"{page_of(door, 'DESK')}/end", good | told)

    assert (answer.status_code, sentence is None or sentence in answer.text) == (422, True)
    assert ("DESK" in tree(door, Q1), acts(door)) == (True, [])


def test_a_department_that_changes_later_does_not_end_before(door: Door, carol: FlaskClient) -> None:
    page = page_of(door, "DESK")
    door.post(
        carol, page, {"name": "Help Desk", "parent_code": "IT", "staff_count": "20", "when": "day", "day": "2027-02-01"}
    )

    answer = door.post(carol, f"{page}/end", {"day": "2027-01-01", "orphans": "up"})

    assert answer.status_code == 422
    assert "&#39;DESK&#39; is told to change on that day or later: choose a later day." in answer.text


def test_what_changed_since_it_was_read_is_read_again(door: Door, carol: FlaskClient) -> None:
    page, told = f"{page_of(door, 'IT')}/end", {"day": "2027-01-01", "successor": "OPS", "orphans": "up"}
    agreed = re.findall(r'name="agreed" value="(.+?)"', door.post(carol, page, told).text)[0]
    with door.database.sessions.begin() as session:
        it = session.scalars(select(Department).where(Department.code == "IT")).one()
        person(session, "new@example.com", works_in=it)

    answer = door.post(carol, page, told | {"agreed": agreed})

    assert (answer.status_code, "2 people stay with what has ended" in answer.text) == (200, True)
    assert ("IT" in tree(door, Q1), acts(door)) == (True, [])


def test_several_become_a_new_one(door: Door, carol: FlaskClient) -> None:
    asked = door.post(carol, f"{LIST}/merge", MERGER)
    mails = mailed(door)
    answer = confirm(door, carol, f"{LIST}/merge", MERGER)

    assert [
        sentence in asked.text
        for sentence in (
            "Computers, Service Desk end.",
            "Technology begins, as part of Operations.",
            "Head of Technology: alice@example.com.",
        )
    ] == [True, True, True]
    assert (answer.status_code, answer.location) == (303, f"{page_of(door, 'TECH')}?saved=1")
    assert tree(door, Q1) == {"OPS": ("Operations", None), "TECH": ("Technology", "OPS")}
    assert "TECH" not in tree(door, Q1 - timedelta(seconds=1))
    assert acts(door) == [("staff:1", "department.merged")]
    assert (mails, mailed(door)) == ([], [(ALICE.email, ALICE.email)])


def test_a_department_that_begins_later_is_changed_before(door: Door, carol: FlaskClient) -> None:
    confirm(door, carol, f"{LIST}/merge", MERGER)
    page = page_of(door, "TECH")
    stored = {"name": "Technology", "parent_code": "OPS", "head_email": ALICE.email, "staff_count": "30"}

    shown = carol.get(page).text
    changed = door.post(carol, page, stored | {"name": "Tech", "when": "always"})
    moved = confirm(door, carol, page, stored | {"name": "Tech", "parent_code": "", "when": "day", "day": "2027-04-01"})
    early = door.post(carol, page, stored | {"name": "Early", "when": "day", "day": "2026-12-01"})

    assert "This department begins on 1\N{NO-BREAK SPACE}January 2027." in shown
    assert [answer.status_code for answer in (changed, moved, early)] == [303, 303, 422]
    assert "It begins later: choose a day from then on." in early.text
    assert [tree(door, day).get("TECH") for day in (door.moment, Q1, Q2)] == [None, ("Tech", "OPS"), ("Tech", None)]


def test_a_merger_is_taken_back_before_its_day(app: Flask, database: Database, now: datetime) -> None:
    door = a_door(app, database, now)
    carol = door.signed_in(CAROL.email)
    with database.sessions.begin() as session:
        it = session.scalars(select(Department).where(Department.code == "IT")).one()
        department(session, "LAB", name="Lab", parent=it)
    before = tree(door, Q1)
    confirm(door, carol, f"{LIST}/merge", MERGER)
    merged = tree(door, Q1)

    shown = carol.get(page_of(door, "TECH")).text
    answer = door.post(carol, f"{page_of(door, 'TECH')}/separate", {}, shown=page_of(door, "TECH"))
    again = confirm(door, carol, f"{LIST}/merge", MERGER)

    assert (merged["LAB"], "It is to take over from DESK, IT." in shown) == (("Lab", "TECH"), True)
    assert [(act.status_code, act.location) for act in (answer, again)] == [
        (303, LIST),
        (303, f"{page_of(door, 'TECH')}?saved=1"),
    ]
    door.post(carol, f"{page_of(door, 'TECH')}/separate", {}, shown=page_of(door, "TECH"))
    assert tree(door, Q1) == before
    with database.sessions() as session:
        departments = session.scalars(select(PersonVersion.department_id).distinct()).all()
    assert [f"{LIST}/{one}" for one in departments] == [page_of(door, "IT")]
    assert carol.get(page_of(door, "TECH")).status_code == 404


def test_a_move_is_shown_before_it_is_done(door: Door, carol: FlaskClient) -> None:
    page = page_of(door, "IT")
    told = {
        "name": "Computers",
        "parent_code": "",
        "head_email": BOB.email,
        "staff_count": "12",
        "touchpoints": "web=1",
    }

    asked = door.post(carol, page, told | {"when": "now"})
    unwritten = tree(door, door.moment)["IT"]
    answer = confirm(door, carol, page, told | {"when": "now"})

    assert [
        sentence in asked.text
        for sentence in (
            "Computers moves to the top.",
            "The scorecard of Operations counts it no more.",
            "1 department below it moves along.",
            "1 person moves along.",
        )
    ] == [True] * 4
    assert (unwritten, answer.status_code) == (("Computers", "OPS"), 303)
    assert tree(door, door.moment)["IT"] == ("Computers", None)


@pytest.mark.parametrize(
    ("told", "sentences"),
    [
        ({"codes": ["IT", "NOWHERE"]}, ["There is no department &#39;NOWHERE&#39;."]),
        ({"code": ""}, ["Choose a department, or write code and name of a new one below."]),
        ({"codes": ["IT"]}, ["Choose at least two departments."]),
        (
            {"code": "OPS", "codes": ["IT", "XX"], "head_email": "x", "day": ""},
            [
                "There is a department with this code already.",
                "&#39;x&#39; is not an e-mail address.",
                "Choose a day.",
            ],
        ),
        (
            {"code": "OPS", "codes": ["IT", "XX"], "staff_count": "-3"},
            ["There is a department with this code already.", "There is no department &#39;XX&#39;.", "&#39;-3&#39;"],
        ),
        ({"head_email": "nobody@else.example"}, ["Nobody known here has an address at else.example."]),
    ],
)
def test_a_merger_that_cannot_be_leaves_nothing_and_says_everything(
    door: Door, carol: FlaskClient, told: dict[str, Any], sentences: list[str]
) -> None:
    before = tree(door, Q1)

    answer = door.post(carol, f"{LIST}/merge", MERGER | told)

    assert (answer.status_code, [one in answer.text for one in sentences]) == (422, [True] * len(sentences))
    assert (tree(door, Q1), acts(door)) == (before, [])


def test_nobody_sees_more_unseen_by_a_move_an_end_or_a_merger(door: Door, carol: FlaskClient) -> None:
    with door.database.sessions.begin() as session:
        staff(session, HELEN.email, Role.HR, now=door.moment)
        tiny = department(session, "TINY", head_email=CAROL.email)
        lab = department(session, "LAB", head_email=BOB.email)
        department(session, "LOW", parent=lab)
        department(session, "SUB", parent=tiny)
    it, day = {"name": "Computers", "head_email": "", "when": "always", "staff_count": "12"}, "2027-02-01"

    confirm(door, carol, page_of(door, "IT"), {**it, "parent_code": "TINY"})
    moved = mailed(door)
    end = {"day": day, "successor": "TINY", "orphans": "successor"}
    confirm(door, carol, f"{page_of(door, 'LAB')}/end", end)
    ended = mailed(door)
    door.post(carol, f"{page_of(door, 'LAB')}/end", {"act": "take_back"})
    back = mailed(door)
    confirm(door, carol, f"{LIST}/merge", {**MERGER, "codes": ["TINY", "OPS"], "successor": "LAB", "day": day})

    bob, carol_s, bob_s = (BOB.email, BOB.email), (HELEN.email, CAROL.email), (HELEN.email, BOB.email)
    assert (moved, ended, back) == ([carol_s], [carol_s] * 2, [bob, carol_s, carol_s, bob_s])
    assert mailed(door) == [bob, bob, carol_s, carol_s, bob_s, bob_s]
