"""The seven steps of a close, of which one is next until all are done, and how the mails of a quarter stand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.quarter_close import (
    CloseFacts,
    CloseStep,
    MailFacts,
    MailStanding,
    Sending,
    StepState,
    mail_standing,
    sending_of,
    step_states,
    steps_in_need,
)
from app.domain.states import MessageState

NOTHING = CloseFacts(
    has_ended=False,
    answers_are_in=False,
    is_looked_at=False,
    scores_missing=0,
    comments_are_open=False,
    comments_left=0,
    is_frozen=False,
    sending=Sending.NOT_FROZEN,
)
ENDED = replace(NOTHING, has_ended=True)
IN = replace(ENDED, answers_are_in=True, comments_are_open=True)
READY = replace(IN, is_looked_at=True)
FROZEN = replace(READY, is_frozen=True, sending=Sending.AWAITS_WORD)
SENT_OFF = replace(IN, is_frozen=True, sending=Sending.LEAVING)
D, N, L, P = StepState.DONE, StepState.NOW, StepState.LATER, StepState.PASSED


@pytest.mark.parametrize(
    ("facts", "states"),
    [
        (NOTHING, (N, L, L, L, L, L, L)),
        (ENDED, (D, N, L, D, L, L, L)),
        (replace(ENDED, is_looked_at=True, scores_missing=2), (D, N, D, L, L, L, L)),
        (replace(IN, scores_missing=2, comments_left=4), (D, D, N, L, L, L, L)),
        (replace(READY, scores_missing=2, comments_left=4), (D, D, D, N, L, L, L)),
        (replace(READY, comments_left=4), (D, D, D, D, N, L, L)),
        (replace(READY, comments_are_open=False), (D, D, D, D, N, L, L)),
        (READY, (D, D, D, D, D, N, L)),
        (FROZEN, (D, D, D, D, D, D, N)),
        (replace(SENT_OFF, scores_missing=2, comments_left=4), (D, D, P, P, P, D, N)),
        (replace(FROZEN, sending=Sending.LEFT), (D, D, D, D, D, D, D)),
        (replace(IN, is_frozen=True, sending=Sending.LEFT, scores_missing=1), (D, D, P, P, D, D, D)),
    ],
)
def test_steps_stand_where_the_quarter_does(facts: CloseFacts, states: tuple[StepState, ...]) -> None:
    assert step_states(facts) == dict(zip(CloseStep, states, strict=True))


@given(st.builds(CloseFacts, scores_missing=st.integers(0, 3), comments_left=st.integers(0, 3)))
def test_exactly_one_step_is_next_until_all_is_sent(facts: CloseFacts) -> None:
    states = list(step_states(facts).values())
    is_over = facts.has_ended and facts.answers_are_in and facts.is_frozen and facts.sending is Sending.LEFT

    assert states.count(N) == (0 if is_over else 1)
    assert L not in states[: states.index(N)] if N in states else L not in states


@pytest.mark.parametrize(
    ("facts", "in_need"),
    [
        (NOTHING, set()),
        (ENDED, set()),
        (IN, {CloseStep.CHECKS}),
        (replace(READY, scores_missing=1), {CloseStep.SCORES}),
        (replace(READY, comments_are_open=False), {CloseStep.COMMENTS}),
        (READY, set()),
        (FROZEN, {CloseStep.SEND}),
        (replace(IN, is_frozen=True, sending=Sending.STOPPED, scores_missing=2), {CloseStep.SEND}),
        (replace(ENDED, sending=Sending.STOPPED), {CloseStep.SEND}),
        *((replace(FROZEN, sending=one), set()) for one in (Sending.AWAITS_DAY, Sending.WRITING, Sending.LEAVING)),
    ],
)
def test_what_waits_for_somebody_is_told_apart_from_what_waits_for_its_day(
    facts: CloseFacts, in_need: set[CloseStep]
) -> None:
    assert steps_in_need(step_states(facts), facts.sending) == in_need


OPEN = MailFacts(
    is_frozen=False,
    is_stopped=False,
    is_approved=False,
    is_automatic=False,
    day_has_come=False,
    is_written=False,
    some_wait=False,
)
REVIEWED = replace(OPEN, is_frozen=True)
BY_ITSELF = replace(REVIEWED, is_automatic=True)
WRITTEN = replace(REVIEWED, is_approved=True, is_written=True)


@pytest.mark.parametrize(
    ("facts", "sending"),
    [
        (replace(OPEN, is_automatic=True), Sending.NOT_FROZEN),
        (replace(OPEN, is_stopped=True), Sending.STOPPED),
        (REVIEWED, Sending.AWAITS_WORD),
        (replace(REVIEWED, is_approved=True), Sending.WRITING),
        (replace(REVIEWED, is_approved=True, is_stopped=True), Sending.STOPPED),
        (BY_ITSELF, Sending.AWAITS_DAY),
        (replace(BY_ITSELF, day_has_come=True), Sending.WRITING),
        (replace(BY_ITSELF, is_approved=True), Sending.WRITING),
        (replace(WRITTEN, some_wait=True), Sending.LEAVING),
        (WRITTEN, Sending.LEFT),
        (replace(BY_ITSELF, is_written=True), Sending.LEFT),
    ],
)
def test_the_mails_of_a_quarter_stand_where_stop_word_and_day_say(facts: MailFacts, sending: Sending) -> None:
    assert sending_of(facts) is sending


NOW = datetime(2026, 10, 18, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("message", "sending", "hours", "standing"),
    [
        (None, Sending.AWAITS_DAY, 1, MailStanding.AT_ITS_MOMENT),
        (None, Sending.WRITING, 1, MailStanding.AT_ITS_MOMENT),
        (None, Sending.WRITING, 0, MailStanding.NEXT_RUN),
        (None, Sending.AWAITS_WORD, -900, MailStanding.AWAITS_WORD),
        (None, Sending.STOPPED, -900, MailStanding.STOPPED),
        (None, Sending.LEFT, -900, MailStanding.MISSING),
        (MessageState.WAITING, Sending.LEAVING, 1, MailStanding.AT_ITS_MOMENT),
        (MessageState.WAITING, Sending.LEAVING, -1, MailStanding.NEXT_RUN),
        (MessageState.WAITING, Sending.STOPPED, -1, MailStanding.STOPPED),
        (MessageState.SENDING, Sending.STOPPED, -1, MailStanding.SENDING),
        (MessageState.SENT, Sending.STOPPED, -1, MailStanding.LEFT),
        (MessageState.FAILED, Sending.LEFT, -1, MailStanding.FAILED),
        (MessageState.WITHDRAWN, Sending.LEFT, -1, MailStanding.WITHDRAWN),
    ],
)
def test_a_mail_is_never_said_to_leave_at_a_moment_that_is_over(
    message: MessageState | None, sending: Sending, hours: int, standing: MailStanding
) -> None:
    leaves_at = NOW + timedelta(hours=hours)
    assert mail_standing(message, sending, is_posted=False, leaves_at=leaves_at, now=NOW) is standing


def test_a_mail_that_was_written_and_deleted_since_is_not_missing() -> None:
    for sending in (Sending.LEFT, Sending.STOPPED):
        assert mail_standing(None, sending, is_posted=True, leaves_at=NOW, now=NOW) is MailStanding.WRITTEN
