"""Rollups say what the answers say, are rebuilt only where something changed, and can be checked."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.decisions import DecisionReason
from app.domain.periods import Calendar
from app.domain.states import ResponseState
from app.foundations.crypto import Keys
from app.models.departments import Department
from app.models.rollups import COMPANY_ID, CellCount, DirtyMark, FunnelCount, ProfileCell, WorkCount, mark_dirty
from app.models.service_requests import RequestCycle
from app.pipeline import rollups
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.responses import held_response, quarter_salt
from tests.builders.service_requests import completed_request
from tests.servers.databases import Database

CALENDAR = Calendar(ZoneInfo("UTC"))
KEYS = Keys(("0123456789abcdef0123456789abcdef",))
Q3 = "2026-Q3"
JULY = datetime(2026, 7, 8, 10, tzinfo=UTC)
ENDS_AT = datetime(2026, 10, 1, tzinfo=UTC)


def company(session: Session) -> tuple[Department, Department]:
    """The company over one IT department; two people answered for IT, one of them twice."""
    quarter_salt(session, KEYS, Q3)
    root = department(session, "ALL")
    it = department(session, "IT", parent=root)
    sales = department(session, "SALES", parent=root)
    alice, dora = person(session, "alice@example.com", works_in=sales), person(session, "dora@example.com")
    for who, score in ((alice, 5), (alice, 4), (dora, 1)):
        completed_request(
            session, it, who, JULY, decision=DecisionReason.INVITED, requester_department_id=sales.id, on_time=True
        )
        held_response(session, it, who, {"csat_overall": score, "trust": 3}, Q3, requester_department_id=sales.id)
    mark_dirty(session, it.id, Q3, ENDS_AT)
    return root, it


def refresh(session: Session) -> int:
    return rollups.refresh(session, calendar=CALENDAR, keys=KEYS)


def profiles(session: Session, owner: Department, cut: str, item: str) -> dict[tuple[str, str], int]:
    rows = session.scalars(
        select(ProfileCell).where(
            ProfileCell.department_id == owner.id,
            ProfileCell.cut == cut,
            ProfileCell.item == item,
            ProfileCell.is_own.is_(False),
        )
    )
    return {(row.value, row.profile): row.requesters for row in rows}


def test_a_change_marks_the_department_and_all_above_it(database: Database) -> None:
    root, it = company(database.session)

    marked = set(database.session.scalars(select(DirtyMark.department_id)))

    assert marked == {root.id, it.id}


def test_profiles_are_one_requesters_own_counts(database: Database) -> None:
    root, it = company(database.session)

    rebuilt = refresh(database.session)

    assert rebuilt == 2
    assert profiles(database.session, it, "all", "csat_overall") == {("", "0.0.0.1.1"): 1, ("", "1.0.0.0.0"): 1}
    assert profiles(database.session, root, "all", "csat_overall") == {("", "0.0.0.1.1"): 1, ("", "1.0.0.0.0"): 1}
    assert profiles(database.session, it, "on_time", "csat_overall") == {
        ("unknown", "0.0.0.1.1"): 1,
        ("unknown", "1.0.0.0.0"): 1,
    }


def test_rotating_items_have_profiles_at_department_level_only(database: Database) -> None:
    _, it = company(database.session)

    refresh(database.session)

    assert profiles(database.session, it, "all", "trust") == {("", "0.0.2.0.0"): 1, ("", "0.0.1.0.0"): 1}
    assert profiles(database.session, it, "on_time", "trust") == {}


def test_a_second_refresh_has_nothing_to_do_and_a_check_finds_no_difference(database: Database) -> None:
    company(database.session)
    refresh(database.session)

    again = refresh(database.session)

    assert again == 0
    assert rollups.verify(database.session, calendar=CALENDAR, keys=KEYS) == []


def test_the_check_names_the_department_and_table_that_differ(database: Database) -> None:
    _, it = company(database.session)
    refresh(database.session)
    database.session.execute(update(ProfileCell).where(ProfileCell.department_id == it.id).values(requesters=9))

    wrong = rollups.verify(database.session, calendar=CALENDAR, keys=KEYS)

    assert {(department_id, period, table) for department_id, period, table, _ in wrong} == {
        (it.id, Q3, "profile_cells")
    }


def test_held_back_answers_do_not_count(database: Database) -> None:
    _, it = company(database.session)
    mallory = person(database.session, "mallory@example.com")
    held_response(database.session, it, mallory, {"csat_overall": 1}, Q3, state=ResponseState.HELD_BACK)

    refresh(database.session)

    whole = database.session.get(CellCount, (it.id, Q3, False, "all", ""))
    assert whole is not None
    assert (whole.requesters, whole.responses, whole.low_ratings) == (2, 3, 1)


def test_consent_uses_up_anonymity_in_the_whole_period(database: Database) -> None:
    _, it = company(database.session)
    helen = person(database.session, "helen@example.com")
    held_response(database.session, it, helen, {"csat_overall": 2}, Q3, has_consented=True)

    refresh(database.session)

    whole = database.session.get(CellCount, (it.id, Q3, False, "all", ""))
    assert whole is not None
    assert (whole.requesters, whole.confidential_requesters, whole.consents) == (3, 2, 1)


def test_the_funnel_counts_requests_and_people_by_reason(database: Database) -> None:
    _, it = company(database.session)
    bob = person(database.session, "bob@example.com")
    completed_request(database.session, it, bob, JULY, decision=DecisionReason.OWN_DEPARTMENT)

    refresh(database.session)

    rows = database.session.scalars(
        select(FunnelCount).where(FunnelCount.department_id == it.id, FunnelCount.cut == "all")
    )
    assert {row.reason: (row.requests, row.requesters) for row in rows} == {
        "completed": (4, 3),
        "eligible": (3, 2),
        "invited": (3, 2),
        "own_department": (1, 1),
    }


def test_work_counts_completions_and_the_clock(database: Database) -> None:
    root, it = company(database.session)

    refresh(database.session)

    rows = list(database.session.scalars(select(WorkCount).where(WorkCount.department_id == it.id)))
    assert {row.month: (row.arrivals, row.completions, row.on_time_known, row.on_time) for row in rows} == {
        "2026-07": (0, 3, 3, 3),
        "": (3, 0, 0, 0),
    }
    own = select(WorkCount).where(WorkCount.department_id == root.id, WorkCount.is_own.is_(True))
    assert list(database.session.scalars(own)) == []


def test_a_completion_undone_before_the_freeze_is_none_and_after_it_nothing_moves(database: Database) -> None:
    session = database.session
    _, it = company(session)
    early, late = list(session.scalars(select(RequestCycle).order_by(RequestCycle.id)))[:2]
    early.undone_at = datetime(2026, 10, 14, tzinfo=UTC)
    late.undone_at = datetime(2026, 10, 16, tzinfo=UTC)
    session.flush()

    refresh(session)

    whole = session.get(FunnelCount, (it.id, Q3, False, "all", "", "completed"))
    assert whole is not None
    assert whole.requests == 2


def test_the_rows_of_the_whole_company_count_each_person_once(database: Database) -> None:
    session, (_, it) = database.session, company(database.session)
    other, who = department(session, "OTHER"), person(session, "both@example.com")
    for place in (it, other):
        held_response(session, place, who, {"csat_overall": 4}, Q3)
        mark_dirty(session, place.id, Q3, ENDS_AT)

    rollups.refresh(session, calendar=CALENDAR, keys=KEYS)

    whole = session.get_one(CellCount, (COMPANY_ID, Q3, False, "all", ""))
    assert (whole.requesters, whole.responses) == (3, 5)
    assert rollups.verify(session, calendar=CALENDAR, keys=KEYS) == []


def test_one_top_department_is_the_company_and_needs_no_rows_beside_its_own(database: Database) -> None:
    session = database.session
    company(session)

    rollups.refresh(session, calendar=CALENDAR, keys=KEYS)

    assert session.get(CellCount, (COMPANY_ID, Q3, False, "all", "")) is None
