"""What the page of a close knows of a quarter, and HR's word on what only a person can look at."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, update

from app.domain.asking_policy import AskingPolicy
from app.domain.decisions import DecisionReason
from app.domain.periods import Period
from app.domain.quarter_close import CheckedStep, CloseStep, StepState
from app.domain.states import CommentState, ConnectionSide, PeriodState
from app.models.close_checks import CloseCheck
from app.models.comments import CommentReview
from app.models.releases import PeriodRecord
from app.models.responses import HeldResponse, ReleasedComment
from app.pipeline import scorecards
from app.pipeline.scorecards import CloseIsOver, QuarterClose, UnknownSource
from app.pipeline.scorecards.closing import Work
from tests.builders.asking import KEYS
from tests.builders.departments import department
from tests.builders.external_scores import external_total
from tests.builders.issued import issue
from tests.builders.people import person
from tests.builders.responses import held_response, quarter_salt
from tests.builders.service_requests import CALENDAR, completed_request, connection
from tests.builders.statements import counting
from tests.servers.databases import Database

Q3 = Period(2026, 3)
AUGUST, IN_JUNE = datetime(2026, 8, 4, 9, tzinfo=UTC), datetime(2026, 6, 9, 9, tzinfo=UTC)
RUNNING, ANSWERED = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 10, 13, 9, tzinfo=UTC)
FEW = replace(AskingPolicy(), minimum_comment_group=5)


@pytest.fixture
def quarter(sqlite: Database) -> Database:
    """Six people asked IT for something and answered, a seventh was only asked. Customers told of August only."""
    session = sqlite.session
    quarter_salt(session, KEYS, str(Q3))
    place = department(session, "IT")
    for number in range(6):
        who = person(session, f"p{number}@example.com")
        completed_request(session, place, who, AUGUST, decision=DecisionReason.INVITED)
        held_response(session, place, who, {"csat_overall": 4}, str(Q3), comment="Fine." if number == 0 else None)
    completed_request(session, place, who, AUGUST, decision=DecisionReason.INVITED, was_reopened=True)
    completed_request(session, place, who, AUGUST, decision=DecisionReason.CLOSED_AUTOMATICALLY)
    completed_request(session, place, who, AUGUST, decision=DecisionReason.PROVIDER_UNKNOWN)
    completed_request(session, place, who, AUGUST, undone_at=RUNNING)
    seventh = person(session, "seventh@example.com")
    completed_request(session, place, seventh, AUGUST, undone_at=RUNNING, decision=DecisionReason.INVITED)
    completed_request(session, place, who, IN_JUNE, decision=DecisionReason.QUARANTINE)
    external_total(session, "Portal", "2026-08", n=40, positive=30)
    connection(session, "billing", ConnectionSide.SCORES)
    connection(session, "retired", ConnectionSide.SCORES).is_active = False
    session.commit()
    return sqlite


def read(database: Database, now: datetime = ANSWERED, policy: AskingPolicy = FEW) -> QuarterClose:
    return scorecards.read_close(database.session, Q3, calendar=CALENDAR, policy=policy, now=now)


def open_comments(database: Database, policy: AskingPolicy) -> int:
    return scorecards.open_comments(database.session, Q3, calendar=CALENDAR, policy=policy, now=ANSWERED)


def comment(database: Database, *, is_flagged: bool, state: CommentState) -> None:
    session = database.session
    place = department(session, "LAW")
    response = held_response(session, place, person(session, f"{state}@example.com"), {"csat_overall": 2}, str(Q3))
    told = {"department_id": place.id, "text": "Ask [name].", "codebook_version": 1, "proposed": []}
    session.add(CommentReview(id=b"1" * 16, response_id=response.id, is_flagged=is_flagged, state=state, **told))
    session.commit()


def test_it_counts_what_happened_to_the_requests(quarter: Database) -> None:
    close = read(quarter)

    assert close.work == Work(completed=9, reopened=1, undelivered=1, unplaced=1, people_asked=7)
    assert close.work_before == Work(completed=1)


def test_it_says_how_many_answered_only_while_that_number_stands_still(quarter: Database) -> None:
    running, answered = read(quarter, RUNNING), read(quarter)
    issue(quarter.session, department(quarter.session, "FIN"), str(Q3), posted=None, calendar=CALENDAR)
    frozen = read(quarter)

    assert (running.answered, answered.answered, frozen.answered) == (None, 6, None)


def test_a_source_that_told_of_one_month_is_not_missing(quarter: Database) -> None:
    close = read(quarter)

    assert close.sources == 2
    assert [(one.slug, one.check) for one in close.missing] == [("billing", None)]


def test_hr_looks_at_the_requests_and_goes_without_a_source(quarter: Database) -> None:
    session = quarter.session
    first = scorecards.tick(session, Q3, CheckedStep.CHECKS, by="staff:1", now=ANSWERED)
    again = scorecards.tick(session, Q3, CheckedStep.CHECKS, by="staff:2", now=ANSWERED)
    without = scorecards.tick(session, Q3, CheckedStep.SCORES, "billing", by="staff:1", now=ANSWERED)

    close = read(quarter)

    assert (first, again, without) == (True, False, True)
    assert close.check is not None
    assert close.check.by == "staff:1"
    assert close.states[CloseStep.CHECKS] is close.states[CloseStep.SCORES] is StepState.DONE
    taken_back = [scorecards.take_tick_back(session, Q3, CheckedStep.SCORES, "billing") for _ in range(2)]
    assert taken_back == [True, False]
    assert read(quarter).states[CloseStep.SCORES] is StepState.NOW


@pytest.mark.parametrize("slug", ["", "retired", "desk", "nothing"])
def test_one_goes_without_a_source_only_that_is_there(quarter: Database, slug: str) -> None:
    with pytest.raises(UnknownSource):
        scorecards.tick(quarter.session, Q3, CheckedStep.SCORES, slug, by="staff:1", now=ANSWERED)


def test_after_the_freeze_nothing_can_be_looked_at_any_more(quarter: Database) -> None:
    issue(quarter.session, department(quarter.session, "FIN"), str(Q3), posted=None, calendar=CALENDAR)

    with pytest.raises(CloseIsOver):
        scorecards.tick(quarter.session, Q3, CheckedStep.CHECKS, by="staff:1", now=ANSWERED)
    with pytest.raises(CloseIsOver):
        scorecards.take_tick_back(quarter.session, Q3, CheckedStep.CHECKS)
    assert quarter.session.query(CloseCheck).count() == 0
    close = read(quarter)
    assert close.states[CloseStep.CHECKS] is StepState.PASSED
    assert (close.done, close.passed) == (4, 2)


@pytest.mark.parametrize(
    ("is_flagged", "state", "left"),
    [(True, CommentState.WAITING, 1), (True, CommentState.HIDDEN, 0), (False, CommentState.WAITING, 0)],
)
def test_flagged_comments_wait_for_somebody(
    quarter: Database, is_flagged: bool, state: CommentState, left: int
) -> None:
    before = read(quarter)
    comment(quarter, is_flagged=is_flagged, state=state)
    after = read(quarter)

    assert (before.comments_are_opened, after.comments_are_opened) == (False, True)
    assert (after.comments, after.comments_left) == (1, left)


def test_where_too_few_answered_no_comment_waits_for_anybody(quarter: Database) -> None:
    ready = scorecards.tick(quarter.session, Q3, CheckedStep.CHECKS, by="staff:1", now=ANSWERED)
    scorecards.tick(quarter.session, Q3, CheckedStep.SCORES, "billing", by="staff:1", now=ANSWERED)
    running, few, enough = (
        read(quarter, RUNNING, AskingPolicy()),
        read(quarter, policy=AskingPolicy()),
        read(quarter, policy=FEW),
    )
    opened = [open_comments(quarter, policy) for policy in (AskingPolicy(), FEW)]

    assert ready
    assert (running.comments_are_opened, few.comments_are_opened, enough.comments_are_opened) == (False, True, False)
    assert (few.states[CloseStep.COMMENTS], enough.states[CloseStep.COMMENTS]) == (StepState.DONE, StepState.NOW)
    assert (few.comments, opened) == (0, [0, 1])


def test_of_a_released_quarter_it_counts_the_comments_that_are_kept(quarter: Database) -> None:
    session, place = quarter.session, department(quarter.session, "FIN")
    issue(session, place, str(Q3), posted=None, calendar=CALENDAR)
    session.get_one(PeriodRecord, str(Q3)).state = PeriodState.RELEASED
    session.execute(delete(HeldResponse))
    for number in range(2):
        session.add(ReleasedComment(id=bytes([number]) * 16, department_id=place.id, period=str(Q3), text="Fine."))
    session.commit()

    close = read(quarter)

    assert (close.is_released, close.comments, close.comments_left) == (True, 2, 0)


@pytest.mark.parametrize("written", ["", " \n", "\x07"])
def test_an_empty_comment_waits_for_nobody(quarter: Database, written: str) -> None:
    quarter.session.execute(update(HeldResponse).where(HeldResponse.comment.is_not(None)).values(comment=written))
    quarter.session.commit()

    assert read(quarter).comments_are_opened


def test_it_costs_the_same_however_many_answered(quarter: Database) -> None:
    with counting(quarter.engine) as few:
        read(quarter)
    for number in range(6, 12):
        who = person(quarter.session, f"p{number}@example.com")
        completed_request(quarter.session, department(quarter.session, f"D{number}"), who, AUGUST)
    quarter.session.execute(delete(CommentReview))
    quarter.session.commit()
    with counting(quarter.engine) as many:
        read(quarter)

    assert len(few) == len(many) == 19
