"""What a head decides about a quarter is kept beside the documents, and so is what came of it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from app.domain.states import ActionResult
from app.models.actions import QuarterAction
from app.models.departments import Department
from app.upkeep.quarters.actions import Conclusion, Decision, NothingDecided, conclude, decide
from tests.builders.departments import department
from tests.servers.databases import Database

Q3 = "2026-Q3"
AS_PROPOSED = Decision("timeliness", due_on=date(2026, 12, 1))


@pytest.fixture
def desk(database: Database) -> Department:
    row = department(database.session, "DESK")
    database.session.commit()
    return row


def stored(database: Database) -> QuarterAction:
    database.session.expire_all()
    return database.session.scalars(select(QuarterAction)).one()


def test_a_decision_may_be_changed_and_keeps_its_outcome(database: Database, desk: Department, now: datetime) -> None:
    session, later = database.session, now + timedelta(days=1)
    decide(session, desk.id, Q3, AS_PROPOSED, now=now)
    conclude(session, desk.id, Q3, Conclusion(ActionResult.PARTLY, "From August on."), now=later)

    decide(session, desk.id, Q3, replace(AS_PROPOSED, words="A date for each request."), now=later)

    row = stored(database)
    assert (row.item, row.words, row.due_on, row.decided_at) == (
        "timeliness",
        "A date for each request.",
        date(2026, 12, 1),
        later,
    )
    assert (row.result, row.outcome, row.concluded_at) == (ActionResult.PARTLY, "From August on.", later)


def test_an_outcome_needs_a_decision_and_a_decision_says_something(
    database: Database, desk: Department, now: datetime
) -> None:
    with pytest.raises(NothingDecided):
        conclude(database.session, desk.id, Q3, Conclusion(ActionResult.DONE), now=now)
    with pytest.raises(ValueError, match="names an aspect or says something"):
        decide(database.session, desk.id, Q3, Decision(None), now=now)

    assert database.session.scalars(select(QuarterAction)).all() == []


def test_two_heads_who_decide_at_once_leave_one_decision(database: Database, desk: Department, now: datetime) -> None:
    barrier, number = Barrier(2), desk.id

    def settle(words: str) -> None:
        barrier.wait()
        with database.sessions.begin() as session:
            decide(session, number, Q3, Decision(None, words), now=now)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(settle, ("Ring back.", "Write first.")))

    assert stored(database).words in {"Ring back.", "Write first."}
