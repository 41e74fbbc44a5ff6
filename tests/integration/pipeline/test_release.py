"""The release leaves department, quarter and scores, and nothing that leads back to a person."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.domain.asking_policy import AskingPolicy
from app.domain.periods import Calendar, Period
from app.foundations.crypto import Keys
from app.models.departments import Department
from app.models.follow_ups import FollowUp
from app.models.releases import PeriodRecord, ReleaseTally, SealedCell
from app.models.responses import HeldAnswer, HeldResponse, QuarterSalt, ReleasedComment, ReleasedResponse
from app.models.rollups import CellCount, ProfileCell, mark_dirty
from app.models.scorecards import ScorecardRevision
from app.pipeline import release, rollups, scorecards
from tests.builders.departments import department
from tests.builders.invitations import invitation
from tests.builders.people import person
from tests.builders.responses import held_response, quarter_salt
from tests.builders.service_requests import completed_request
from tests.servers.databases import Database

CALENDAR = Calendar(ZoneInfo("UTC"))
KEYS = Keys(("0123456789abcdef0123456789abcdef",))
Q3 = Period(2026, 3)
FREEZE, RELEASE = datetime(2026, 10, 15, tzinfo=UTC), datetime(2026, 10, 29, tzinfo=UTC)


def frozen_quarter(session: Session, people: int = 12) -> tuple[Department, list[HeldResponse]]:
    """One department with a heavy user among `people` requesters, frozen."""
    quarter_salt(session, KEYS, str(Q3))
    it = department(session, "IT", staff_count=30)
    responses = []
    for number in range(people):
        who = person(session, f"p{number}@example.com", name=f"Anton Person{number}")
        for score in (5, 4, 3) if number == 0 else (5,):
            comment = "Danke, Anton." if number == 1 else None
            answers = {"csat_overall": score, "trust": 2}
            responses.append(held_response(session, it, who, answers, str(Q3), comment=comment))
    mark_dirty(session, it.id, str(Q3), CALENDAR.ends_at(Q3))
    rollups.refresh(session, calendar=CALENDAR, keys=KEYS)
    scorecards.freeze(session, Q3, calendar=CALENDAR, policy=AskingPolicy(), now=FREEZE)
    return it, responses


def released(session: Session, now: datetime = RELEASE) -> release.Released:
    return release.release(session, Q3, calendar=CALENDAR, keys=KEYS, minimum_group=5, now=now)


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_an_open_quarter_is_not_released(database: Database) -> None:
    with pytest.raises(release.NotFrozen):
        released(database.session)


def test_it_waits_for_the_release_date(database: Database) -> None:
    frozen_quarter(database.session)

    with pytest.raises(release.NotYetReleasable) as caught:
        released(database.session, now=FREEZE)

    assert caught.value.releases_at == RELEASE


def test_only_department_quarter_and_scores_are_kept_under_new_ids(database: Database) -> None:
    session = database.session
    it, responses = frozen_quarter(session)
    old_ids = {row.id for row in responses}

    outcome = released(session)

    rows = list(session.scalars(select(ReleasedResponse)))
    assert outcome.kept == len(rows) == 13  # the heavy user keeps two of three: a fifth of what is kept at most
    assert outcome.surplus == 1
    assert not old_ids & {row.id for row in rows}
    assert {(row.department_id, row.period) for row in rows} == {(it.id, str(Q3))}
    assert [column.name for column in ReleasedResponse.__table__.columns] == [
        "id", "department_id", "period", "csat_overall", "timeliness", "result_quality", "communication",
    ]  # fmt: skip


def test_everything_that_leads_back_is_destroyed(database: Database) -> None:
    session = database.session
    frozen_quarter(session)

    released(session)

    for table in (HeldResponse, HeldAnswer, QuarterSalt, ProfileCell, CellCount):
        assert count(session, table) == 0
    assert session.get_one(PeriodRecord, str(Q3)).state == "released"


def test_cases_of_the_quarter_go_because_they_tell_of_a_low_rating(database: Database) -> None:
    session = database.session
    it, _ = frozen_quarter(session)
    for email, at in (("ines@example.com", datetime(2026, 9, 1, tzinfo=UTC)), ("ute@example.com", FREEZE)):
        asked = invitation(session, completed_request(session, it, person(session, email), at), sent_at=at)
        told = {"invitation_id": asked.id, "person_id": asked.person_id, "department_id": it.id}
        session.add(FollowUp(**told, period=asked.period, created_at=at))
    session.flush()

    released(session)

    assert list(session.scalars(select(FollowUp.period))) == ["2026-Q4"]


def test_shown_cells_are_sealed_and_the_document_stays(database: Database) -> None:
    session = database.session
    it, _ = frozen_quarter(session)
    before = session.scalar(select(ScorecardRevision.document))

    released(session)

    cell = session.get_one(SealedCell, (it.id, str(Q3), 1, "all", "", "csat_overall"))
    assert cell.figures["top_two_box"]["n"] == 12
    assert session.scalar(select(ScorecardRevision.document)) == before


def test_comments_are_kept_without_names_and_apart_from_scores(database: Database) -> None:
    session = database.session
    frozen_quarter(session)

    released(session)

    assert list(session.scalars(select(ReleasedComment.text))) == ["Danke, [name]."]


def test_a_department_too_small_is_dropped_and_counted(database: Database) -> None:
    session = database.session
    it, _ = frozen_quarter(session, people=3)

    released(session)

    assert count(session, ReleasedResponse) == 0
    assert session.get_one(ReleaseTally, (it.id, str(Q3))).dropped == 5


def test_a_second_release_does_nothing(database: Database) -> None:
    session = database.session
    frozen_quarter(session)
    released(session)

    assert released(session) == release.Released(0, 0, 0, 0)
    assert count(session, ReleasedResponse) == 13


def test_nothing_deleted_stays_readable_in_the_file(sqlite: Database) -> None:
    session = sqlite.session
    _, responses = frozen_quarter(session)
    secret = responses[0].id
    session.commit()
    session.execute(text("SELECT 1"))
    released(session)
    session.commit()
    session.close()

    assert release.checkpoint(sqlite.engine)

    assert secret not in Path(sqlite.url.removeprefix("sqlite:///")).read_bytes()


def test_answers_that_no_revision_told_of_are_not_kept(database: Database) -> None:
    session = database.session
    it, _ = frozen_quarter(session)
    held_response(session, it, person(session, "late@example.com"), {"csat_overall": 1}, str(Q3))
    rollups.refresh(session, calendar=CALENDAR, keys=KEYS)
    scorecards.freeze(session, Q3, calendar=CALENDAR, policy=AskingPolicy(), now=RELEASE)

    released(session)

    assert session.scalar(select(func.count()).where(ReleasedResponse.csat_overall == 1)) == 0
