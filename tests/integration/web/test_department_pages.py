"""Carol keeps the departments: their tree on any day, new ones, changes from a day on, ends and mergers."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.domain.states import Role
from app.models.departments import versions_at
from tests.builders.bad_input import BAD
from tests.builders.company_tree import LIST, a_door, acts, confirm, mailed, page_of, tree
from tests.builders.departments import department
from tests.builders.issued import staff
from tests.builders.signing_in import Door, hidden_fields
from tests.builders.statements import counting
from tests.conftest import ALICE, BOB, CAROL, HELEN
from tests.servers.databases import Database

Q1 = datetime(2027, 1, 1, tzinfo=UTC)
SERVICE_DESK = {"name": "Service Desk", "parent_code": "IT", "staff_count": "20", "when": "now"}
FROM_DAY = {"when": "day", "day": "2027-02-01"}


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database, now: datetime) -> Door:
    return a_door(sqlite_app, sqlite, now)


@pytest.fixture
def carol(door: Door) -> FlaskClient:
    return door.signed_in(CAROL.email)


def test_the_tree_shows_who_stands_below_whom(carol: FlaskClient) -> None:
    text = carol.get(LIST).text

    names = ["Operations", "Computers", "Service Desk"]
    assert [text.index(f">{name}</a>") for name in names] == sorted(text.index(f">{name}</a>") for name in names)
    assert tuple(f"depth-{depth}" for depth in range(3) if f"depth-{depth}" in text) == (
        "depth-0",
        "depth-1",
        "depth-2",
    )


def test_a_day_that_nobody_means_is_said_to_be_none(carol: FlaskClient) -> None:
    days = ("31/12/2026", "0001-01-01", "9999-12-31", "x")

    assert [carol.get(f"{LIST}?on={day}").status_code for day in days] == [422, 422, 422, 422]


def test_the_list_costs_the_same_with_any_number_of_departments(door: Door, carol: FlaskClient) -> None:
    def cost() -> int:
        with counting(door.app) as statements:
            assert carol.get(LIST).status_code == 200
        return len(statements)

    three = cost()
    with door.database.sessions.begin() as session:
        for number in range(5):
            department(session, f"D{number}")

    assert (three, cost()) == (6, 6)


def test_a_new_department_stands_in_the_tree_and_the_log(door: Door, carol: FlaskClient) -> None:
    answer = door.post(carol, f"{LIST}/new", {"code": "FIN", "name": "Finance", "parent_code": "OPS", "when": "always"})

    assert (answer.status_code, answer.location) == (303, f"{page_of(door, 'FIN')}?saved=1")
    assert tree(door, door.moment)["FIN"] == ("Finance", "OPS")
    assert acts(door)[-1] == ("staff:1", "department.added")


def test_a_head_that_nobody_knows_is_asked_about_and_nobody_becomes_head_unseen(door: Door, carol: FlaskClient) -> None:
    with door.database.sessions.begin() as session:
        staff(session, HELEN.email, Role.HR, now=door.moment)
    page, told = page_of(door, "DESK"), {**SERVICE_DESK, "staff_count": ""}

    own_domain = door.post(carol, page, {**told, "head_email": "new@example.com"})
    foreign = door.post(carol, page, {**told, "head_email": "nobody@else.example"})
    before = mailed(door)
    sure = door.post(carol, page, {**told, "head_email": "nobody@else.example", "sure": "y"})
    known = door.post(carol, page_of(door, "OPS"), {"name": "Operations", "when": "now", "head_email": ALICE.email})
    herself = door.post(carol, page, {**told, "head_email": CAROL.email, "sure": "y"})

    assert (own_domain.status_code, foreign.status_code, before) == (422, 422, [])
    assert "Nobody is known here by this address." in own_domain.text
    assert "Nobody known here has an address at else.example." in foreign.text
    assert "Yes, this address is right" in foreign.text
    assert [answer.status_code for answer in (sure, known, herself)] == [303, 303, 303]
    assert mailed(door) == [
        (ALICE.email, ALICE.email),
        (HELEN.email, "nobody@else.example"),
        (HELEN.email, ALICE.email),
        (HELEN.email, CAROL.email),
        ("nobody@else.example", "nobody@else.example"),
    ]


def test_a_code_stands_for_one_department(door: Door, carol: FlaskClient) -> None:
    answer = door.post(carol, f"{LIST}/new", {"code": "IT", "name": "Another", "when": "always"})

    assert answer.status_code == 422
    assert "There is a department with this code already." in answer.text
    assert tree(door, door.moment)["IT"][0] == "Computers"


def test_a_change_holds_from_its_day_on(door: Door, carol: FlaskClient) -> None:
    page = page_of(door, "DESK")
    told = {"name": "Help Desk", "parent_code": "OPS", "staff_count": "20"}

    answer = confirm(door, carol, page, told | {"when": "day", "day": "2027-01-01"})

    assert answer.status_code == 303
    assert tree(door, Q1 - timedelta(seconds=1))["DESK"] == ("Service Desk", "IT")
    assert tree(door, Q1)["DESK"] == ("Help Desk", "OPS")
    assert "1\N{NO-BREAK SPACE}January 2027" in carol.get(page).text


def test_a_mistake_is_corrected_for_all_the_time(door: Door, carol: FlaskClient) -> None:
    page = page_of(door, "DESK")

    door.post(carol, page, {"name": "Servicedesk", "parent_code": "IT", "staff_count": "20", "when": "always"})

    assert tree(door, datetime(2001, 1, 1, tzinfo=UTC))["DESK"] == ("Servicedesk", "IT")


def test_what_a_change_leaves_alone_stays_what_it_was_at_that_day(door: Door, carol: FlaskClient) -> None:
    page = page_of(door, "DESK")
    stored = {"parent_code": "IT", "staff_count": "20"}
    door.post(carol, page, stored | {"name": "Help Desk", "when": "now"})
    door.wait(hours=1)

    confirm(
        door,
        carol,
        page,
        {"name": "Help Desk", "parent_code": "OPS", "staff_count": "20", "when": "day", "day": "2026-05-01"},
    )

    may, today = datetime(2026, 5, 2, tzinfo=UTC), door.moment
    assert tree(door, may)["DESK"] == ("Service Desk", "OPS")
    assert tree(door, today)["DESK"] == ("Help Desk", "IT")


def test_sent_twice_it_changes_nothing_more(door: Door, carol: FlaskClient) -> None:
    page = page_of(door, "DESK")
    sent = hidden_fields(carol.get(page)) | {
        "name": "Help Desk",
        "parent_code": "IT",
        "staff_count": "20",
        "when": "now",
    }

    answers = [carol.post(page, data=sent).status_code for _ in range(2)]

    assert (answers, len(acts(door))) == ([303, 303], 1)


def test_nobody_stands_above_themselves(door: Door, carol: FlaskClient) -> None:
    answer = door.post(
        carol, page_of(door, "OPS"), {"name": "Operations", "parent_code": "DESK", "staff_count": "20", "when": "now"}
    )

    assert answer.status_code == 422
    assert "Departments would stand above themselves: DESK → IT → OPS → DESK." in answer.text
    assert (tree(door, door.moment)["OPS"], acts(door)) == (("Operations", None), [])


def test_the_second_of_two_administrators_sees_what_the_first_changed(
    app: Flask, database: Database, now: datetime
) -> None:
    door = a_door(app, database, now)
    carol, other = door.signed_in(CAROL.email), door.signed_in(CAROL.email)
    page = page_of(door, "IT")
    told = {"name": "Computers", "parent_code": "OPS", "staff_count": "12", "touchpoints": "web=1", "when": "now"}
    told |= {"head_email": BOB.email}
    first, second = (hidden_fields(client.get(page)) | told for client in (carol, other))

    saved = carol.post(page, data=first | {"staff_count": "13"})
    refused = other.post(page, data=second | {"staff_count": "14"})
    pressed_again = other.post(page, data=hidden_fields(refused) | told | {"staff_count": "14"})

    assert [saved.status_code, refused.status_code, pressed_again.status_code] == [303, 409, 303]
    assert "Number of staff: was 12, now 13, you wrote 14" in refused.text
    with database.sessions() as session:
        counts = [one.staff_count for one in versions_at(session, now).values() if one.name == "Computers"]
    assert counts == [14]


def test_bad_input_is_refused_and_stands_in_the_page(door: Door, carol: FlaskClient) -> None:
    page, accepted = page_of(door, "DESK"), set[tuple[str, str]]()

    for field in (*SERVICE_DESK, "head_email", "language", "touchpoints", "day"):
        for kind, typed in BAD.items():
            answer = door.post(carol, page, SERVICE_DESK | {"when": "day", "day": "2026-05-01"} | {field: typed})
            assert answer.status_code in {200, 303, 422}, (field, kind)
            assert "<script>alert" not in answer.text, (field, kind)
            if answer.status_code != 422:  # a move is asked about first
                accepted.add((field, kind))

    names = {("name", kind) for kind in ("type", "script", "nul", "number")}
    empty = {(field, "missing") for field in ("parent_code", "head_email", "staff_count", "language", "touchpoints")}
    assert accepted == names | empty | {("language", "nul")}  # "ab" is Abkhaz


def test_weights_that_do_not_sum_to_one_are_named(door: Door, carol: FlaskClient) -> None:
    told = {
        "name": "Service Desk",
        "parent_code": "IT",
        "staff_count": "20",
        "when": "now",
        "touchpoints": "web=0.5;shop=0.4",
    }

    answer = door.post(carol, page_of(door, "DESK"), told)

    assert (answer.status_code, "The weights sum to 0.9, not to 1." in answer.text) == (422, True)


def test_a_department_that_nobody_knows_is_not_there(carol: FlaskClient) -> None:
    assert [carol.get(f"{LIST}/{path}").status_code for path in ("99", "99/end", "IT")] == [404, 404, 404]
