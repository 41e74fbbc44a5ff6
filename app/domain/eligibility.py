"""May we ask this requester about this request? One decision with its reason, first match wins (rules of asking).

Pure: facts in, reason out. Who gathers the facts, and when, is app/pipeline/invitations.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class DecisionGroup(StrEnum):
    """What a reason says about the request; the funnel counts by it."""

    NOT_ELIGIBLE = "not_eligible"
    ELIGIBLE_NOT_ASKED = "eligible_not_asked"
    ASKED = "asked"
    WAITING = "waiting"  # temporary: the sending moment has not come


class DecisionReason(StrEnum):
    """Why we ask or do not ask. The order is the order of the rule: the first that holds is recorded."""

    PROVIDER_UNKNOWN = "provider_unknown"
    PROVIDER_NOT_SURVEYED = "provider_not_surveyed"
    OWN_DEPARTMENT = "own_department"  # the same department, or one below or above it on the same line
    CLOSED_WITHOUT_DELIVERY = "closed_without_delivery"
    CLOSED_AUTOMATICALLY = "closed_automatically"
    REQUESTER_IS_A_BOT = "requester_is_a_bot"
    HISTORY = "history"  # completed long before we learned of it
    ALREADY_ASKED = "already_asked"  # an invitation about an earlier cycle was sent

    NO_ADDRESS = "no_address"
    OPTED_OUT = "opted_out"  # for good, or resting after "not now"
    REOPENED = "reopened"
    QUARANTINE = "quarantine"
    QUARTER_CAP = "quarter_cap"
    SAMPLED_OUT = "sampled_out"
    ANOTHER_CHOSEN = "another_chosen"  # another request of the same person is asked about instead
    TOO_LATE = "too_late"
    DELIVERY_FAILED = "delivery_failed"  # recorded later, when no mail server took the invitation

    INVITED = "invited"
    WAITING = "waiting"

    @property
    def group(self) -> DecisionGroup:
        """The group of this reason."""
        return _GROUPS[self]

    @property
    def is_eligible(self) -> bool:
        """True for a request that may be asked about, whether or not it was."""
        return self.group in {DecisionGroup.ELIGIBLE_NOT_ASKED, DecisionGroup.ASKED}


_ALL = list(DecisionReason)
_FIRST_ELIGIBLE = _ALL.index(DecisionReason.NO_ADDRESS)
_GROUPS = {
    reason: DecisionGroup.NOT_ELIGIBLE if position < _FIRST_ELIGIBLE else DecisionGroup.ELIGIBLE_NOT_ASKED
    for position, reason in enumerate(_ALL)
} | {DecisionReason.INVITED: DecisionGroup.ASKED, DecisionReason.WAITING: DecisionGroup.WAITING}

#: An invitation may still be withdrawn until its mail is accepted; nothing else ever changes.
ALLOWED_CHANGES: dict[DecisionReason, frozenset[DecisionReason]] = {
    DecisionReason.INVITED: frozenset({DecisionReason.REOPENED, DecisionReason.DELIVERY_FAILED}),
    DecisionReason.WAITING: frozenset(DecisionReason) - {DecisionReason.WAITING, DecisionReason.DELIVERY_FAILED},
}


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


def may_change(before: DecisionReason, after: DecisionReason) -> bool:
    """True when a recorded decision may still turn into another one."""
    return after in ALLOWED_CHANGES.get(before, frozenset())
