"""Why a completed request was asked about or not: one word each, in the order in which the rules are tried."""

from enum import StrEnum


class DecisionReason(StrEnum):
    """The recorded end of every completed request. First match wins, from top to bottom."""

    PROVIDER_UNKNOWN = "provider_unknown"
    PROVIDER_NOT_SURVEYED = "provider_not_surveyed"
    OWN_DEPARTMENT = "own_department"
    CLOSED_WITHOUT_DELIVERY = "closed_without_delivery"
    CLOSED_AUTOMATICALLY = "closed_automatically"
    REQUESTER_IS_A_BOT = "requester_is_a_bot"
    HISTORY = "history"
    ALREADY_ASKED = "already_asked"
    NO_ADDRESS = "no_address"
    OPTED_OUT = "opted_out"
    REOPENED = "reopened"
    QUARANTINE = "quarantine"
    QUARTER_CAP = "quarter_cap"
    SAMPLED_OUT = "sampled_out"
    ANOTHER_CHOSEN = "another_chosen"
    TOO_LATE = "too_late"
    DELIVERY_FAILED = "delivery_failed"
    INVITED = "invited"
    WAITING = "waiting"


NOT_ELIGIBLE = frozenset(
    {
        DecisionReason.PROVIDER_UNKNOWN,
        DecisionReason.PROVIDER_NOT_SURVEYED,
        DecisionReason.OWN_DEPARTMENT,
        DecisionReason.CLOSED_WITHOUT_DELIVERY,
        DecisionReason.CLOSED_AUTOMATICALLY,
        DecisionReason.REQUESTER_IS_A_BOT,
        DecisionReason.HISTORY,
        DecisionReason.ALREADY_ASKED,
    }
)
ELIGIBLE_NOT_ASKED = frozenset(
    {
        DecisionReason.NO_ADDRESS,
        DecisionReason.OPTED_OUT,
        DecisionReason.REOPENED,
        DecisionReason.QUARANTINE,
        DecisionReason.QUARTER_CAP,
        DecisionReason.SAMPLED_OUT,
        DecisionReason.ANOTHER_CHOSEN,
        DecisionReason.TOO_LATE,
        DecisionReason.DELIVERY_FAILED,
    }
)
