"""HR stops a posting: what waits is taken back, and after `resume` every head gets each mail exactly once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from app.domain.asking_policy import AskingPolicy
from app.domain.periods import Period
from app.domain.states import MessageState
from app.mail.content import Mail, sign_in_link
from app.mail.outbox import deliver_due
from app.mail.outbox.delivering import WHILE_STOPPED
from app.mail.outbox.leases import LEASE, claim
from app.models.departments import DepartmentVersion
from app.models.messages import Message
from app.models.releases import PeriodRecord
from app.models.scorecards import ScorecardPosting
from app.pipeline import scorecards
from app.pipeline.scorecards import PostingStopped, Stop, UnknownPeriod
from app.pipeline.scorecards.stopping import take_back_stopped
from tests.builders.departments import department
from tests.builders.issued import issue
from tests.builders.messages import waiting_invitation
from tests.builders.service_requests import CALENDAR
from tests.conftest import ALICE
from tests.mail.post_office import PostOffice
from tests.servers.databases import Database

Q3 = Period(2026, 3)
POSTING = datetime(2026, 10, 19, 9, tzinfo=UTC)
HEADS = ["all@example.com", "hr@example.com", "it@example.com", "tiny@example.com"]


@pytest.fixture
def frozen(database: Database) -> Database:
    """A frozen quarter with three scorecards and the head of a department too small for one."""
    session = database.session
    root = department(session, "ALL", staff_count=200, head_email=HEADS[0])
    human_resources = department(session, "HR", parent=root, head_email=HEADS[1])
    computers = department(session, "IT", parent=root, head_email=HEADS[2])
    department(session, "TINY", parent=root, staff_count=3, head_email=HEADS[3])
    for place in (root, human_resources, computers):
        for revision in (1, 2):
            issue(session, place, str(Q3), revision=revision, posted=None, calendar=CALENDAR)
    session.commit()
    return database


@pytest.fixture
def post_office() -> PostOffice:
    return PostOffice()


def post(database: Database, now: datetime, at_most: int | None = None) -> int:
    with database.sessions.begin() as session:
        return scorecards.post_due(
            session,
            calendar=CALENDAR,
            policy=AskingPolicy(),
            languages=("en",),
            now=now,
            draw=lambda _session, _row, _language: None,
            at_most=at_most,
        )


def send_revision(database: Database, revision: int) -> int:
    with database.sessions.begin() as session:
        return scorecards.post(
            session,
            Q3,
            calendar=CALENDAR,
            policy=AskingPolicy(),
            languages=("en",),
            now=POSTING,
            revision=revision,
            draw=lambda _session, _row, _language: None,
        )


def stop(database: Database) -> Stop:
    with database.sessions.begin() as session:
        return scorecards.stop(session, Q3)


def resume(database: Database) -> bool:
    with database.sessions.begin() as session:
        return scorecards.resume(session, Q3)


def a_mail(*_arguments: object) -> Mail:
    return sign_in_link(language="en", recipient_name="Bob", link="https://parity.example.com/x", minutes=15)


def deliver(database: Database, office: PostOffice, now: datetime) -> None:
    composers = {"scorecard": a_mail, "small_department": a_mail}
    delivery = office.delivery(composers=composers, is_stopped=scorecards.is_stopped, elapsed=lambda: 0.0)
    deliver_due(database.sessions, delivery, now=now)


def states(database: Database) -> list[str]:
    with database.sessions() as session:
        return sorted(session.scalars(select(Message.state)))


def posted_at(database: Database) -> datetime | None:
    with database.sessions() as session:
        return session.scalars(select(PeriodRecord.posted_at)).one()


def test_a_posting_that_is_still_to_come_does_not_begin(frozen: Database) -> None:
    stopped = stop(frozen)

    assert stopped == Stop(taken_back=0, revisions=(), being_sent=0, sent=0, is_new=True)
    assert post(frozen, POSTING) == 0
    assert resume(frozen)
    assert post(frozen, POSTING) == 4


def test_what_waits_is_taken_back_as_if_it_had_never_been_written(frozen: Database) -> None:
    post(frozen, POSTING)

    assert stop(frozen) == Stop(taken_back=4, revisions=(1,), being_sent=0, sent=0, is_new=True)

    assert (states(frozen), posted_at(frozen)) == ([], None)
    assert frozen.session.scalar(select(func.count()).select_from(ScorecardPosting)) == 0


def test_stopping_and_resuming_again_changes_nothing(frozen: Database) -> None:
    post(frozen, POSTING)
    stop(frozen)

    assert stop(frozen) == Stop(taken_back=0, revisions=(), being_sent=0, sent=0, is_new=False)
    assert (resume(frozen), resume(frozen)) == (True, False)
    assert post(frozen, POSTING) == 4


def test_a_posting_in_progress_stops_between_two_batches(frozen: Database, post_office: PostOffice) -> None:
    post(frozen, POSTING, at_most=2)
    deliver(frozen, post_office, POSTING)
    post(frozen, POSTING, at_most=1)

    assert stop(frozen) == Stop(taken_back=1, revisions=(1,), being_sent=0, sent=2, is_new=True)

    resume(frozen)
    post(frozen, POSTING)
    deliver(frozen, post_office, POSTING)
    assert sorted(post_office.recipients) == HEADS
    assert posted_at(frozen) == POSTING


def test_nothing_else_in_the_outbox_is_touched(frozen: Database) -> None:
    waiting_invitation(frozen.session, ALICE.email, due_at=POSTING)
    frozen.session.commit()
    post(frozen, POSTING)

    stop(frozen)

    assert frozen.session.scalars(select(Message.name)).all() == ["invitation"]


def test_a_mail_at_the_mail_server_counts_as_sent_and_comes_once(frozen: Database, post_office: PostOffice) -> None:
    post(frozen, POSTING)
    found: list[Stop] = []
    post_office.on_send = lambda: found.append(stop(frozen)) if not found else None

    deliver(frozen, post_office, POSTING)  # the stop falls into the first mail's delivery; four are leased

    assert found == [Stop(taken_back=0, revisions=(), being_sent=4, sent=0, is_new=True)]
    assert states(frozen) == [MessageState.SENT, *[MessageState.WAITING] * 3]
    assert stop(frozen) == Stop(taken_back=3, revisions=(1,), being_sent=0, sent=1, is_new=False)
    resume(frozen)
    post(frozen, POSTING)
    deliver(frozen, post_office, POSTING)
    assert sorted(post_office.recipients) == HEADS
    assert len(set(post_office.message_ids)) == 4


def test_what_a_dead_worker_had_leased_is_taken_back_by_the_sweep(frozen: Database, post_office: PostOffice) -> None:
    post(frozen, POSTING)
    with frozen.sessions.begin() as session:
        claim(session, now=POSTING)  # and this worker is never heard of again
    later = POSTING + LEASE + timedelta(minutes=1)

    stopped = stop(frozen)
    deliver(frozen, post_office, later)
    held = states(frozen)
    post(frozen, later)

    assert stopped.being_sent == 4
    assert (held, states(frozen), post_office.recipients) == ([MessageState.WAITING] * 4, [], [])


def test_a_resume_between_the_question_and_its_answer_loses_no_mail(frozen: Database, post_office: PostOffice) -> None:
    post(frozen, POSTING)
    asked: list[bool] = []

    def ask_then_resume(session: object, row: Message) -> bool:
        asked.append(True)
        if len(asked) > 1:
            return False
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(stop, frozen).result()
            elsewhere.submit(resume, frozen).result()
        return True

    composers = {"scorecard": a_mail, "small_department": a_mail}
    delivery = post_office.delivery(composers=composers, is_stopped=ask_then_resume, elapsed=lambda: 0.0)
    deliver_due(frozen.sessions, delivery, now=POSTING)
    post(frozen, POSTING + timedelta(minutes=2))
    deliver(frozen, post_office, POSTING + timedelta(minutes=2))

    assert sorted(post_office.recipients) == HEADS


def test_a_changed_head_gets_the_mail_after_the_resume(frozen: Database, post_office: PostOffice) -> None:
    post(frozen, POSTING)
    stop(frozen)
    version = frozen.session.scalars(select(DepartmentVersion).where(DepartmentVersion.head_email == HEADS[2])).one()
    version.head_email = "ines@example.com"
    frozen.session.commit()

    resume(frozen)
    post(frozen, POSTING)
    deliver(frozen, post_office, POSTING)

    assert sorted(post_office.recipients) == [*HEADS[:2], "ines@example.com", HEADS[3]]


def test_a_revision_sent_by_hand_is_taken_back_and_the_first_stays_posted(
    frozen: Database, post_office: PostOffice
) -> None:
    post(frozen, POSTING)
    deliver(frozen, post_office, POSTING)
    send_revision(frozen, 2)

    assert stop(frozen) == Stop(taken_back=3, revisions=(2,), being_sent=0, sent=4, is_new=True)

    assert posted_at(frozen) == POSTING
    with pytest.raises(PostingStopped, match="2026-Q3"):
        send_revision(frozen, 2)
    resume(frozen)
    assert send_revision(frozen, 2) == 3


def test_a_later_revision_that_came_back_to_waiting_leaves_after_the_resume(
    frozen: Database, post_office: PostOffice
) -> None:
    post(frozen, POSTING)
    deliver(frozen, post_office, POSTING)
    send_revision(frozen, 2)
    with frozen.sessions.begin() as session:
        claim(session, now=POSTING)  # and this worker is never heard of again
    later = POSTING + LEASE + timedelta(minutes=1)

    stopped = stop(frozen)
    deliver(frozen, post_office, later)
    post(frozen, later)  # a sweep
    held = states(frozen)
    resume(frozen)
    deliver(frozen, post_office, later + WHILE_STOPPED)

    assert (stopped.being_sent, stopped.revisions) == (3, ())  # nobody was told to mail it again
    assert held == [*[MessageState.SENT] * 4, *[MessageState.WAITING] * 3]
    assert sorted(post_office.recipients) == sorted([*HEADS, *HEADS[:3]])


def test_a_quarter_that_nobody_knows_cannot_be_stopped(database: Database) -> None:
    with pytest.raises(UnknownPeriod), database.sessions.begin() as session:
        scorecards.stop(session, Q3)


@pytest.mark.parametrize("other", ["stop", "post", "claim"])
def test_two_connections_at_once_neither_fail_nor_mail_twice(
    frozen: Database, post_office: PostOffice, other: str
) -> None:
    post(frozen, POSTING, at_most=2)
    barrier = Barrier(2)
    others: dict[str, Callable[[], object]] = {
        "stop": lambda: stop(frozen),
        "post": lambda: post(frozen, POSTING),
        "claim": lambda: deliver(frozen, post_office, POSTING),
    }

    def together(act: Callable[[], object]) -> None:
        barrier.wait()
        act()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(together, (lambda: stop(frozen), others[other])))
    with frozen.sessions.begin() as session:
        take_back_stopped(session)

    assert set(states(frozen)) <= {MessageState.SENT}
    resume(frozen)
    post(frozen, POSTING)
    deliver(frozen, post_office, POSTING)
    assert sorted(post_office.recipients) == HEADS
