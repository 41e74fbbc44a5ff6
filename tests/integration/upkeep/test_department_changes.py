"""Ending a department takes everything along that is told of later days, and everybody, with or without an address."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.domain.periods import Calendar
from app.imports.departments import DepartmentRow
from app.imports.faults import RowsRefused
from app.models.base import SINCE_EVER
from app.models.departments import Department, versions_at
from app.models.people import Person, PersonVersion
from app.upkeep.organisation.department_changes import Ended, Ending, Orphans, end_departments, take_back_end
from app.upkeep.organisation.departments import record_departments
from tests.builders.departments import department
from tests.builders.people import person
from tests.conftest import ALICE, BOB
from tests.servers.databases import Database

CALENDAR = Calendar(ZoneInfo("UTC"))
Q1 = datetime(2027, 1, 1, tzinfo=UTC)
Q2 = datetime(2027, 4, 1, tzinfo=UTC)


def change(database: Database, code: str, *, at: datetime, now: datetime, name: str, parent: str | None) -> None:
    given = frozenset({"code", "name", "parent_code", "valid_from"})
    row = DepartmentRow(line=0, given=given, code=code, name=name, parent_code=parent, valid_from=at)
    record_departments(database.session, [row], calendar=CALENDAR, now=now)


def end(database: Database, *codes: str, now: datetime, successor: str | None = "OPS") -> Ended:
    ending = Ending(codes=codes, at=Q1, successor=successor, orphans=Orphans.UP, move_people=successor is not None)
    return end_departments(database.session, ending, calendar=CALENDAR, now=now)


def stands_below(database: Database, moment: datetime) -> dict[str, str | None]:
    """Return the parent of every department at a moment, by code."""
    database.session.expire_all()
    codes = {row.id: row.code for row in database.session.scalars(select(Department))}
    found = versions_at(database.session, moment).values()
    return {codes[one.department_id]: codes[one.parent_id] if one.parent_id else None for one in found}


def works_in(database: Database, who: Person) -> list[tuple[datetime, str]]:
    """Return since when somebody belongs where, oldest first."""
    rows = (
        select(PersonVersion.valid_from, Department.code)
        .join(Department, Department.id == PersonVersion.department_id)
        .where(PersonVersion.person_id == who.id)
        .order_by(PersonVersion.valid_from)
    )
    return list(database.session.execute(rows).tuples())


def test_what_a_department_below_is_told_to_become_later_moves_along(sqlite: Database, now: datetime) -> None:
    ops = department(sqlite.session, "OPS")
    it = department(sqlite.session, "IT", parent=ops)
    department(sqlite.session, "DESK", parent=it)
    department(sqlite.session, "LAB", parent=it, since=Q2)
    change(sqlite, "DESK", at=Q2, now=now, name="Help Desk", parent="IT")

    ended = end(sqlite, "IT", now=now)

    assert ended == Ended(departments=2, people=0, staying=0)
    assert stands_below(sqlite, Q1) == {"OPS": None, "DESK": "OPS"}
    assert stands_below(sqlite, Q2) == {"OPS": None, "DESK": "OPS", "LAB": "OPS"}


def test_a_department_below_still_ends_on_its_own_day(sqlite: Database, now: datetime) -> None:
    it = department(sqlite.session, "IT", parent=department(sqlite.session, "OPS"))
    department(sqlite.session, "DESK", parent=it, valid_to=Q2)

    end(sqlite, "IT", now=now)

    assert [stands_below(sqlite, moment).get("DESK") for moment in (Q1, Q2)] == ["OPS", None]
    assert "DESK" not in stands_below(sqlite, Q2)


def test_everybody_moves_with_and_without_address_and_what_is_told_of_later(database: Database, now: datetime) -> None:
    session = database.session
    ops, it, lab = (department(session, code) for code in ("OPS", "IT", "LAB"))
    alice, bob = (person(session, one.email, works_in=it) for one in (ALICE, BOB))
    keyed = Person(source="jira", source_key="5b10a2844c20165700ede21g")
    session.add(keyed)
    session.flush()
    session.add(PersonVersion(person_id=keyed.id, department_id=it.id))
    session.add(PersonVersion(person_id=alice.id, department_id=it.id, valid_from=Q2, name="Alice Married"))
    session.add(PersonVersion(person_id=bob.id, department_id=lab.id, valid_from=Q1))  # goes elsewhere that day
    comes = person(session, "comes@example.com", works_in=ops)
    session.add(PersonVersion(person_id=comes.id, department_id=it.id, valid_from=Q2))
    session.flush()

    ended = end(database, "IT", now=now)

    assert ended == Ended(departments=0, people=3, staying=0)
    assert [code for _, code in works_in(database, alice)] == ["IT", "OPS", "OPS"]
    assert works_in(database, keyed)[1:] == [(Q1, "OPS")]
    assert works_in(database, bob)[1:] == [(Q1, "LAB")]
    assert [code for _, code in works_in(database, comes)] == ["OPS", "OPS"]

    take_back_end(session, "IT", calendar=CALENDAR, now=now)

    as_before = [[(SINCE_EVER, "IT"), (Q2, "IT")], [(SINCE_EVER, "IT")], [(SINCE_EVER, "IT"), (Q1, "LAB")]]
    assert [works_in(database, who) for who in (alice, keyed, bob)] == as_before


def test_who_does_not_move_is_counted(sqlite: Database, now: datetime) -> None:
    it = department(sqlite.session, "IT")
    person(sqlite.session, ALICE.email, works_in=it)

    assert end(sqlite, "IT", now=now, successor=None) == Ended(departments=0, people=0, staying=1)


@pytest.mark.parametrize(("since", "until"), [(Q2, None), (SINCE_EVER, Q1 - timedelta(days=1))])
def test_a_department_that_is_not_there_that_day_takes_nothing_over(
    sqlite: Database, now: datetime, since: datetime, until: datetime | None
) -> None:
    department(sqlite.session, "IT")
    department(sqlite.session, "OPS", since=since, valid_to=until)

    with pytest.raises(RowsRefused) as refused:
        end(sqlite, "IT", now=now)

    assert [(one.column, one.sentence) for one in refused.value.faults] == [
        ("successor_code", "'OPS' is not there on that day")
    ]
