"""An answer that is being stored while its quarter is released, or its author erased, does not outlive that."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.asking_policy import AskingPolicy
from app.domain.instruments import Item
from app.domain.machines import Submission
from app.domain.states import ConnectionSide, PeriodState
from app.imports.responses import ResponseRow
from app.models.base import Base
from app.models.people import Person
from app.models.quarter_salts import find_salt
from app.models.releases import PeriodRecord
from app.models.response_links import ResponseLink
from app.models.responses import HeldAnswer, HeldResponse
from app.pipeline import release, responses, rollups, scorecards
from app.pipeline.responses.history import record_history
from app.upkeep import privacy
from tests.builders.departments import department
from tests.builders.quarters import CALENDAR, FREEZE, KEYS, Q3
from tests.builders.service_requests import connection
from tests.builders.surveys import provider, survey
from tests.conftest import ALICE
from tests.servers.databases import Database

RELEASE = datetime(2026, 10, 29, tzinfo=UTC)
HEAD_START = 0.3  # seconds for the other side to begin; it waits for us, however slow the machine


def meanwhile(database: Database, first: Callable[[Session], object], second: Callable[[Session], object]) -> None:
    """Begin `second` on a connection of its own while `first` has not committed yet."""

    def run() -> None:
        with database.sessions.begin() as session:
            second(session)

    with ThreadPoolExecutor(1) as pool, database.sessions() as session:
        first(session)
        done = pool.submit(run)
        time.sleep(HEAD_START)
        session.commit()
        done.result(timeout=20)


def left(session: Session, table: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def late_answer(session: Session) -> object:
    row = ResponseRow(
        line=1,
        given=frozenset(),
        response_id="late",
        provider_department="IT",
        requester="somebody",
        completed_at=datetime(2026, 8, 1, tzinfo=UTC),
        csat_overall=1,
        comment="told in confidence",
    )
    source = connection(session, "earlier", ConnectionSide.SCORES)
    return record_history(session, [row], source=source, calendar=CALENDAR, keys=KEYS, now=RELEASE)


def test_an_import_under_way_leaves_nothing_in_a_released_quarter(database: Database) -> None:
    session = database.session
    department(session, "IT", staff_count=30)
    connection(session, "earlier", ConnectionSide.SCORES)
    rollups.refresh(session, calendar=CALENDAR, keys=KEYS)
    scorecards.freeze(session, Q3, calendar=CALENDAR, policy=AskingPolicy(), now=FREEZE)
    session.commit()

    meanwhile(
        database,
        late_answer,
        lambda other: release.release(other, Q3, calendar=CALENDAR, keys=KEYS, minimum_group=5, now=RELEASE),
    )

    session.expire_all()
    assert session.get_one(PeriodRecord, str(Q3)).state is PeriodState.RELEASED
    assert [left(session, table) for table in (HeldResponse, HeldAnswer)] == [0, 0]
    assert find_salt(session, KEYS, str(Q3)) is None


def test_an_answer_under_way_is_erased_with_its_author(database: Database, now: datetime) -> None:
    session = database.session
    _, token = survey(session, KEYS, provider(session), now=now)

    def answer(mine: Session) -> object:
        opened = responses.open(mine.connection(), KEYS, CALENDAR, token, now=now)
        told = responses.Answers(values={Item.CSAT_OVERALL: 1}, comment="told in confidence")
        submission = Submission(page_age=timedelta(seconds=9))
        return responses.submit(mine.connection(), KEYS, CALENDAR, opened, told, submission, now=now)

    meanwhile(database, answer, lambda other: privacy.erase(other, KEYS, CALENDAR, ALICE.email, now=now))

    session.expire_all()
    assert [left(session, table) for table in (Person, HeldResponse, HeldAnswer, ResponseLink)] == [0, 0, 0, 0]
