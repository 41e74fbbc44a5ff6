from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.domain.periods import Calendar
from app.imports.departments import DepartmentRow
from app.imports.faults import RowsRefused
from app.imports.people import PersonRow
from app.models.base import SINCE_EVER
from app.models.departments import Department, DepartmentVersion, TouchpointWeight, tree_at
from app.models.people import Person, PersonVersion
from app.models.rollups import DirtyMark
from app.models.service_requests import RequestCycle
from app.upkeep.organisation.departments import record_departments
from app.upkeep.organisation.people import record_people
from app.upkeep.organisation.versions import Tally
from tests.builders import people as builders
from tests.builders.service_requests import completed_request
from tests.servers.databases import Database

CALENDAR = Calendar(ZoneInfo("UTC"))
NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
MAY = datetime(2026, 5, 1, tzinfo=UTC)
NEXT_DAY = NOW + timedelta(days=1)


def department(code: str, line: int = 2, **values: Any) -> DepartmentRow:
    values = {"name": code.title(), **values}
    return DepartmentRow(line=line, given=frozenset({"code", *values}), code=code, **values)


def person(email: str, line: int = 2, **values: Any) -> PersonRow:
    values = {"name": "Alice", "department_code": "IT", **values}
    return PersonRow(line=line, given=frozenset({"email", *values}), email=email, **values)


def bring(session: Session, *rows: DepartmentRow, now: datetime = NOW) -> Tally:
    tally = record_departments(session, rows, calendar=CALENDAR, now=now, file="departments.csv")
    session.commit()
    return tally


def versions(session: Session, code: str) -> list[tuple[datetime, datetime | None, str, int | None]]:
    rows = session.scalars(
        select(DepartmentVersion)
        .join(Department, Department.id == DepartmentVersion.department_id)
        .where(Department.code == code)
        .order_by(DepartmentVersion.valid_from)
    )
    return [(row.valid_from, row.valid_to, row.name, row.parent_id) for row in rows]


def everything(session: Session, *tables: str) -> list[Any]:
    return [list(session.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2"))) for table in tables]


def test_it_builds_the_tree_whatever_the_order_of_the_rows(database: Database) -> None:
    session = database.session

    tally = bring(
        session, department("HELP", parent_code="IT"), department("IT", 3, parent_code="OPS"), department("OPS", 4)
    )

    ids = dict(session.execute(select(Department.code, Department.id)).tuples().all())
    assert tally == Tally(new=3)
    assert list(tree_at(session, NOW).ancestors(ids["HELP"])) == [ids["IT"], ids["OPS"]]
    assert versions(session, "OPS") == [(SINCE_EVER, None, "Ops", None)]


def test_the_same_departments_again_change_nothing(database: Database) -> None:
    session = database.session
    rows = [
        department("OPS", valid_to=None, touchpoints=(("shop", 0.5), ("web", 0.5))),
        department("IT", 3, parent_code="OPS", valid_from=None, head_email="bob@example.com"),
        department("IT", 4, name="Computers", parent_code=None, valid_from=MAY, touchpoints=(("web", 1.0),)),
    ]
    first = bring(session, *rows)
    tables = ("departments", "department_versions", "touchpoint_weights", "dirty_marks")
    before = everything(session, *tables)

    second = bring(session, *rows, now=NEXT_DAY)

    assert (first, second) == (Tally(new=3), Tally(unchanged=3))
    assert everything(session, *tables) == before
    assert [version[:3] for version in versions(session, "IT")] == [
        (SINCE_EVER, MAY, "It"),
        (MAY, None, "Computers"),
    ]


def test_a_difference_without_a_date_begins_today(database: Database) -> None:
    session = database.session
    bring(session, department("IT", head_email="bob@example.com"))

    tally = bring(session, department("IT", name="Computers"))

    assert tally == Tally(changed=1)
    assert versions(session, "IT") == [(SINCE_EVER, NOW, "It", None), (NOW, None, "Computers", None)]
    heads = session.scalars(select(DepartmentVersion.head_email)).all()
    assert heads == ["bob@example.com", "bob@example.com"]


def test_an_end_alone_changes_the_running_version(database: Database) -> None:
    session = database.session
    bring(session, department("IT"), department("LAW", 3))
    end = NOW + timedelta(days=30)

    tally = bring(session, department("IT", valid_to=end, successor_code=None), now=NEXT_DAY)

    assert tally == Tally(changed=1)
    assert versions(session, "IT") == [(SINCE_EVER, end, "It", None)]


def test_an_end_in_the_past_tells_of_the_version_that_stood_then(database: Database) -> None:
    session = database.session
    bring(session, department("IT", staff_count=20))
    ended = department("IT", name="It", valid_to=MAY, successor_code="NEW")
    began = department("NEW", 3, valid_from=MAY)

    first = bring(session, ended, began)
    again = bring(session, ended, began, now=NEXT_DAY)

    assert versions(session, "IT") == [(SINCE_EVER, MAY, "It", None)]
    assert (first, again) == (Tally(new=1, changed=1), Tally(unchanged=2))
    successor = session.scalar(select(Department.id).where(Department.code == "NEW"))
    assert tree_at(session, NOW).parents.keys() == {successor}


def test_parents_that_nobody_knows_are_made_on_request(database: Database) -> None:
    session = database.session
    row = department("IT", parent_code="OPS", successor_code="NEW")

    tally = record_departments(session, [row], calendar=CALENDAR, now=NOW, create_departments=True)

    assert tally == Tally(new=1)
    assert [versions(session, code)[0][2] for code in ("IT", "OPS", "NEW")] == ["It", "OPS", "NEW"]


def test_it_refuses_an_end_before_everything_that_is_known(database: Database) -> None:
    session = database.session
    bring(session, department("IT", valid_from=NOW))

    with pytest.raises(RowsRefused) as refused:
        bring(session, department("IT", 7, valid_to=MAY))

    assert [str(fault) for fault in refused.value.faults] == [
        "departments.csv:7: valid_to: it ends before it begins (valid_from)"
    ]


def test_it_names_a_parent_and_a_successor_that_nobody_knows(database: Database) -> None:
    with pytest.raises(RowsRefused) as refused:
        bring(database.session, department("IT", parent_code="OPS"), department("LAW", 3, successor_code="JUS"))

    assert str(refused.value).splitlines() == [
        "departments.csv:2: parent_code: there is no department 'OPS'",
        "departments.csv:3: successor_code: there is no department 'JUS'",
    ]


def test_it_refuses_departments_that_stand_above_themselves(database: Database) -> None:
    session = database.session
    bring(session, department("A"), department("B", 3, parent_code="A"))

    with pytest.raises(RowsRefused) as refused:
        bring(session, department("A", 7, parent_code="B"))

    assert str(refused.value) == ("departments.csv:7: parent_code: departments would stand above themselves: A → B → A")


def test_it_refuses_a_loop_that_another_department_s_later_move_would_close(sqlite: Database) -> None:
    session = sqlite.session
    later = NOW + timedelta(days=90)
    bring(session, department("A"), department("B", 3), department("C", 4, parent_code="B"))
    bring(session, department("A", valid_from=later, parent_code="C"))

    with pytest.raises(RowsRefused) as refused:
        bring(session, department("B", 7, parent_code="A"))
    session.rollback()
    until_then = bring(session, department("B", 8, parent_code="A", valid_to=later))

    assert str(refused.value) == (
        "departments.csv:7: parent_code: departments would stand above themselves: A → C → B → A"
    )
    assert until_then == Tally(changed=1)


def test_touchpoint_weights_count_from_a_quarter_on(database: Database) -> None:
    session = database.session
    bring(session, department("IT", touchpoints=(("shop", 1.0),)))

    bring(session, department("IT", touchpoints=(("shop", 0.25), ("web", 0.75))))

    stored = session.execute(
        select(TouchpointWeight.from_period, TouchpointWeight.touchpoint, TouchpointWeight.weight).order_by(
            TouchpointWeight.from_period, TouchpointWeight.touchpoint
        )
    ).tuples()
    assert list(stored) == [("1900-Q1", "shop", 1.0), ("2026-Q4", "shop", 0.25), ("2026-Q4", "web", 0.75)]


def test_a_change_of_the_tree_marks_open_quarters(database: Database) -> None:
    session = database.session
    bring(session, department("OPS"), department("IT", 3, parent_code="OPS"))
    ids = dict(session.execute(select(Department.code, Department.id)).tuples().all())
    alice = builders.person(session, "alice@example.com")
    completed_request(session, session.get_one(Department, ids["IT"]), alice, MAY)
    session.execute(DirtyMark.__table__.delete())  # type: ignore[attr-defined]

    bring(session, department("IT", parent_code=None))

    marks = session.execute(select(DirtyMark.department_id, DirtyMark.period)).tuples()
    period = session.scalars(select(RequestCycle.period)).one()
    assert set(marks) == {(ids["IT"], period), (ids["OPS"], period)}


def test_who_moves_within_an_open_quarter_leaves_a_mark_where_they_stood(database: Database) -> None:
    session = database.session
    bring(session, department("ALL"), department("OPS", 3, parent_code="ALL"), department("LAW", 4, parent_code="ALL"))
    bring(session, department("IT", parent_code="OPS"))
    ids = dict(session.execute(select(Department.code, Department.id)).tuples().all())
    completed_request(session, session.get_one(Department, ids["IT"]), builders.person(session, "a@example.com"), MAY)
    session.execute(DirtyMark.__table__.delete())  # type: ignore[attr-defined]

    bring(session, department("IT", parent_code="LAW", valid_from=MAY))

    marked = set(session.scalars(select(DirtyMark.department_id)))
    assert marked == {ids[code] for code in ("IT", "LAW", "OPS", "ALL")}


def test_a_move_on_the_first_day_of_the_next_quarter_leaves_the_quarter_before_as_it_is(database: Database) -> None:
    session = database.session
    bring(session, department("OPS"), department("LAW", 3), department("IT", 4, parent_code="OPS"))
    ids = dict(session.execute(select(Department.code, Department.id)).tuples().all())
    completed_request(session, session.get_one(Department, ids["IT"]), builders.person(session, "a@example.com"), MAY)
    session.execute(DirtyMark.__table__.delete())  # type: ignore[attr-defined]

    bring(session, department("IT", parent_code="LAW", valid_from=datetime(2026, 7, 1, tzinfo=UTC)))

    assert set(session.scalars(select(DirtyMark.department_id))) == {ids["IT"], ids["OPS"]}


def test_it_keeps_people_and_their_moves(database: Database) -> None:
    session = database.session
    bring(session, department("IT"), department("LAW", 3))
    rows = [
        person("alice@example.com", language="pl", valid_from=None),
        person("alice@example.com", 3, department_code="LAW", valid_from=MAY),
        person("bob@example.com", 4, name="Bob"),
    ]

    first = record_people(session, rows, now=NOW)
    before = everything(session, "people", "person_versions")
    second = record_people(session, rows, now=NEXT_DAY)

    history = session.execute(
        select(PersonVersion.valid_from, Department.code, PersonVersion.language)
        .join(Person, Person.id == PersonVersion.person_id)
        .join(Department, Department.id == PersonVersion.department_id)
        .where(Person.email == "alice@example.com")
        .order_by(PersonVersion.valid_from)
    ).tuples()
    assert (first, second) == (Tally(new=3), Tally(unchanged=3))
    assert list(history) == [(SINCE_EVER, "IT", "pl"), (MAY, "LAW", "pl")]
    assert everything(session, "people", "person_versions") == before


def test_it_refuses_people_of_unknown_departments_or_creates_them(database: Database) -> None:
    session = database.session
    rows = [person("alice@example.com", department_code="Space")]

    with pytest.raises(RowsRefused, match=r"people\.csv:2: department_code: there is no department 'Space'"):
        record_people(session, rows, now=NOW, file="people.csv")
    tally = record_people(session, rows, now=NOW, create_departments=True)

    assert tally == Tally(new=1)
    assert session.scalars(select(Department.code)).all() == ["Space"]


def test_people_find_their_department_by_the_name_that_only_one_has_and_never_get_it_a_twin(sqlite: Database) -> None:
    session = sqlite.session
    bring(session, department("FAC", name="Facilities"), department("LAW", 3, name="Lawyers", valid_from=MAY))
    bring(session, department("A", name="Desk"), department("B", 3, name="Desk"))
    bring(session, department("LAW", 5, name="Legal"), now=NEXT_DAY)
    told = ["Facilities", "facilities", "Desk", "Lawyers", "Space"]
    rows = [
        person(f"{number}@example.com", line=number, department_code=code) for number, code in enumerate(told, start=2)
    ]

    tally = record_people(session, rows, now=NEXT_DAY, create_departments=True, skip_bad_rows=True)

    assert [(fault.line, fault.sentence, fault.mend) for fault in tally.faults] == [
        (3, "'facilities' is no department's code. Did you mean FAC (Facilities)? Write its code.", ""),
        (4, "'Desk' is no department's code. Did you mean A (Desk), B (Desk)? Write its code.", ""),
        (5, "'Lawyers' is no department's code. Did you mean LAW (Legal)? Write its code.", ""),
    ]
    placed = select(Person.email, Department.code).join(PersonVersion, PersonVersion.person_id == Person.id)
    placed = placed.join(Department, Department.id == PersonVersion.department_id).order_by(Person.email)
    assert session.execute(placed).tuples().all() == [("2@example.com", "FAC"), ("6@example.com", "Space")]


def test_a_parent_told_by_its_name_is_that_department_or_a_question(sqlite: Database) -> None:
    session = sqlite.session
    bring(session, department("FAC", name="Facilities"))
    rows = [
        department("A", parent_code="Facilities"),
        department("B", 3, parent_code="Works", successor_code="FACILITIES"),
        department("WRK", 4, name="Works"),
        department("FAC", 5, name="Facilities", parent_code="Facilities"),
    ]

    with pytest.raises(RowsRefused) as refused:
        record_departments(session, rows, calendar=CALENDAR, now=NOW, create_departments=True)
    bring(session, rows[0], rows[2])

    assert [(fault.line, fault.column, fault.sentence) for fault in refused.value.faults] == [
        (3, "parent_code", "'Works' is no department's code. Did you mean WRK (Works)? Write its code."),
        (3, "successor_code", "'FACILITIES' is no department's code. Did you mean FAC (Facilities)? Write its code."),
        (5, "parent_code", "'Facilities' is no department's code. Did you mean FAC (Facilities)? Write its code."),
    ]
    ids = dict(session.execute(select(Department.code, Department.id)).tuples().all())
    assert (sorted(ids), tree_at(session, NOW).parents[ids["A"]]) == (["A", "FAC", "WRK"], ids["FAC"])


def test_a_person_who_changes_gets_a_version_from_today_on(database: Database) -> None:
    session = database.session
    bring(session, department("IT"), department("LAW", 3))
    record_people(session, [person(f"p{number}@example.com") for number in range(1200)], now=NOW)

    tally = record_people(
        session, [person(f"p{number}@example.com", department_code="LAW") for number in range(600)], now=NEXT_DAY
    )

    moved = session.scalars(select(PersonVersion).where(PersonVersion.valid_from == NEXT_DAY)).all()
    assert tally == Tally(changed=600)
    assert len(moved) == 600


def test_it_leaves_out_rows_that_name_nobody_on_request(database: Database) -> None:
    session = database.session
    rows = [department("IT"), department("A", 3, parent_code="X"), department("B", 4, parent_code="A")]

    departments = record_departments(session, rows, calendar=CALENDAR, now=NOW, skip_bad_rows=True, file="d.csv")
    people = record_people(
        session,
        [person("alice@example.com"), person("bob@example.com", 3, department_code="X")],
        now=NOW,
        skip_bad_rows=True,
        file="p.csv",
    )

    assert (departments.new, [str(fault) for fault in departments.faults]) == (
        1,
        ["d.csv:3: parent_code: there is no department 'X'", "d.csv:4: parent_code: there is no department 'A'"],
    )
    assert (people.new, [fault.line for fault in people.faults]) == (1, [3])
    assert session.scalars(select(Person.email)).all() == ["alice@example.com"]
