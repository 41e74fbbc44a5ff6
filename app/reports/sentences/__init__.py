"""Sentences of a scorecard in words: a key with its parameters becomes one complete sentence per language.

Keys and parameters are `app.domain.sentences`. No sentence is glued from parts; a number takes the plural form that
its language needs, and a department's name stands where it needs no case ending.
"""

from collections.abc import Callable, Mapping
from typing import Any

from app.domain.culture.sentences import PARAMETERS as CULTURE_PARAMETERS
from app.domain.culture.sentences import CultureKey
from app.domain.periods import Calendar
from app.domain.sentences import PARAMETERS, Kind, SentenceKey
from app.foundations.languages import SOURCE_LANGUAGE, gettext, speaking
from app.reports import numbers
from app.reports.dimensions import dimension_name, listed_name
from app.reports.groups import group_name
from app.reports.quarters import quarter_words
from app.reports.sentences.blocks import BLOCKS
from app.reports.sentences.counted import COUNTED
from app.reports.sentences.culture import CULTURE, CULTURE_COUNTED, measure_name
from app.reports.sentences.plain import PLAIN
from app.reports.sentences.worded import WORDED

Sentence = Mapping[str, Any]

_WORDS = {**PLAIN, **BLOCKS}
_CULTURE_KEYS = frozenset(CultureKey)  # strings themselves, as the document stores them
GAPS = {SentenceKey.GAP_EVIDENT, SentenceKey.GAP_EVIDENT_SCORE}


def render(sentence: Sentence, language: str, calendar: Calendar | None = None) -> str:
    """Say the stored sentence in `language`; raises ValueError for a key that is none of ours."""
    with speaking(language):
        return say(sentence, calendar)


def english(sentence: Sentence) -> str:
    """Say the stored sentence in English, as the JSON prints it beside the key."""
    return render(sentence, SOURCE_LANGUAGE)


def say(sentence: Sentence, calendar: Calendar | None = None) -> str:
    """Say the stored sentence in the language of the moment.

    Quarters are said by the months that `calendar` gives them; without it, as beside the codes of the JSON, by code.
    """
    params: dict[str, Any] = dict(sentence["params"])
    if sentence["key"] in _CULTURE_KEYS:
        return _of_culture(CultureKey(sentence["key"]), params)
    key = SentenceKey(sentence["key"])
    if key in GAPS:
        return _gap(key, params)
    shown = {name: _shown(kind, params[name], calendar) for name, kind in PARAMETERS[key].items()}
    if key in COUNTED:
        return COUNTED[key](params, shown)
    if key in WORDED:
        return WORDED[key](params, shown)
    return gettext(_WORDS[key], **shown)


def _shown(kind: Kind, value: Any, calendar: Calendar | None) -> str:
    if kind is Kind.PERIOD and calendar is not None:
        return quarter_words(calendar, value)
    return _SHOWN[kind](value)


def _of_culture(key: CultureKey, params: Mapping[str, Any]) -> str:
    shown = {name: _SHOWN[kind](params[name]) for name, kind in CULTURE_PARAMETERS[key].items()}
    return CULTURE_COUNTED[key](params, shown) if key in CULTURE_COUNTED else gettext(CULTURE[key], **shown)


def _gap(key: SentenceKey, params: Mapping[str, float]) -> str:
    """Say a proven gap without signs (the finding has said which side is lower), unless its interval crosses zero."""
    scale = 100 if PARAMETERS[key]["gap"] is Kind.SHARE_POINTS else 1
    gap, lower, upper = (params[name] * scale for name in ("gap", "lower", "upper"))
    if lower * upper < 0:
        return gettext(PLAIN[key], gap=numbers.signed(gap), range=numbers.words(lower, upper, signs=True))
    low, high = sorted((abs(lower), abs(upper)))
    return gettext(PLAIN[key], gap=numbers.whole(abs(gap)), range=numbers.words(low, high))


_SHOWN: Mapping[Kind, Callable[[Any], str]] = {
    Kind.TEXT: str,
    Kind.SHARE: numbers.percent,
    Kind.BOUND: lambda share: numbers.whole(share * 100),
    Kind.SCORE: numbers.whole,
    Kind.SHARE_POINTS: lambda share: numbers.signed(share * 100),
    Kind.SCORE_POINTS: numbers.signed,
    Kind.COUNT: numbers.whole,
    Kind.ITEM: dimension_name,
    Kind.ITEMS: lambda items: numbers.names([listed_name(item) for item in items]),
    Kind.PERIOD: str,
    Kind.WORD: str,
    Kind.CLASS: str,
    Kind.DELTA: numbers.hundredths,
    Kind.RATE: numbers.tenths,
    Kind.HOURS: numbers.span,
    Kind.GROUP: group_name,
    Kind.MEASURES: lambda measures: numbers.names([measure_name(measure) for measure in measures]),
}
