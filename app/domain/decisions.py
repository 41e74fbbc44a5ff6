"""Why a completed request was asked about or not: one word each, in the order in which the rules are tried."""

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

NOT_ELIGIBLE = frozenset(reason for reason in DecisionReason if reason.group is DecisionGroup.NOT_ELIGIBLE)
ELIGIBLE_NOT_ASKED = frozenset(reason for reason in DecisionReason if reason.group is DecisionGroup.ELIGIBLE_NOT_ASKED)
