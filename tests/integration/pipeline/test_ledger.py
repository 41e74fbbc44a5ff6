"""The disclosure ledger: every figure of every frozen document once, and what later documents make of it."""

from collections import Counter
from datetime import UTC, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.domain.asking_policy import AskingPolicy
from app.domain.scorecards.counts_told import figures_by_name
from app.domain.states import DocumentKind
from app.models.culture import find_culture
from app.models.departments import DepartmentVersion
from app.models.releases import Disclosure
from app.models.rollups import COMPANY_ID, mark_dirty
from app.pipeline import scorecards
from tests.builders.people import person
from tests.builders.quarters import CALENDAR, Q3, answers, company, document, freeze
from tests.builders.service_requests import completed_request
from tests.servers.databases import Database


def rows_of(session: Session, department_id: int, revision: int = 1) -> list[Disclosure]:
    query = select(Disclosure).where(Disclosure.department_id == department_id, Disclosure.revision == revision)
    return list(session.scalars(query))


def test_a_freeze_writes_every_figure_of_every_document_once(database: Database) -> None:
    session, places = database.session, company(database.session)
    answers(session, places["IT"], [5] * 12, asks=places["HR"])
    answers(session, places["HR"], [5] * 3)
    answers(session, places["SALES"], [4] * 11)
    freeze(session)

    rows = rows_of(session, places["ALL"].id)
    told = {(row.block, row.figure, row.part): row.printed for row in rows if not row.is_hidden}
    assert told == {tuple(name): printed for name, printed in figures_by_name(document(session, places["ALL"])).items()}
    assert {row.people for row in rows if row.block == "internal"} == {26}
    hidden = [
        (row.block, row.figure, row.people, row.printed) for row in rows_of(session, places["HR"].id) if row.is_hidden
    ]
    assert hidden == [("internal", "", None, None)]
    culture = find_culture(session, str(Q3))
    assert culture is not None
    kinds = Counter(row.kind for row in rows_of(session, COMPANY_ID))
    assert set(kinds) == {DocumentKind.CULTURE}

    assert scorecards.keep_ledger(session, str(Q3)) == 0  # nothing is written twice


def test_what_was_frozen_before_there_was_a_ledger_is_written_at_the_first_need(database: Database) -> None:
    session, places = database.session, company(database.session)
    answers(session, places["IT"], [5] * 12)
    freeze(session)
    before = {(row.block, row.figure, row.part, row.people) for row in rows_of(session, places["IT"].id)}
    session.execute(delete(Disclosure))

    assert scorecards.keep_ledger(session, str(Q3)) > len(before)
    session.expire_all()
    assert {(row.block, row.figure, row.part, row.people) for row in rows_of(session, places["IT"].id)} == before


def test_a_preview_reads_what_the_ledger_does_not_have_yet(database: Database) -> None:
    session, places = database.session, company(database.session)
    answers(session, places["IT"], [5] * 12)
    freeze(session)
    session.execute(delete(Disclosure))

    now = datetime(2026, 10, 20, tzinfo=UTC)
    shown = scorecards.preview(session, Q3, calendar=CALENDAR, policy=AskingPolicy(), now=now)
    seen = {one["department"]["code"]: one for one in shown}

    assert seen["IT"]["funnel"] == document(session, places["IT"])["funnel"]
    assert seen["IT"]["operations"] == document(session, places["IT"])["operations"]


def test_requests_that_arrive_late_are_told_by_no_later_revision(database: Database) -> None:
    session, places = database.session, company(database.session)
    answers(session, places["IT"], [5] * 12)
    freeze(session)

    completed_request(session, places["IT"], person(session, "late@example.com"), CALENDAR.starts_at(Q3))
    mark_dirty(session, places["IT"].id, str(Q3), CALENDAR.ends_at(Q3))
    assert freeze(session) == 0  # a request more is not worth a revision

    answers(session, places["IT"], [1] * 6, start=100)
    assert freeze(session) == 2
    first, second = (document(session, places["IT"], revision) for revision in (1, 2))
    assert first["operations"]["completions"] == first["funnel"]["completed"] == 12
    assert "completions" not in second["operations"]
    assert "completed" not in second["funnel"]
    assert second["internal"]["csat_overall"]["top_two_box"]["n"] == second["funnel"]["requesters"] == 18


def test_a_department_moved_into_the_past_makes_no_further_revision(database: Database) -> None:
    session, places = database.session, company(database.session)
    for code in ("IT", "HR", "SALES"):
        answers(session, places[code], [5] * 12)
    freeze(session)

    # HR now stands below IT since ever: a new IT minus the old one would be HR, whatever hides HR.
    moved = DepartmentVersion.department_id == places["HR"].id
    session.execute(update(DepartmentVersion).where(moved).values(parent_id=places["IT"].id))
    answers(session, places["IT"], [1] * 6, start=100)
    assert freeze(session, datetime(2026, 10, 20, tzinfo=UTC)) == 0

    session.execute(update(DepartmentVersion).where(moved).values(parent_id=places["ALL"].id))
    mark_dirty(session, places["IT"].id, str(Q3), CALENDAR.ends_at(Q3))
    assert freeze(session, datetime(2026, 10, 21, tzinfo=UTC)) == 2
