"""Administrators see patterns and counts, and release or drop by pattern."""

from datetime import timedelta

from sqlalchemy import delete, func, select

from app.domain.machines import Submission
from app.domain.states import InvitationState, PeriodState, ResponseState
from app.models.follow_ups import FollowUp
from app.models.invitations import Invitation
from app.models.releases import PeriodRecord, fix_period
from app.models.responses import HeldResponse
from app.models.rollups import DirtyMark
from app.pipeline import responses
from app.pipeline.responses import HeldBackPattern
from tests.builders.service_requests import CALENDAR
from tests.integration.pipeline.responses.conftest import A_MACHINE, Alice, rated

FAST = HeldBackPattern(("too_fast",), "mx.example.com")
SCRIPTED = HeldBackPattern(("no_trusted_input", "too_fast"), "mx.example.com")


def _states(alice: Alice) -> tuple[ResponseState, InvitationState]:
    alice.session.expire_all()
    return alice.session.scalars(select(HeldResponse.state)).one(), alice.session.scalars(
        select(Invitation.state)
    ).one()


def test_a_pattern_is_signals_and_receiving_mail_system(alice: Alice) -> None:
    alice.answers(rated(1), Submission(page_age=timedelta(0), script_ran=True))

    assert responses.held_back_patterns(alice.session) == {SCRIPTED: 1}


def test_releasing_a_pattern_makes_its_answers_count_and_opens_their_cases(alice: Alice) -> None:
    alice.answers(rated(1, wants_contact=True), A_MACHINE)
    alice.session.execute(delete(DirtyMark))

    other = responses.release_held_back(alice.session, CALENDAR, SCRIPTED, now=alice.now)
    released = responses.release_held_back(alice.session, CALENDAR, FAST, now=alice.now)
    again = responses.release_held_back(alice.session, CALENDAR, FAST, now=alice.now)

    assert (other, released, again) == (0, 1, 0)
    assert _states(alice) == (ResponseState.ACCEPTED, InvitationState.ANSWERED)
    assert alice.session.scalars(select(FollowUp.person_id)).all() == [alice.invitation.person_id]
    assert alice.session.scalar(select(func.count()).select_from(DirtyMark)) == 2
    assert responses.held_back_patterns(alice.session) == {}


def test_a_dropped_pattern_never_counts_and_stays_held_back_in_the_funnel(alice: Alice) -> None:
    alice.answers(rated(1), A_MACHINE)

    dropped = responses.drop_held_back(alice.session, CALENDAR, FAST)

    assert dropped == 1
    assert _states(alice) == (ResponseState.DROPPED, InvitationState.HELD_BACK)
    assert responses.held_back_patterns(alice.session) == {}


def test_a_person_may_still_answer_after_a_drop(alice: Alice) -> None:
    alice.answers(rated(1), A_MACHINE)
    responses.drop_held_back(alice.session, CALENDAR, FAST)

    judgement = alice.answers(rated(4), after=timedelta(hours=1))

    assert judgement.accepted
    assert _states(alice) == (ResponseState.ACCEPTED, InvitationState.ANSWERED)


def test_after_the_freeze_what_is_held_back_stays_out(alice: Alice) -> None:
    alice.answers(rated(1), A_MACHINE)
    period = CALENDAR.period_of(alice.now)
    fix_period(alice.session, CALENDAR, period)
    alice.session.get_one(PeriodRecord, str(period)).state = PeriodState.FROZEN
    alice.session.flush()

    released = responses.release_held_back(alice.session, CALENDAR, FAST, now=alice.now)

    assert released == 0
    assert responses.held_back_patterns(alice.session) == {}
    assert _states(alice) == (ResponseState.HELD_BACK, InvitationState.HELD_BACK)
