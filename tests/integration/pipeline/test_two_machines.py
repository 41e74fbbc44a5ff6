"""Two machines close a quarter at the same moment: sums, revisions and mails are there once, and neither fails."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.asking_policy import AskingPolicy
from app.domain.periods import Period
from app.domain.states import PeriodState
from app.models.messages import Message
from app.models.releases import PeriodRecord
from app.models.rollups import mark_dirty
from app.models.scorecards import ScorecardPosting, ScorecardRevision
from app.pipeline import rollups, scorecards
from tests.builders.asking import KEYS
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.responses import held_response, quarter_salt
from tests.builders.service_requests import CALENDAR
from tests.servers.databases import Database

Q3 = Period(2026, 3)
FREEZE = datetime(2026, 10, 15, tzinfo=UTC)


def a_quarter(database: Database) -> None:
    session = database.session
    quarter_salt(session, KEYS, str(Q3))
    root = department(session, "ALL", staff_count=200, head_email="bob@example.com")
    for code in ("IT", "HR", "SALES"):
        place = department(session, code, parent=root, head_email=f"{code.lower()}@example.com")
        for number in range(12):
            who = person(session, f"p{number}-{code}@example.com".lower())
            held_response(session, place, who, {"csat_overall": 4}, str(Q3))
        mark_dirty(session, place.id, str(Q3), CALENDAR.ends_at(Q3))
    session.commit()


def at_once(database: Database, step: Callable[[Session], int]) -> list[int]:
    """Run a step on two connections, both begun before either steps; return what they counted, ordered."""
    barrier = Barrier(2)

    def run(_number: int) -> int:
        barrier.wait()
        with database.sessions.begin() as session:
            return step(session)

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(run, range(2)))


def close_quarter(session: Session) -> int:
    rollups.refresh(session, calendar=CALENDAR, keys=KEYS)
    return scorecards.freeze(session, Q3, calendar=CALENDAR, policy=AskingPolicy(), now=FREEZE)


def test_a_quarter_is_summed_and_frozen_once(database: Database) -> None:
    a_quarter(database)

    assert at_once(database, close_quarter) == [0, 4]

    revisions = database.session.execute(select(ScorecardRevision.department_id, ScorecardRevision.revision)).all()
    assert sorted(revision for _, revision in revisions) == [1, 1, 1, 1]
    assert database.session.scalar(select(PeriodRecord.state)) is PeriodState.FROZEN


def test_every_head_gets_one_mail(database: Database) -> None:
    a_quarter(database)
    with database.sessions.begin() as session:
        close_quarter(session)

    def post(session: Session) -> int:
        return scorecards.post(
            session,
            Q3,
            calendar=CALENDAR,
            policy=AskingPolicy(),
            languages=("en",),
            now=FREEZE,
            draw=lambda _session, _row, _language: None,
        )

    assert at_once(database, post) == [0, 4]
    assert database.session.scalar(select(func.count()).select_from(ScorecardPosting)) == 4
    assert database.session.scalar(select(func.count()).select_from(Message)) == 4


def test_posting_in_small_steps_ends_with_everything_posted_once(database: Database) -> None:
    a_quarter(database)
    with database.sessions.begin() as session:
        close_quarter(session)

    counts = []
    for _ in range(4):
        with database.sessions.begin() as session:
            counts.append(
                scorecards.post(
                    session,
                    Q3,
                    calendar=CALENDAR,
                    policy=AskingPolicy(),
                    languages=("en",),
                    now=FREEZE,
                    draw=lambda _session, _row, _language: None,
                    at_most=3,
                )
            )

    assert counts == [3, 1, 0, 0]
    assert database.session.scalar(select(PeriodRecord.posted_at)) == FREEZE
