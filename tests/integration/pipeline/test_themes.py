"""Themes of a frozen quarter: what low ratings named, in each document, repeated by revisions, gone at the release."""

from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.domain.states import CommentState
from app.models.comments import CommentReview
from app.models.culture import CultureRevision
from app.models.departments import Department
from app.models.responses import HeldResponse
from app.models.rollups import COMPANY_ID, ThemeCount, mark_dirty
from app.pipeline import release, rollups
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.quarters import CALENDAR, KEYS, Q3, answers, company, document, freeze
from tests.builders.responses import held_response, quarter_salt
from tests.servers.databases import Database


def rated_low(session: Session, provider: Department, *chips: str, count: int, start: int = 0, **fields: Any) -> None:
    """Let so many people give a low rating, each with these chips."""
    for number in range(start, start + count):
        who = person(session, f"t{number}-{provider.code}@example.com".lower())
        held_response(session, provider, who, {"csat_overall": 2}, str(Q3), reason_chips=list(chips), **fields)
    mark_dirty(session, provider.id, str(Q3), CALENDAR.ends_at(Q3))


def told(found: dict[str, Any]) -> list[tuple[str, int, int]]:
    """Return theme, answers that name it and answers that were asked, of the rows of a document."""
    return [(row["theme"], row["answers"], row["share"]["answers"]) for row in found["themes"]]


def hidden(found: dict[str, Any]) -> bool:
    return "themes" in {row["what"] for row in found["suppressed"]}


def test_a_scorecard_tells_what_low_ratings_named(database: Database) -> None:
    session, places = database.session, company(database.session)
    answers(session, places["IT"], [5] * 10)  # nobody was asked why
    rated_low(session, places["IT"], "too_slow", "too_much_effort", count=7)
    rated_low(session, places["IT"], "too_slow", count=5, start=7)
    rated_low(session, places["IT"], count=5, start=12)

    freeze(session)

    expected = [("too_slow", 12, 17), ("too_much_effort", 7, 17)]
    assert told(document(session, places["IT"])) == expected
    assert told(document(session, places["ALL"])) == expected
    assert not hidden(document(session, places["IT"]))


def test_answers_of_earlier_tools_were_not_asked_and_small_numbers_of_them_hide_the_rest(database: Database) -> None:
    session, places = database.session, company(database.session)
    rated_low(session, places["IT"], "too_slow", count=12)
    rated_low(session, places["HR"], "too_slow", count=12)
    rated_low(session, places["HR"], count=6, start=12, source="old-tool")
    rated_low(session, places["SALES"], "too_slow", count=12)
    rated_low(session, places["SALES"], count=2, start=12, source="old-tool")

    freeze(session)

    assert told(document(session, places["ALL"])) == [("too_slow", 36, 36)]
    assert told(document(session, places["SALES"])) == []
    assert hidden(document(session, places["SALES"]))


def test_stored_rows_equal_what_the_answers_say(database: Database) -> None:
    session, places = database.session, company(database.session)
    rated_low(session, places["IT"], "too_slow", count=4)
    rated_low(session, places["ALL"], "too_slow", count=2, has_consented=True)

    rollups.refresh(session, calendar=CALENDAR, keys=KEYS)

    query = (
        select(ThemeCount).where(ThemeCount.theme == "too_slow").order_by(ThemeCount.department_id, ThemeCount.is_own)
    )
    rows = [
        (row.department_id, row.is_own, row.requesters, row.confidential_requesters) for row in session.scalars(query)
    ]
    assert rows == [(places["ALL"].id, False, 6, 4), (places["ALL"].id, True, 2, 0), (places["IT"].id, False, 4, 4)]
    assert rollups.verify(session, calendar=CALENDAR, keys=KEYS) == []
    session.execute(update(ThemeCount).values(requesters=9))
    assert {table for _, _, table, _ in rollups.verify(session, calendar=CALENDAR, keys=KEYS)} == {"theme_counts"}


def test_answers_without_a_coded_comment_are_counted_beside_those_with_one(sqlite: Database) -> None:
    session, places = sqlite.session, company(sqlite.session)
    answers(session, places["IT"], [5] * 5)
    for number, response in enumerate(session.scalars(select(HeldResponse).order_by(HeldResponse.id)).all()[:3]):
        coded(session, response, ["waiting"] if number else None)  # the first is not coded yet

    rollups.refresh(session, calendar=CALENDAR, keys=KEYS)

    table = ThemeCount
    query = select(table.theme, table.requesters).where(
        table.source == "comments", table.department_id == places["IT"].id
    )
    assert session.execute(query.order_by(table.theme)).tuples().all() == [
        ("/asked", 2),
        ("/unasked", 3),
        ("waiting", 2),
    ]


def coded(session: Session, response: HeldResponse, codes: list[str] | None) -> None:
    """Add a comment as HR reads it."""
    said = {"text": "Still waiting", "is_flagged": False, "state": CommentState.HIDDEN, "codebook_version": 1}
    row = CommentReview(id=response.id, response_id=response.id, department_id=response.department_id, **said)
    row.proposed, row.codes = [], codes
    session.add(row)
    session.flush()


def test_a_later_revision_repeats_the_themes_and_the_release_destroys_their_sums(database: Database) -> None:
    session, places = database.session, company(database.session)
    rated_low(session, places["IT"], "too_slow", count=12)
    freeze(session)
    rated_low(session, places["IT"], "too_slow", count=10, start=12)
    freeze(session)

    assert told(document(session, places["IT"], revision=2)) == told(document(session, places["IT"])) != []
    release.release(session, Q3, calendar=CALENDAR, keys=KEYS, minimum_group=5, now=CALENDAR.releases_at(Q3))
    assert session.scalar(select(func.count()).select_from(ThemeCount)) == 0


def test_several_top_departments_have_themes_of_the_company(database: Database) -> None:
    session = database.session
    quarter_salt(session, KEYS, str(Q3))
    for code in ("IT", "HR"):
        rated_low(session, department(session, code, staff_count=50), "too_slow", count=12)

    freeze(session)

    assert session.scalars(select(ThemeCount.theme).where(ThemeCount.department_id == COMPANY_ID)).all() != []
    whole = session.scalars(select(CultureRevision.company)).one()
    assert told(whole) == [("too_slow", 24, 24)]
