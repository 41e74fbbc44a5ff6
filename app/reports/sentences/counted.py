"""Sentences whose grammar follows a number."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from app.domain.sentences import SentenceKey as Key
from app.foundations.languages import ngettext

Say = Callable[[Mapping[str, Any], Mapping[str, str]], str]


def _number(params: Mapping[str, float], name: str) -> int:
    return round(params[name])


def _precision(params: Mapping[str, Any], shown: Mapping[str, str]) -> str:
    return ngettext(
        "%(people)s person answered: from so few, the true share may be anywhere between %(lower)s and %(upper)s%%.",
        "%(people)s people answered: from so many, the true share may be anywhere between %(lower)s and %(upper)s%%.",
        _number(params, "people"),
        **shown,
    )


def _precision_score(params: Mapping[str, Any], shown: Mapping[str, str]) -> str:
    return ngettext(
        "%(people)s person answered: from so few, the true mean may be anywhere from %(lower)s to %(upper)s points.",
        "%(people)s people answered: from so many, the true mean may be anywhere from %(lower)s to %(upper)s points.",
        _number(params, "people"),
        **shown,
    )


def _precision_coarse(params: Mapping[str, Any], shown: Mapping[str, str]) -> str:
    return ngettext(
        "%(people)s person answered: enough for a rough picture, not for a number or a comparison"
        " (that takes %(needed)s).",
        "%(people)s people answered: enough for a rough picture, not for a number or a comparison"
        " (that takes %(needed)s).",
        _number(params, "people"),
        **shown,
    )


def _action_few_requests(params: Mapping[str, Any], shown: Mapping[str, str]) -> str:
    return ngettext(
        "Only %(completed)s request was completed, so few answers could come.",
        "Only %(completed)s requests were completed, so few answers could come.",
        _number(params, "completed"),
        **shown,
    )


def _trend_no_signal(params: Mapping[str, Any], shown: Mapping[str, str]) -> str:
    return ngettext(
        "Over %(quarters)s quarter no lasting shift beyond chance.",
        "Over %(quarters)s quarters no lasting shift beyond chance.",
        _number(params, "quarters"),
        **shown,
    )


def _trend_too_short(params: Mapping[str, Any], shown: Mapping[str, str]) -> str:
    return ngettext(
        "It is too early to speak of a trend: that takes %(needed)s quarter.",
        "It is too early to speak of a trend: that takes %(needed)s quarters.",
        _number(params, "needed"),
        **shown,
    )


def _responses_only(params: Mapping[str, Any], shown: Mapping[str, str]) -> str:
    return ngettext(
        "%(people)s person answered in an earlier tool; how many were asked is not known.",
        "%(people)s people answered in an earlier tool; how many were asked is not known.",
        _number(params, "people"),
        **shown,
    )


COUNTED: Mapping[Key, Say] = MappingProxyType(
    {
        Key.PRECISION: _precision,
        Key.PRECISION_SCORE: _precision_score,
        Key.PRECISION_COARSE: _precision_coarse,
        Key.ACTION_FEW_REQUESTS: _action_few_requests,
        Key.TREND_NO_SIGNAL: _trend_no_signal,
        Key.TREND_TOO_SHORT: _trend_too_short,
        Key.FUNNEL_RESPONSES_ONLY: _responses_only,
    }
)
