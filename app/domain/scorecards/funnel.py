"""From completed to answered: counts, rates and what the silent could change. Small counts merge into `other`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.decisions import ELIGIBLE_NOT_ASKED, NOT_ELIGIBLE
from app.domain.scorecards.internal import ItemFigures
from app.domain.scorecards.publish import COARSE_BELOW, Json, rounded, share_interval
from app.domain.scorecards.response import Asked, CutValue, published_rates
from app.domain.statistics import wilson_interval

_STEPS = ("completed", "eligible", "invited", "delivered", "held_back", "answered")
OTHER = "other"


@dataclass(frozen=True)
class FunnelFigures:
    """Requests by decision reason or state, distinct requesters with an eligible request, answers from elsewhere."""

    requests: Mapping[str, int]
    eligible_requesters: int
    imported: int = 0
    untold: frozenset[str] = frozenset()  # steps and reasons that would say a neighbour's
    response: Mapping[CutValue, Asked] = field(default_factory=dict)  # of the values of cuts that may be told

    @property
    def has_invitations(self) -> bool:
        """True when anybody was invited; otherwise rates and bounds do not exist."""
        return self.requests.get("invited", 0) > 0


def published_funnel(
    found: FunnelFigures, overall: ItemFigures | None, minimum_group: int, names: Mapping[str, str] | None = None
) -> Json:
    """Return the funnel as printed; counts of people or answers below the minimum group are absent or merged.

    names: of requesters' departments, by code.
    """
    requests = found.requests
    funnel: Json = {
        name: requests[name] for name in _STEPS if requests.get(name, 0) >= minimum_group and name not in found.untold
    }
    if found.imported >= minimum_group:
        funnel["imported"] = found.imported
    if overall is not None and overall.requesters >= minimum_group:
        funnel["requesters"] = overall.requesters
    funnel["not_asked"] = _not_asked(found, minimum_group)
    if "eligible" in funnel and "invited" in funnel:
        funnel["coverage_rate"] = rounded(requests["invited"] / requests["eligible"], 2)
    if "delivered" in funnel and "answered" in funnel:
        answered, delivered = requests["answered"], requests["delivered"]
        funnel["response_rate"] = share_interval(wilson_interval(answered, delivered), answered)
    bounds = nonresponse(found, overall)
    if bounds is not None and "answered" in funnel:
        funnel["nonresponse_bounds"] = bounds
    if "response_rate" in funnel and (rates := published_rates(found.response, names or {})):
        funnel["response_by"] = rates
    return funnel


def nonresponse(found: FunnelFigures, overall: ItemFigures | None) -> list[float] | None:
    """Return (sum of shares)/N and (sum of shares + N - G)/N over the N requesters who could have been asked."""
    if overall is None or overall.confidential < COARSE_BELOW:
        return None
    everybody = max(found.eligible_requesters, overall.requesters)
    votes = overall.per_requester.x
    silent = everybody - overall.requesters
    return [rounded(votes / everybody, 2), rounded((votes + silent) / everybody, 2)]


def _not_asked(found: FunnelFigures, minimum_group: int) -> Json:
    """Return requests by reason; each family has a total of its own (completed - eligible, eligible - invited)."""
    shown: Json = {}
    rest = 0
    for family in (NOT_ELIGIBLE, ELIGIBLE_NOT_ASKED):
        reasons = {reason.value: found.requests.get(reason.value, 0) for reason in family}
        large, others = _merged(reasons, found.untold, minimum_group)
        shown |= large
        rest += others
    return dict(sorted(shown.items())) | ({OTHER: rest} if rest >= minimum_group else {})


def _merged(reasons: Mapping[str, int], untold: frozenset[str], minimum_group: int) -> tuple[Json, int]:
    large = {reason: count for reason, count in reasons.items() if count >= minimum_group and reason not in untold}
    rest = sum(reasons.values()) - sum(large.values())
    if 0 < rest < minimum_group and large:
        # the rest alone would tell a few people's count by subtraction: the smallest shown reason joins it
        smallest = min(large, key=lambda reason: (large[reason], reason))
        rest += large.pop(smallest)
    return large, rest
