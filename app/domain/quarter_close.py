"""How HR closes a quarter: seven steps, of which exactly one is next until the last one is done.

The freeze comes with its date, whatever was looked at: what nobody did before it is passed, not held up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


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
    is_sent: bool  # every mail has left

    def finished(self) -> Mapping[CloseStep, bool]:
        """Tell for each step whether it is done."""
        return {
            CloseStep.ENDED: self.has_ended,
            CloseStep.ANSWERS: self.answers_are_in,
            CloseStep.CHECKS: self.is_looked_at,
            CloseStep.SCORES: self.has_ended and self.scores_missing == 0,
            CloseStep.COMMENTS: self.comments_are_open and self.comments_left == 0,
            CloseStep.FREEZE: self.is_frozen,
            CloseStep.SEND: self.is_frozen and self.is_sent,
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
