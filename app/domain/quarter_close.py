"""How HR closes a quarter: seven steps, of which exactly one is next until the last one is done.

The freeze comes with its date, whatever was looked at: what nobody did before it is passed, not held up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.states import MessageState


class CloseStep(StrEnum):
    """The steps in their order."""

    ENDED = "ended"
    ANSWERS = "answers"
    CHECKS = "checks"
    SCORES = "scores"
    COMMENTS = "comments"
    FREEZE = "freeze"
    SEND = "send"


class StepState(StrEnum):
    """Where a step stands."""

    DONE = "done"
    NOW = "now"
    LATER = "later"
    PASSED = "passed"  # the freeze came first


class CheckedStep(StrEnum):
    """The steps that end with somebody's word."""

    CHECKS = "checks"
    SCORES = "scores"


class Sending(StrEnum):
    """How the mails of a quarter stand."""

    NOT_FROZEN = "not_frozen"
    STOPPED = "stopped"
    AWAITS_WORD = "awaits_word"  # HR's
    AWAITS_DAY = "awaits_day"
    WRITING = "writing"  # by the worker, with its next run
    LEAVING = "leaving"  # all are written, some wait for the moment at which they leave
    LEFT = "left"


class MailStanding(StrEnum):
    """How one mail of a quarter stands."""

    LEFT = "left"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    SENDING = "sending"  # at this moment
    AT_ITS_MOMENT = "at_its_moment"
    NEXT_RUN = "next_run"
    STOPPED = "stopped"
    AWAITS_WORD = "awaits_word"
    WRITTEN = "written"  # and by now deleted
    MISSING = "missing"  # the quarter is posted, and this reader has none


BEFORE_THE_FREEZE = (CloseStep.CHECKS, CloseStep.SCORES, CloseStep.COMMENTS)


@dataclass(frozen=True, kw_only=True)
class CloseFacts:
    """What decides where the steps stand."""

    has_ended: bool
    answers_are_in: bool  # nobody can answer any more
    is_looked_at: bool
    scores_missing: int  # sources without scores that HR does not go without
    comments_are_open: bool
    comments_left: int  # flagged and not decided
    is_frozen: bool
    sending: Sending

    def finished(self) -> Mapping[CloseStep, bool]:
        """Tell for each step whether it is done."""
        return {
            CloseStep.ENDED: self.has_ended,
            CloseStep.ANSWERS: self.answers_are_in,
            CloseStep.CHECKS: self.is_looked_at,
            CloseStep.SCORES: self.has_ended and self.scores_missing == 0,
            CloseStep.COMMENTS: self.comments_are_open and self.comments_left == 0,
            CloseStep.FREEZE: self.is_frozen,
            CloseStep.SEND: self.is_frozen and self.sending is Sending.LEFT,
        }


def step_states(facts: CloseFacts) -> dict[CloseStep, StepState]:
    """Return where each step stands: the first that is not done is next, those behind it are later."""
    states: dict[CloseStep, StepState] = {}
    for step, is_done in facts.finished().items():
        if is_done:
            states[step] = StepState.DONE
        elif facts.is_frozen and step in BEFORE_THE_FREEZE:
            states[step] = StepState.PASSED
        else:
            states[step] = StepState.LATER if StepState.NOW in states.values() else StepState.NOW
    return states


def steps_in_need(states: Mapping[CloseStep, StepState], sending: Sending) -> frozenset[CloseStep]:
    """Return the steps that wait for HR now; all others wait for their day, for the worker or for one of these."""
    asked = {step for step in BEFORE_THE_FREEZE if states[step] is StepState.NOW}
    return frozenset(asked | ({CloseStep.SEND} if sending in {Sending.STOPPED, Sending.AWAITS_WORD} else set()))


@dataclass(frozen=True, kw_only=True)
class MailFacts:
    """What decides how the mails of a quarter stand."""

    is_frozen: bool
    is_stopped: bool
    is_approved: bool  # by HR
    is_automatic: bool  # the policy posts without anybody's word
    day_has_come: bool  # on which it does
    is_written: bool  # every mail, and none is asked for since
    some_wait: bool  # of those that are written


def sending_of(facts: MailFacts) -> Sending:
    """Return how the mails of a quarter stand. A stop is stronger than anything else."""
    if facts.is_stopped:
        return Sending.STOPPED
    if not facts.is_frozen:
        return Sending.NOT_FROZEN
    if facts.is_written:
        return Sending.LEAVING if facts.some_wait else Sending.LEFT
    if facts.is_approved:
        return Sending.WRITING
    if not facts.is_automatic:
        return Sending.AWAITS_WORD
    return Sending.WRITING if facts.day_has_come else Sending.AWAITS_DAY


_SETTLED = {
    MessageState.SENT: MailStanding.LEFT,
    MessageState.FAILED: MailStanding.FAILED,
    MessageState.WITHDRAWN: MailStanding.WITHDRAWN,
    MessageState.SENDING: MailStanding.SENDING,
}


def mail_standing(
    message: MessageState | None, sending: Sending, *, is_posted: bool, leaves_at: datetime, now: datetime
) -> MailStanding:
    """Return how one mail stands: `message` is the state of what was written of it, None where nothing is (any more).

    `leaves_at` is the moment before which it does not leave. What is over is never told as if it were to come.
    """
    if message in _SETTLED:
        return _SETTLED[message]
    if message is None and is_posted:
        return MailStanding.WRITTEN
    if sending is Sending.STOPPED:
        return MailStanding.STOPPED
    if message is None and sending in {Sending.LEAVING, Sending.LEFT}:
        return MailStanding.MISSING
    if message is None and sending is Sending.AWAITS_WORD:
        return MailStanding.AWAITS_WORD
    return MailStanding.AT_ITS_MOMENT if leaves_at > now else MailStanding.NEXT_RUN
