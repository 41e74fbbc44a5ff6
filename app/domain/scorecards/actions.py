"""The one thing to do, the rule that chose it, and what came of the quarter before's. From published figures only."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.instruments import GRID
from app.domain.scorecards.publish import COARSE_BELOW, COARSE_METHOD, Json
from app.domain.sentences import SentenceKey as Key
from app.domain.sentences import sentence

HEADLINE = "csat_overall"
BY_WEIGHT, BY_SHORTFALL = "importance_times_shortfall", "furthest_below_target"
_RULES = {BY_WEIGHT: Key.ACTION_RULE_WEIGHT, BY_SHORTFALL: Key.ACTION_RULE_SHORTFALL}
_OUTCOMES = {
    "better": Key.ACTION_PREVIOUS_BETTER,
    "worse": Key.ACTION_PREVIOUS_WORSE,
    "no_evidence": Key.ACTION_PREVIOUS_NO_EVIDENCE,
}


def proposed_action(internal: Json, target: float, drivers: Sequence[Json], *, has_answers: bool) -> Json:
    """Propose one thing among the aspects whose interval lies wholly below target; ties by code.

    With drivers it is the one with the largest importance times shortfall, without them the one furthest below target.
    Nothing is proposed where answers are hidden: they may be many, and lack of answers is then not the trouble.
    """
    shares = {
        item.value: interval
        for item in GRID
        if (interval := internal.get(item.value, {}).get("top_two_box")) and interval["method"] != COARSE_METHOD
    }
    overall = internal.get(HEADLINE, {}).get("top_two_box")
    if not shares and overall is not None and overall["method"] != COARSE_METHOD:
        return {}  # enough people, but none was asked about single aspects
    if overall is None and has_answers:
        return {}
    if not shares:
        return {"sentence": sentence(Key.ACTION_TOO_FEW, needed=COARSE_BELOW)}
    below = {item: interval for item, interval in shares.items() if interval["upper"] < target}
    if not below:
        return {"sentence": sentence(Key.ACTION_NONE)}
    item, rule = _chosen(below, target, drivers)
    found = below[item]
    bounds = {"share": found["estimate"], "lower": found["lower"], "upper": found["upper"]}
    return {
        "dimension": item,
        "sentence": sentence(Key.ACTION_START, item=item),
        "reason": sentence(Key.ACTION_REASON, target=target, **bounds),
        "advice": sentence(Key.ACTION_ADVICE, item=item),
        "rule": rule,
        "rule_sentence": sentence(_RULES[rule]),
    }


def _chosen(below: Mapping[str, Json], target: float, drivers: Sequence[Json]) -> tuple[str, str]:
    """Return the aspect and the rule that chose it; weights count only where every candidate has one."""
    weights = {row["dimension"]: row["importance"]["estimate"] for row in drivers}
    scores = {item: weights.get(item, 0) * (target - found["estimate"]) for item, found in below.items()}
    if below.keys() <= weights.keys() and any(scores.values()):
        return min(scores, key=lambda item: (-scores[item], item)), BY_WEIGHT
    return min(below, key=lambda item: (below[item]["estimate"], item)), BY_SHORTFALL


def previous_action(before: Mapping[str, Any] | None, previous: str, change: Json, *, is_compared: bool) -> Json | None:
    """Return what the quarter right before proposed and what happened to that aspect since, None without a proposal.

    `change` are the changes as this quarter prints them; `is_compared` is false where method or department is new.
    """
    item = (before or {}).get("action", {}).get("dimension")
    if item is None:
        return None
    named = {"previous": previous, "items": [item]}
    found = change.get(item, {})
    outcome = found.get("verdict", "too_few") if is_compared else "not_compared"
    if outcome in _OUTCOMES:
        now, earlier = found["shares"]
        words = sentence(_OUTCOMES[outcome], before=earlier, now=now, **named)
    else:
        key = Key.ACTION_PREVIOUS_TOO_FEW if is_compared else Key.ACTION_PREVIOUS_NOT_COMPARED
        words = sentence(key, **named)
    return {"period": previous, "dimension": item, "outcome": outcome, "sentence": words}
