"""Carol keeps the departments: their tree on any day, new ones, changes from a day on, ends and mergers."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.states import Role
from app.mail.outbox.writing import ROLE_GIVEN
from app.models.audit import AuditEntry
from app.models.departments import Department, versions_at
from app.models.messages import Message
from app.models.people import PersonVersion
from tests.builders.bad_input import BAD
from tests.builders.departments import department, touchpoint
from tests.builders.issued import staff
from tests.builders.people import person
from tests.builders.signing_in import Door, hidden_fields
from tests.builders.statements import counting
from tests.conftest import ALICE, BOB, CAROL, HELEN
from tests.servers.databases import Database

LIST = "/admin/departments"
Q1 = datetime(2027, 1, 1, tzinfo=UTC)
SERVICE_DESK = {"name": "Service Desk", "parent_code": "IT", "staff_count": "20", "when": "now"}
FROM_DAY = {"when": "day", "day": "2027-02-01"}


def a_door(app: Flask, database: Database, now: datetime) -> Door:
    """Carol looks after OPS above IT above DESK; Alice works at IT."""
    session = database.session
    ops = department(session, "OPS", name="Operations")
    it = department(session, "IT", name="Computers", parent=ops, head_email=BOB.email, staff_count=12)
    department(session, "DESK", name="Service Desk", parent=it)
    touchpoint(session, it, "web")
    person(session, ALICE.email, works_in=it, name="Alice")
    staff(session, CAROL.email, Role.ADMIN, now=now)
    session.commit()
    return Door(app, database, now)


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database, now: datetime) -> Door:
    return a_door(sqlite_app, sqlite, now)


@pytest.fixture
def carol(door: Door) -> FlaskClient:
    return door.signed_in(CAROL.email)


def page_of(door: Door, code: str) -> str:
    with door.database.sessions() as session:
        return f"{LIST}/{session.scalars(select(Department.id).where(Department.code == code)).one()}"


def tree(door: Door, moment: datetime) -> dict[str, tuple[str, str | None]]:
    """Return name and parent of every department at a moment, by code."""
    with door.database.sessions() as session:
        codes = {row.id: row.code for row in session.scalars(select(Department))}
        found = versions_at(session, moment).values()
        return {codes[one.department_id]: (one.name, codes[one.parent_id] if one.parent_id else None) for one in found}


def acts(door: Door) -> list[tuple[str, str]]:
    with door.database.sessions() as session:
        return list(session.execute(select(AuditEntry.actor, AuditEntry.action).order_by(AuditEntry.id)).tuples())


def test_the_tree_shows_who_stands_below_whom(carol: FlaskClient) -> None:
    text = carol.get(LIST).text

    names = ["Operations", "Computers", "Service Desk"]
    assert [text.index(f">{name}</a>") for name in names] == sorted(text.index(f">{name}</a>") for name in names)
    assert tuple(f"depth-{depth}" for depth in range(3) if f"depth-{depth}" in text) == (
        "depth-0",
        "depth-1",
        "depth-2",
    )


def test_a_day_that_nobody_means_is_not_there(carol: FlaskClient) -> None:
    days = ("31/12/2026", "0001-01-01", "9999-12-31", "x")

    assert [carol.get(f"{LIST}?on={day}").status_code for day in days] == [404, 404, 404, 404]


def test_the_list_costs_the_same_with_any_number_of_departments(door: Door, carol: FlaskClient) -> None:
    def cost() -> int:
        with counting(door.app) as statements:
            assert carol.get(LIST).status_code == 200
        return len(statements)

    three = cost()
    with door.database.sessions.begin() as session:
        for number in range(5):
            department(session, f"D{number}")

    assert (three, cost()) == (4, 4)


def test_a_new_department_stands_in_the_tree_and_the_log(door: Door, carol: FlaskClient) -> None:
    answer = door.post(carol, f"{LIST}/new", {"code": "FIN", "name": "Finance", "parent_code": "OPS", "when": "always"})

    assert (answer.status_code, answer.location) == (303, f"{page_of(door, 'FIN')}?saved=1")
    assert tree(door, door.moment)["FIN"] == ("Finance", "OPS")
    assert acts(door)[-1] == ("staff:1", "department.added")


def mailed(door: Door) -> list[tuple[str | None, str]]:
    """Return who is told of new heads, and of whom."""
    with door.database.sessions() as session:
        told = session.scalars(select(Message).where(Message.name == ROLE_GIVEN).order_by(Message.recipient))
        return [(one.recipient, str((one.params or {})["who"])) for one in told]


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
    sent = hidden_fields(carol.get(page)) | {"name": "Help Desk", "parent_code": "OPS", "staff_count": "20"}

    answer = carol.post(page, data=sent | {"when": "day", "day": "2027-01-01"})

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

    door.post(
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
            assert answer.status_code in {303, 422}, (field, kind)
            assert "<script>alert" not in answer.text, (field, kind)
            if answer.status_code == 303:
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


def test_an_end_moves_what_stood_below_and_its_people(door: Door, carol: FlaskClient) -> None:
    page = f"{page_of(door, 'IT')}/end"

    told = {"day": "2027-01-01", "successor": "OPS", "orphans": "up", "move_people": "y"}
    answer = door.post(carol, page, told)

    assert answer.status_code == 303
    assert tree(door, Q1) == {"OPS": ("Operations", None), "DESK": ("Service Desk", "OPS")}
    assert tree(door, door.moment)["DESK"] == ("Service Desk", "IT")
    above = page_of(door, "OPS")
    with door.database.sessions() as session:
        moved = session.scalars(select(PersonVersion).order_by(PersonVersion.valid_from.desc())).first()
        assert moved is not None
        assert (moved.name, moved.valid_from, f"{LIST}/{moved.department_id}") == ("Alice", Q1, above)


def test_an_end_is_taken_back(door: Door, carol: FlaskClient) -> None:
    page = f"{page_of(door, 'DESK')}/end"
    door.post(carol, page, {"day": "2026-06-01", "successor": "IT", "orphans": "up"})
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
    door.post(carol, f"{page}/end", ending)

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


def test_several_become_a_new_one(door: Door, carol: FlaskClient) -> None:
    told = {
        "codes": "IT, DESK",
        "successor": "",
        "code": "TECH",
        "name": "Technology",
        "day": "2027-01-01",
        "move_people": "y",
    }

    answer = door.post(carol, f"{LIST}/merge", told)

    assert (answer.status_code, answer.location) == (303, f"{page_of(door, 'TECH')}?saved=1")
    assert tree(door, Q1) == {"OPS": ("Operations", None), "TECH": ("Technology", None)}
    assert "TECH" not in tree(door, Q1 - timedelta(seconds=1))
    assert acts(door) == [("staff:1", "department.merged")]


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"codes": "IT, NOWHERE"}, "There is no department &#39;NOWHERE&#39;."),
        ({"code": ""}, "Choose a department, or write code and name of a new one below."),
        ({"code": "OPS"}, "There is a department with this code already."),
        ({"codes": " , "}, "Write the codes of the departments that become one."),
    ],
)
def test_a_merger_that_cannot_be_leaves_nothing(
    door: Door, carol: FlaskClient, told: dict[str, str], sentence: str
) -> None:
    good = {"codes": "IT\nDESK", "successor": "", "code": "TECH", "name": "Technology", "day": "2027-01-01"}
    before = tree(door, Q1)

    answer = door.post(carol, f"{LIST}/merge", good | told)

    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert (tree(door, Q1), acts(door)) == (before, [])


def test_a_department_that_nobody_knows_is_not_there(carol: FlaskClient) -> None:
    assert [carol.get(f"{LIST}/{path}").status_code for path in ("99", "99/end", "IT")] == [404, 404, 404]
