"""May we ask this requester about this request? One decision with its reason, first match wins (rules of asking).

Pure: facts in, reason out. Who gathers the facts, and when, is app/pipeline/invitations.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.decisions import DecisionReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known about one completed request at the moment of the decision. The defaults let it be asked."""

    provider_known: bool = True
    provider_surveyed: bool = True
    same_line: bool = False
    not_delivered: bool = False
    automatic: bool = False
    requester_is_bot: bool = False
    learned_late: bool = False
    asked_before: bool = False
    has_address: bool = True
    opted_out: bool = False
    reopened: bool = False
    in_quarantine: bool = False
    cap_reached: bool = False
    sample: float = 0.0  # the keyed hash of the request, in [0, 1)
    sampling_rate: float = 1.0
    another_chosen: bool = False
    too_late: bool = False


Rule = tuple[DecisionReason, Callable[[Facts], bool]]

#: Frozen at completion or known from the past: these make a request not eligible.
ELIGIBILITY_RULES: tuple[Rule, ...] = (
    (DecisionReason.PROVIDER_UNKNOWN, lambda facts: not facts.provider_known),
    (DecisionReason.PROVIDER_NOT_SURVEYED, lambda facts: not facts.provider_surveyed),
    (DecisionReason.OWN_DEPARTMENT, lambda facts: facts.same_line),
    (DecisionReason.CLOSED_WITHOUT_DELIVERY, lambda facts: facts.not_delivered),
    (DecisionReason.CLOSED_AUTOMATICALLY, lambda facts: facts.automatic),
    (DecisionReason.REQUESTER_IS_A_BOT, lambda facts: facts.requester_is_bot),
    (DecisionReason.HISTORY, lambda facts: facts.learned_late),
    (DecisionReason.ALREADY_ASKED, lambda facts: facts.asked_before),
)
#: Eligible, but this person is not asked about this request.
ASKING_RULES: tuple[Rule, ...] = (
    (DecisionReason.NO_ADDRESS, lambda facts: not facts.has_address),
    (DecisionReason.OPTED_OUT, lambda facts: facts.opted_out),
    (DecisionReason.REOPENED, lambda facts: facts.reopened),
    (DecisionReason.QUARANTINE, lambda facts: facts.in_quarantine),
    (DecisionReason.QUARTER_CAP, lambda facts: facts.cap_reached),
    (DecisionReason.SAMPLED_OUT, lambda facts: facts.sample >= facts.sampling_rate),
    (DecisionReason.ANOTHER_CHOSEN, lambda facts: facts.another_chosen),
    (DecisionReason.TOO_LATE, lambda facts: facts.too_late),
)
RULES = ELIGIBILITY_RULES + ASKING_RULES


def decide(facts: Facts) -> DecisionReason:
    """Return the first reason that holds, or `invited`."""
    for reason, holds in RULES:
        if holds(facts):
            return reason
    return DecisionReason.INVITED


def is_learned_late(completed_at: datetime, learned_at: datetime, limit: timedelta) -> bool:
    """True when a completion became known so much later that nobody remembers it."""
    return learned_at - completed_at > limit
