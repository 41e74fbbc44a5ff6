"""Which sentences a scorecard says: chosen by rule from published figures, never saying more than the verdict."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.scorecards.changes import LIMITS_FROM
from app.domain.scorecards.internal import PER_REQUEST
from app.domain.scorecards.publish import COARSE_BELOW, COARSE_METHOD, COMPARABLE_FROM, Json, rounded
from app.domain.scorecards.response import uneven_response
from app.domain.sentences import SentenceKey as Key
from app.domain.sentences import coarse_word, sentence
from app.domain.statistics.planning import detectable_difference

HEADLINE = "csat_overall"
HALF = 0.5  # of the requests asked about, of the invitations answered: below it, that is why answers are few
PARTS = ("internal", "external", "gap", "change", "trend", "sla", "action")  # of a document, told as they are
_VERDICT_KEYS = {
    "better": (Key.FINDING_BETTER, Key.FINDING_BETTER_SCORE),
    "worse": (Key.FINDING_WORSE, Key.FINDING_WORSE_SCORE),
    "no_evidence": (Key.FINDING_NO_EVIDENCE, Key.FINDING_NO_EVIDENCE_SCORE),
}


@dataclass(frozen=True)
class Told:
    """The parts of a document that sentences speak of."""

    department: str
    period: str
    weighting: str
    minimum_group: int
    people: int  # who rated the headline
    internal: Json
    external: Json
    gap: Json
    change: Json
    trend: list[Json]
    sla: Json
    funnel: Json
    action: Json
    has_answers: bool
    previous: str = ""  # the quarter right before
    new_method: Key | None = None  # why that one is not compared though it is there
    reorganised_in: str | None = None
    has_history: bool = False  # an earlier quarter has figures of the same department


def sentences(told: Told) -> Json:
    """Return every sentence of a document by its place; a place without one is absent."""
    found = {"finding": finding(told), **_doubt(told), **_clock(told), **_trend(told), **_funnel(told)}
    places = {
        "action": "sentence",
        "action_reason": "reason",
        "action_advice": "advice",
        "action_rule": "rule_sentence",
    }
    found |= {place: told.action[part] for place, part in places.items() if part in told.action}
    before = told.action.get("previous")
    found |= {"action_previous": before["sentence"]} if before else {}
    why = _why_so_few(told)
    return found | ({"action_reason": why} if why else {})


def _why_so_few(told: Told) -> Json | None:
    """Return why there are too few answers to name one thing to do, as far as the funnel tells it."""
    if told.action.get("sentence", {}).get("key") != Key.ACTION_TOO_FEW:
        return None
    completed, invited = told.funnel.get("completed"), told.funnel.get("invited")
    rate = told.funnel.get("response_rate")
    if completed is not None and invited is not None and invited < completed * HALF:
        return sentence(Key.ACTION_FEW_ASKED, invited=invited, completed=completed)
    if rate is not None and rate["estimate"] < HALF:
        return sentence(Key.ACTION_FEW_ANSWERED, share=rate["estimate"])
    if rate is not None and completed is not None and invited is not None:
        return sentence(Key.ACTION_FEW_REQUESTS, completed=completed)
    return None


def people_of(document: Mapping[str, Any]) -> int:
    """Return how many people rated the headline of a document: its n is another number where requests are counted."""
    said = document.get("sentences", {}).get("precision")
    if said is not None:
        return int(said["params"]["people"])
    overall = document.get("internal", {}).get(HEADLINE, {})
    n: float = (overall.get("top_two_box") or overall.get("score_0_100") or {"n": 0})["n"]
    return round(n)


def finding(told: Told) -> Json:
    """Return the one sentence on top."""
    overall = told.internal.get(HEADLINE, {}).get("top_two_box")
    named = {"department": told.department}
    if overall is None:
        if told.has_answers:
            return sentence(Key.FINDING_HIDDEN, needed=told.minimum_group, **named)
        return sentence(Key.FINDING_NO_ANSWERS, **named)
    if overall["method"] == COARSE_METHOD:
        return sentence(Key.FINDING_COARSE, word=coarse_word(overall["estimate"]), people=told.people, **named)
    gap = told.gap.get(HEADLINE, {})
    keys = _VERDICT_KEYS.get(gap.get("verdict", ""))
    if keys is None:
        return sentence(Key.FINDING_INTERNAL, **named, **_bounds(overall))
    measure = "top_two_box" if "top_two_box" in gap else "score_0_100"
    return sentence(
        keys[measure == "score_0_100"],
        internal=told.internal[HEADLINE][measure]["estimate"],
        external=told.external[HEADLINE][measure]["estimate"],
        **named,
    )


def _doubt(told: Told) -> Json:
    """Return how sure the comparison is, what has changed, and what this number of people can show."""
    overall = told.internal.get(HEADLINE, {}).get("top_two_box")
    if overall is None:
        return {}
    if overall["method"] == COARSE_METHOD:
        return {"precision": sentence(Key.PRECISION_COARSE, people=told.people, needed=COARSE_BELOW)}
    found = {
        "gap": about_gap(told),
        "change": _about_change(told),
        "gap_effect": about_effect(told),
        "precision": _precision(told, overall),
        "detectable": None if _has_changed(told) else _detectable(overall, told.people),
    }
    other = told.internal[HEADLINE].get("other_weighting")
    if other:
        key = Key.WEIGHTING_DIFFERS_BY_PERSON if told.weighting == PER_REQUEST else Key.WEIGHTING_DIFFERS
        found["weighting"] = sentence(key, share=overall["estimate"], other=other["estimate"])
    return {place: words for place, words in found.items() if words is not None}


def _precision(told: Told, overall: Json) -> Json:
    """Return how far the truth may be from the finding, on the finding's scale."""
    gap = told.gap.get(HEADLINE, {})
    is_score = gap.get("verdict") in _VERDICT_KEYS and "top_two_box" not in gap
    key, figure = (
        (Key.PRECISION_SCORE, told.internal[HEADLINE]["score_0_100"]) if is_score else (Key.PRECISION, overall)
    )
    return sentence(key, people=told.people, lower=figure["lower"], upper=figure["upper"])


def about_gap(told: Told) -> Json:
    """Return how sure the comparison with customers is, or why there is none."""
    gap = told.gap.get(HEADLINE)
    if gap is None:
        return sentence(Key.GAP_NO_EXTERNAL, department=told.department)
    verdict, comparability = gap["verdict"], gap["comparability"]
    if verdict == "too_few":
        return sentence(Key.GAP_TOO_FEW, needed=COMPARABLE_FROM)
    if verdict == "not_comparable":
        key = {"D": Key.GAP_DIFFERENT_QUESTIONS, "E": Key.GAP_UNKNOWN_BASIS}.get(
            comparability, Key.GAP_EXTERNAL_INCOMPLETE
        )
        return sentence(key)
    by_share = "top_two_box" in gap
    interval = gap["top_two_box" if by_share else "score_0_100"]
    params = {"gap": interval["estimate"], "lower": interval["lower"], "upper": interval["upper"]}
    if verdict == "no_evidence":
        if comparability == "C" and gap["p_adjusted"] <= 0.05:
            return sentence(Key.GAP_WITHIN_SCALE_EFFECT, **params)
        return sentence(Key.GAP_UNCLEAR if by_share else Key.GAP_UNCLEAR_SCORE, **params)
    return sentence(Key.GAP_EVIDENT if by_share else Key.GAP_EVIDENT_SCORE, **params)


def about_effect(told: Told) -> Json | None:
    """Return Cliff's delta in words, where a difference is evident: how large it is over all answers."""
    gap = told.gap.get(HEADLINE, {})
    if gap.get("verdict") not in {"better", "worse"} or "cliffs_delta" not in gap:
        return None
    delta = gap["cliffs_delta"]
    return sentence(Key[f"GAP_EFFECT_{delta['magnitude'].upper()}"], delta=delta["estimate"])


def _detectable(overall: Json, people: int) -> Json:
    """Return which change this number of people would show, four times in five."""
    found = detectable_difference(overall["estimate"], people)
    return sentence(Key.PRECISION_DETECTABLE, points=rounded(found, 2))


def _has_changed(told: Told) -> bool:
    """Tell whether a change is evident: which one would show is then no question any more."""
    return told.change.get(HEADLINE, {}).get("verdict") in {"better", "worse"}


def _about_change(told: Told) -> Json | None:
    change = told.change.get(HEADLINE)
    if change is None:
        return _no_change(told)
    previous, verdict = change["previous"], change["verdict"]
    if verdict == "too_few":
        return sentence(Key.CHANGE_TOO_FEW, previous=previous, needed=COARSE_BELOW)
    if verdict in {"better", "worse"}:
        key = Key.CHANGE_BETTER if verdict == "better" else Key.CHANGE_WORSE
        now, before = change["shares"]
        return sentence(key, previous=previous, before=before, now=now)
    return sentence(Key.CHANGE_NO_EVIDENCE, previous=previous)


def _no_change(told: Told) -> Json | None:
    """Return why there is no comparison with the quarter before; nothing where that quarter simply has no answers."""
    if told.reorganised_in == told.period:
        return sentence(Key.CHANGE_REORGANISED, previous=told.previous)
    if told.new_method is not None:
        return sentence(told.new_method, previous=told.previous)
    return None if told.has_history or told.reorganised_in else sentence(Key.CHANGE_FIRST)


def _clock(told: Told) -> Json:
    """Return what is said of the clock beside the experience."""
    if not told.sla:
        return {}
    on_time = told.sla.get("on_time")
    if on_time is None:
        return {"on_time": sentence(Key.ON_TIME_UNKNOWN)}
    target = told.sla["target"]
    key = Key.ON_TIME_MET if on_time["lower"] >= target else Key.ON_TIME_UNCLEAR
    key = Key.ON_TIME_MISSED if on_time["upper"] < target else key
    found = {"on_time": sentence(key, target=target, **_bounds(on_time))}
    if late := told.sla.get("late_feeling"):
        found["late_feeling"] = sentence(Key.LATE_FEELING, **_bounds(late))
    state = told.sla["watermelon"]
    overall = told.internal.get(HEADLINE, {}).get("top_two_box")
    if state == "too_few" or overall is None:
        return found | {"watermelon": sentence(Key.WATERMELON_TOO_FEW, needed=COARSE_BELOW)}
    return found | {
        "watermelon": sentence(
            Key[f"WATERMELON_{state.upper()}"],
            on_time=on_time["estimate"],
            on_time_target=target,
            satisfied=overall["estimate"],
            satisfaction_target=told.sla["satisfaction_target"],
        )
    }


def _trend(told: Told) -> Json:
    shown = [point for point in told.trend if "top_two_box" in point]
    if not shown and not told.reorganised_in:
        return {}  # hidden ever since: that it is too early would be another promise
    if len(shown) < LIMITS_FROM and told.reorganised_in:
        return {"trend": sentence(Key.TREND_REORGANISED, period=told.reorganised_in)}
    if len(shown) < LIMITS_FROM:
        return {"trend": sentence(Key.TREND_TOO_SHORT, needed=LIMITS_FROM)}
    signals = [point["period"] for point in shown if point["signal"]]
    if signals:
        return {"trend": sentence(Key.TREND_SIGNAL, period=signals[-1])}
    return {"trend": sentence(Key.TREND_NO_SIGNAL, quarters=len(shown))}


def _funnel(told: Told) -> Json:
    overall = told.internal.get(HEADLINE, {}).get("top_two_box")
    if overall is None:
        return {}
    if not told.funnel:
        return {"funnel": sentence(Key.FUNNEL_RESPONSES_ONLY, people=told.people)}
    found: Json = {}
    if {"answered", "completed"} <= told.funnel.keys():
        counts = {name: told.funnel[name] for name in ("answered", "completed")}
        found["funnel"] = sentence(Key.FUNNEL_ANSWERED, people=told.people, **counts)
    if "response_rate" in told.funnel:
        found["response_rate"] = sentence(Key.RESPONSE_RATE, **_bounds(told.funnel["response_rate"]))
    if "nonresponse_bounds" in told.funnel:
        low, high = told.funnel["nonresponse_bounds"]
        found["nonresponse"] = sentence(Key.NONRESPONSE_BOUNDS, low=low, high=high)
    if (uneven := uneven_response(told.funnel.get("response_by", []))) is not None:
        found["response_by"] = uneven
    return found


def _bounds(interval: Json) -> Json:
    return {"share": interval["estimate"], "lower": interval["lower"], "upper": interval["upper"]}
