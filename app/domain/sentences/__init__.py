"""The sentences a scorecard may say, as keys with parameters; `app.reports.sentences` puts them into words.

A frozen document stores `{"key", "params"}`, so that every reader gets the sentence in their own language and the
digest covers what was said. Which key applies is a rule of the scorecard, not of this module.
"""

from collections.abc import Mapping
from types import MappingProxyType

from app.domain.sentences.keys import CoarseWord, Kind, Place, SentenceKey, coarse_word

__all__ = [
    "PARAMETERS",
    "CoarseWord",
    "IncompleteSentenceError",
    "Kind",
    "Place",
    "SentenceKey",
    "coarse_word",
    "sentence",
]


class IncompleteSentenceError(ValueError):
    """A sentence was built with other parameters than its key has."""


_NAMED = {"department": Kind.TEXT}
_SHARES = {**_NAMED, "internal": Kind.SHARE, "external": Kind.SHARE}
_SCORES = {**_NAMED, "internal": Kind.SCORE, "external": Kind.SCORE}
_GAP = {"gap": Kind.SHARE_POINTS, "lower": Kind.SHARE_POINTS, "upper": Kind.SHARE_POINTS}
_GAP_SCORE = {"gap": Kind.SCORE_POINTS, "lower": Kind.SCORE_POINTS, "upper": Kind.SCORE_POINTS}
_INTERVAL = {"share": Kind.SHARE, "lower": Kind.BOUND, "upper": Kind.BOUND}
_CHANGE = {"previous": Kind.PERIOD, "before": Kind.SHARE, "now": Kind.SHARE}
_LAST = {"previous": Kind.PERIOD, "items": Kind.ITEMS}
_EFFECT = {"delta": Kind.DELTA}
_TARGET = {**_INTERVAL, "target": Kind.SHARE}
_CLOCK = {
    "on_time": Kind.SHARE,
    "on_time_target": Kind.SHARE,
    "satisfied": Kind.SHARE,
    "satisfaction_target": Kind.SHARE,
}

_WITH_PARAMS: dict[SentenceKey, dict[str, Kind]] = {
    SentenceKey.FINDING_WORSE: _SHARES,
    SentenceKey.FINDING_BETTER: _SHARES,
    SentenceKey.FINDING_NO_EVIDENCE: _SHARES,
    SentenceKey.FINDING_WORSE_SCORE: _SCORES,
    SentenceKey.FINDING_BETTER_SCORE: _SCORES,
    SentenceKey.FINDING_NO_EVIDENCE_SCORE: _SCORES,
    SentenceKey.FINDING_INTERNAL: {**_NAMED, **_INTERVAL},
    SentenceKey.FINDING_COARSE: {**_NAMED, "word": Kind.WORD, "people": Kind.COUNT},
    SentenceKey.FINDING_HIDDEN: {**_NAMED, "needed": Kind.COUNT},
    SentenceKey.FINDING_NO_ANSWERS: _NAMED,
    SentenceKey.FINDING_DEPARTMENT_TOO_SMALL: {**_NAMED, "parent": Kind.TEXT, "needed": Kind.COUNT},
    SentenceKey.GAP_EVIDENT: _GAP,
    SentenceKey.GAP_EVIDENT_SCORE: _GAP_SCORE,
    SentenceKey.GAP_UNCLEAR: _GAP,
    SentenceKey.GAP_UNCLEAR_SCORE: _GAP_SCORE,
    SentenceKey.GAP_WITHIN_SCALE_EFFECT: _GAP_SCORE,
    SentenceKey.GAP_TOO_FEW: {"needed": Kind.COUNT},
    SentenceKey.GAP_NO_EXTERNAL: _NAMED,
    SentenceKey.GAP_EFFECT_NEGLIGIBLE: _EFFECT,
    SentenceKey.GAP_EFFECT_SMALL: _EFFECT,
    SentenceKey.GAP_EFFECT_MEDIUM: _EFFECT,
    SentenceKey.GAP_EFFECT_LARGE: _EFFECT,
    SentenceKey.CHANGE_BETTER: _CHANGE,
    SentenceKey.CHANGE_WORSE: _CHANGE,
    SentenceKey.CHANGE_NO_EVIDENCE: {"previous": Kind.PERIOD},
    SentenceKey.CHANGE_TOO_FEW: {"previous": Kind.PERIOD, "needed": Kind.COUNT},
    SentenceKey.CHANGE_NEW_QUESTIONS: {"previous": Kind.PERIOD},
    SentenceKey.CHANGE_NEW_WEIGHTING: {"previous": Kind.PERIOD},
    SentenceKey.CHANGE_REORGANISED: {"previous": Kind.PERIOD},
    SentenceKey.PRECISION: {"people": Kind.COUNT, "lower": Kind.BOUND, "upper": Kind.BOUND},
    SentenceKey.PRECISION_SCORE: {"people": Kind.COUNT, "lower": Kind.SCORE, "upper": Kind.SCORE},
    SentenceKey.PRECISION_COARSE: {"people": Kind.COUNT, "needed": Kind.COUNT},
    SentenceKey.PRECISION_DETECTABLE: {"points": Kind.BOUND},
    SentenceKey.WEIGHTING_DIFFERS: {"share": Kind.SHARE, "other": Kind.SHARE},
    SentenceKey.WEIGHTING_DIFFERS_BY_PERSON: {"share": Kind.SHARE, "other": Kind.SHARE},
    SentenceKey.ON_TIME_MET: _TARGET,
    SentenceKey.ON_TIME_MISSED: _TARGET,
    SentenceKey.ON_TIME_UNCLEAR: _TARGET,
    SentenceKey.WATERMELON_CONFIRMED: _CLOCK,
    SentenceKey.WATERMELON_POSSIBLE: _CLOCK,
    SentenceKey.WATERMELON_INVERSE: _CLOCK,
    SentenceKey.WATERMELON_NONE: _CLOCK,
    SentenceKey.WATERMELON_TOO_FEW: {"needed": Kind.COUNT},
    SentenceKey.LATE_FEELING: _INTERVAL,
    SentenceKey.ACTION_START: {"item": Kind.ITEM},
    SentenceKey.ACTION_REASON: _TARGET,
    SentenceKey.ACTION_ADVICE: {"item": Kind.ITEM},
    SentenceKey.ACTION_TOO_FEW: {"needed": Kind.COUNT},
    SentenceKey.ACTION_FEW_ASKED: {"invited": Kind.COUNT, "completed": Kind.COUNT},
    SentenceKey.ACTION_FEW_ANSWERED: {"share": Kind.SHARE},
    SentenceKey.ACTION_FEW_REQUESTS: {"completed": Kind.COUNT},
    SentenceKey.ACTION_PREVIOUS_BETTER: {**_LAST, "before": Kind.SHARE, "now": Kind.SHARE},
    SentenceKey.ACTION_PREVIOUS_WORSE: {**_LAST, "before": Kind.SHARE, "now": Kind.SHARE},
    SentenceKey.ACTION_PREVIOUS_NO_EVIDENCE: {**_LAST, "before": Kind.SHARE, "now": Kind.SHARE},
    SentenceKey.ACTION_PREVIOUS_TOO_FEW: _LAST,
    SentenceKey.ACTION_PREVIOUS_NOT_COMPARED: _LAST,
    SentenceKey.TREND_SIGNAL: {"period": Kind.PERIOD},
    SentenceKey.TREND_NO_SIGNAL: {"quarters": Kind.COUNT},
    SentenceKey.TREND_TOO_SHORT: {"needed": Kind.COUNT},
    SentenceKey.TREND_REORGANISED: {"period": Kind.PERIOD},
    SentenceKey.DISTRIBUTION_BOTH: {"internal": Kind.SHARE, "external": Kind.SHARE},
    SentenceKey.DISTRIBUTION_INTERNAL: {"internal": Kind.SHARE},
    SentenceKey.GAPS_WORSE: {"items": Kind.ITEMS},
    SentenceKey.GAPS_BETTER: {"items": Kind.ITEMS},
    SentenceKey.GAPS_MIXED: {"worse": Kind.ITEMS, "better": Kind.ITEMS},
    SentenceKey.FUNNEL_ANSWERED: {"answered": Kind.COUNT, "completed": Kind.COUNT, "people": Kind.COUNT},
    SentenceKey.FUNNEL_RESPONSES_ONLY: {"people": Kind.COUNT},
    SentenceKey.RESPONSE_RATE: _INTERVAL,
    SentenceKey.NONRESPONSE_BOUNDS: {"low": Kind.SHARE, "high": Kind.SHARE},
    SentenceKey.RESPONSE_UNEVEN: {
        "most": Kind.GROUP,
        "most_share": Kind.SHARE,
        "least": Kind.GROUP,
        "least_share": Kind.SHARE,
    },
}

#: Every key with the names and kinds of its parameters; keys without any have an empty mapping.
PARAMETERS: Mapping[SentenceKey, Mapping[str, Kind]] = MappingProxyType(
    {key: MappingProxyType(_WITH_PARAMS.get(key, {})) for key in SentenceKey}
)


def sentence(key: SentenceKey, **params: object) -> dict[str, object]:
    """Return the sentence as a document stores it; raise IncompleteSentenceError for other parameters."""
    expected = set(PARAMETERS[key])
    if expected != set(params):
        missing, unknown = sorted(expected - set(params)), sorted(set(params) - expected)
        raise IncompleteSentenceError(f"{key}: missing {missing}, unknown {unknown}.")
    return {"key": key.value, "params": params}
