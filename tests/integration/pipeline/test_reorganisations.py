"""What came before: a rename and one successor keep their history, a split or a merge of several ends it."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.periods import Period
from app.models.departments import Department, DepartmentVersion
from app.models.scorecards import ScorecardRevision
from app.pipeline import scorecards
from tests.builders.departments import department
from tests.builders.quarters import CALENDAR, Q3, answers, company, document, freeze
from tests.servers.databases import Database

JULY_FIRST = datetime(2026, 7, 1, tzinfo=UTC)
Q1, Q2 = Period(2026, 1), Period(2026, 2)
BAD, GOOD = [1] * 40, [5] * 40


def lived_through(session: Session, period: Period, **scores: Any) -> None:
    """Let departments (by code) answer a quarter and freeze it."""
    codes = {code: session.scalars(select(Department).where(Department.code == code)).one() for code in scores}
    for code, own in scores.items():
        answers(session, codes[code], own, period=period)
    freeze(session, CALENDAR.freezes_at(period), period=period)


def ended(session: Session, gone: Department, heir: Department, at: datetime | None = JULY_FIRST) -> None:
    session.execute(
        update(DepartmentVersion)
        .where(DepartmentVersion.department_id == gone.id)
        .values(successor_id=heir.id, valid_to=at)
    )


def pictured(session: Session, owner: Department, period: Period = Q3) -> list[str]:
    """Return the quarters with a figure in the picture of a department's trend."""
    row = session.scalars(
        select(ScorecardRevision).where(
            ScorecardRevision.department_id == owner.id, ScorecardRevision.period == str(period)
        )
    ).one()
    trend = scorecards.trend_of_revision(session, row, document(session, owner, period=period), CALENDAR)
    return [point.period for point in trend.points if point.internal is not None]


def test_one_successor_takes_the_history_over(database: Database) -> None:
    session, places = database.session, company(database.session)
    lived_through(session, Q1, IT=BAD)
    lived_through(session, Q2, IT=BAD)
    tech = department(session, "TECH", parent=places["ALL"], since=JULY_FIRST)
    ended(session, places["IT"], tech)

    lived_through(session, Q3, TECH=GOOD)

    found = document(session, tech)
    assert found["change"]["csat_overall"]["verdict"] == "better"
    assert [point["period"] for point in found["trend"]] == ["2026-Q1", "2026-Q2", "2026-Q3"]
    assert pictured(session, tech) == ["2026-Q1", "2026-Q2", "2026-Q3"]


def test_a_successor_of_a_successor_has_the_history_of_both(database: Database) -> None:
    session, places = database.session, company(database.session)
    lived_through(session, Q1, IT=BAD)
    april = datetime(2026, 4, 1, tzinfo=UTC)
    middle = department(session, "TECH", parent=places["ALL"], since=april)
    ended(session, places["IT"], middle, april)
    lived_through(session, Q2, TECH=BAD)
    last = department(session, "DIGITAL", parent=places["ALL"], since=JULY_FIRST)
    ended(session, middle, last)

    lived_through(session, Q3, DIGITAL=GOOD)

    assert [point["period"] for point in document(session, last)["trend"]] == ["2026-Q1", "2026-Q2", "2026-Q3"]


def test_a_merge_into_a_department_that_stood_already_ends_trend_and_change_with_a_sentence(
    database: Database,
) -> None:
    session, places = database.session, company(database.session)
    lived_through(session, Q2, IT=BAD, HR=BAD)
    ended(session, places["IT"], places["HR"])

    lived_through(session, Q3, HR=GOOD)

    found = document(session, places["HR"])
    assert found["change"] == {}
    assert [point["period"] for point in found["trend"]] == ["2026-Q3"]
    assert found["sentences"]["change"] == {"key": "change_reorganised", "params": {"previous": "2026-Q2"}}
    assert found["sentences"]["trend"] == {"key": "trend_reorganised", "params": {"period": "2026-Q3"}}
    assert pictured(session, places["HR"]) == ["2026-Q3"]
    assert document(session, places["IT"], period=Q2)["department"]["code"] == "IT"  # the old ones stay


def test_a_merge_of_two_into_a_new_one_ends_both_histories(database: Database) -> None:
    session, places = database.session, company(database.session)
    lived_through(session, Q2, IT=BAD, HR=BAD)
    new = department(session, "SHARED", parent=places["ALL"], since=JULY_FIRST)
    ended(session, places["IT"], new)
    ended(session, places["HR"], new)

    lived_through(session, Q3, SHARED=GOOD)

    found = document(session, new)
    assert (found["change"], [point["period"] for point in found["trend"]]) == ({}, ["2026-Q3"])
    assert found["sentences"]["change"]["key"] == "change_reorganised"


def test_after_a_merge_the_new_quarters_are_compared_with_one_another(database: Database) -> None:
    session, places = database.session, company(database.session)
    lived_through(session, Q1, IT=BAD, HR=BAD)
    ended(session, places["IT"], places["HR"], datetime(2026, 5, 20, tzinfo=UTC))
    lived_through(session, Q2, HR=BAD)

    lived_through(session, Q3, HR=GOOD)

    found = document(session, places["HR"])
    assert found["change"]["csat_overall"]["previous"] == "2026-Q2"
    assert [point["period"] for point in found["trend"]] == ["2026-Q2", "2026-Q3"]
    assert found["sentences"]["trend"]["params"] == {"period": "2026-Q2"}


def test_a_merge_that_is_still_to_come_ends_nothing(database: Database) -> None:
    session, places = database.session, company(database.session)
    lived_through(session, Q2, IT=BAD, HR=BAD)
    ended(session, places["IT"], places["HR"], datetime(2027, 1, 1, tzinfo=UTC))

    lived_through(session, Q3, HR=GOOD)

    assert document(session, places["HR"])["change"]["csat_overall"]["verdict"] == "better"


def test_a_department_that_was_split_hands_its_history_to_nobody(database: Database) -> None:
    session, places = database.session, company(database.session)
    lived_through(session, Q2, IT=BAD)
    one, other = (department(session, code, parent=places["ALL"], since=JULY_FIRST) for code in ("NET", "DESK"))
    ended(session, places["IT"], one)
    session.add(
        DepartmentVersion(
            department_id=places["IT"].id,
            name="IT",
            valid_from=datetime(2026, 6, 30, 23, tzinfo=UTC),
            valid_to=JULY_FIRST,
            successor_id=other.id,
            parent_id=places["ALL"].id,
        )
    )
    session.flush()

    lived_through(session, Q3, NET=GOOD, DESK=GOOD)

    for part in (one, other):
        found = document(session, part)
        assert (found["change"], len(found["trend"])) == ({}, 1)
        assert found["sentences"]["change"]["key"] == "change_reorganised"


def test_a_new_name_under_the_same_code_changes_nothing(database: Database) -> None:
    session, places = database.session, company(database.session)
    lived_through(session, Q2, IT=BAD)
    session.add(
        DepartmentVersion(
            department_id=places["IT"].id, name="Technology", valid_from=JULY_FIRST, parent_id=places["ALL"].id
        )
    )
    session.flush()

    lived_through(session, Q3, IT=GOOD)

    found = document(session, places["IT"])
    assert found["department"] == {"code": "IT", "name": "Technology"}
    assert found["change"]["csat_overall"]["verdict"] == "better"
    assert document(session, places["IT"], period=Q2)["department"]["name"] == "It"
