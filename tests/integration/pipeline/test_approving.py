"""HR approves a quarter: the worker posts it once, whoever presses how often, and a stop is stronger."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import delete, func, select, update

from app.domain.asking_policy import AskingPolicy, Posting
from app.domain.periods import Period
from app.domain.states import MessageState
from app.models.departments import DepartmentVersion
from app.models.messages import Message
from app.models.releases import PeriodRecord
from app.models.scorecards import ScorecardPosting
from app.pipeline import scorecards
from app.pipeline.scorecards import PostingStopped, UnknownPeriod
from app.pipeline.scorecards.stopping import standings
from tests.builders.departments import department
from tests.builders.issued import issue
from tests.builders.service_requests import CALENDAR
from tests.servers.databases import Database

Q3 = Period(2026, 3)
NOW = datetime(2026, 10, 16, 15, tzinfo=UTC)
REVIEWED = replace(AskingPolicy(), posting=Posting.AFTER_REVIEW)


@pytest.fixture
def frozen(database: Database) -> Database:
    """A frozen quarter with two scorecards for two heads, which the policy keeps until HR has looked."""
    session = database.session
    root = department(session, "ALL", staff_count=200, head_email="all@example.com")
    for place in (root, department(session, "IT", parent=root, head_email="it@example.com")):
        issue(session, place, str(Q3), posted=None, calendar=CALENDAR)
    session.commit()
    return database


def approve(database: Database, *, by: str = "staff:1", now: datetime = NOW) -> bool:
    with database.sessions.begin() as session:
        return scorecards.approve(session, Q3, by=by, now=now)


def stop(database: Database) -> scorecards.Stop:
    with database.sessions.begin() as session:
        return scorecards.stop(session, Q3)


def post(database: Database, now: datetime = NOW) -> int:
    with database.sessions.begin() as session:
        return scorecards.post_due(
            session,
            calendar=CALENDAR,
            policy=REVIEWED,
            languages=("en",),
            now=now,
            draw=lambda _session, _row, _language: None,
        )


def mails(database: Database) -> list[tuple[str | None, datetime]]:
    rows = database.session.execute(select(Message.recipient, Message.due_at).order_by(Message.recipient))
    return list(rows.tuples())


def test_nothing_leaves_before_somebody_has_approved(frozen: Database) -> None:
    assert post(frozen, NOW + timedelta(days=90)) == 0


def test_what_is_approved_leaves_with_the_next_sweep_and_once(frozen: Database) -> None:
    first, second = approve(frozen), approve(frozen, by="staff:2", now=NOW + timedelta(minutes=1))
    posted = [post(frozen), post(frozen), post(frozen, NOW + timedelta(days=3))]

    assert (first, second) == (True, False)
    assert posted == [2, 0, 0]
    assert mails(frozen) == [("all@example.com", NOW), ("it@example.com", NOW)]
    record = frozen.session.get_one(PeriodRecord, str(Q3))
    assert (record.posting_approved_by, record.posting_approved_at, record.posted_at) == ("staff:1", NOW, NOW)


def test_a_stop_is_stronger_than_an_approval(frozen: Database) -> None:
    approve(frozen)
    stop(frozen)
    kept_back = post(frozen)
    with frozen.sessions.begin() as session:
        scorecards.resume(session, Q3)
        goes_on = scorecards.posts_by_itself(session, Q3, REVIEWED)

    assert (kept_back, goes_on, post(frozen)) == (0, True, 2)


def test_what_is_stopped_cannot_be_approved(frozen: Database) -> None:
    stop(frozen)

    with pytest.raises(PostingStopped):
        approve(frozen)
    assert post(frozen) == 0


def test_mails_taken_back_after_an_approval_are_written_once_more(frozen: Database) -> None:
    approve(frozen)
    post(frozen)
    taken_back = stop(frozen).taken_back
    with frozen.sessions.begin() as session:
        scorecards.resume(session, Q3)

    assert (taken_back, post(frozen), post(frozen), len(mails(frozen))) == (2, 2, 0, 2)


@pytest.mark.parametrize("period", [Period(2026, 2), Period(2026, 4)])
def test_a_quarter_that_is_not_frozen_cannot_be_approved(frozen: Database, period: Period) -> None:
    with pytest.raises(UnknownPeriod), frozen.sessions.begin() as session:
        scorecards.approve(session, period, by="staff:1", now=NOW)


def test_two_workers_post_what_was_approved_once(frozen: Database) -> None:
    approve(frozen)
    barrier = Barrier(2)

    def run(_number: int) -> int:
        barrier.wait()
        return post(frozen)

    with ThreadPoolExecutor(2) as pool:
        counts = sorted(pool.map(run, range(2)))

    assert counts == [0, 2]
    assert frozen.session.scalar(select(func.count()).select_from(ScorecardPosting)) == 2
    assert len(mails(frozen)) == 2


def test_of_two_who_press_at_once_one_approves(frozen: Database) -> None:
    barrier = Barrier(2)

    def press(number: int) -> bool:
        barrier.wait()
        return approve(frozen, by=f"staff:{number}")

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, range(2))) == [False, True]


def test_a_head_who_came_later_gets_the_mail_and_nobody_gets_it_twice(frozen: Database) -> None:
    approve(frozen)
    post(frozen)
    frozen.session.execute(
        update(DepartmentVersion).where(DepartmentVersion.head_email == "it@example.com").values(head_email="new@x.com")
    )
    frozen.session.commit()
    with frozen.sessions.begin() as session:
        missing = scorecards.send_missing(session, Q3, by="staff:1", now=NOW)
        again = scorecards.send_missing(session, Q3, by="staff:1", now=NOW)

    assert (missing, again, post(frozen), post(frozen)) == (True, False, 1, 0)
    assert [recipient for recipient, _ in mails(frozen)] == ["all@example.com", "it@example.com", "new@x.com"]


def test_a_quarter_stays_posted_while_the_worker_writes_to_who_has_none(frozen: Database) -> None:
    approve(frozen)
    post(frozen)
    later = NOW + timedelta(days=9)
    with frozen.sessions.begin() as session:
        scorecards.send_missing(session, Q3, by="staff:1", now=later)
    with frozen.sessions() as session:
        record = session.get_one(PeriodRecord, str(Q3))
        asked = (record.posted_at, record.is_written, set(standings(session, [str(Q3)], now=later)))
    post(frozen, later)

    record = frozen.session.get_one(PeriodRecord, str(Q3))
    assert asked == (NOW, False, {str(Q3)})
    assert (record.posted_at, record.missing_asked_at, record.is_written) == (later, None, True)


def test_what_is_asked_while_it_is_stopped_waits_for_the_resume(frozen: Database) -> None:
    approve(frozen)
    post(frozen)
    frozen.session.execute(update(Message).values(state=MessageState.SENT))
    frozen.session.execute(delete(ScorecardPosting).where(ScorecardPosting.recipient == "it@example.com"))
    frozen.session.execute(delete(Message).where(Message.recipient == "it@example.com"))
    frozen.session.commit()
    with frozen.sessions.begin() as session:
        scorecards.send_missing(session, Q3, by="staff:1", now=NOW)
    stop(frozen)
    kept_back = post(frozen)
    with frozen.sessions.begin() as session:
        scorecards.resume(session, Q3)

    assert (kept_back, post(frozen), post(frozen)) == (0, 1, 0)


def test_of_two_who_send_a_mail_again_at_once_one_does(frozen: Database) -> None:
    quarter = scorecards.Quarter(Q3, CALENDAR, REVIEWED, ("en",))
    approve(frozen)
    post(frozen)
    frozen.session.execute(update(Message).values(state=MessageState.SENT))
    frozen.session.commit()
    barrier = Barrier(2)

    def press(_number: int) -> bool:
        barrier.wait()
        with frozen.sessions.begin() as session:
            return scorecards.send_again(session, quarter, "IT", "it@example.com", 1, now=NOW)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, range(2))) == [False, True]
    assert len(mails(frozen)) == 3
