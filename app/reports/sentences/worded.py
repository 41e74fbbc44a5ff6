"""Sentences that differ by a word or a dimension: each is complete, since endings differ by language."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from app.domain.sentences import CoarseWord
from app.domain.sentences import SentenceKey as Key
from app.foundations.languages import gettext, mark

Say = Callable[[Mapping[str, Any], Mapping[str, str]], str]

_COARSE_FINDINGS = {
    CoarseWord.FEW: mark("Of the %(people)s colleagues who answered, few are satisfied with %(department)s."),
    CoarseWord.LESS_THAN_HALF: mark(
        "Of the %(people)s colleagues who answered, less than half are satisfied with %(department)s."
    ),
    CoarseWord.ABOUT_HALF: mark(
        "Of the %(people)s colleagues who answered, about half are satisfied with %(department)s."
    ),
    CoarseWord.MORE_THAN_HALF: mark(
        "Of the %(people)s colleagues who answered, more than half are satisfied with %(department)s."
    ),
    CoarseWord.MOST: mark("Of the %(people)s colleagues who answered, most are satisfied with %(department)s."),
}

_STARTS = {
    "csat_overall": mark("Start with a talk with those who ask you."),
    "timeliness": mark("Start with the time it took."),
    "result_quality": mark("Start with the quality of the result."),
    "communication": mark("Start with communication along the way."),
    "effort": mark("Start with the effort it costs to ask you."),
    "trust": mark("Start with keeping what you promise."),
    "professionalism": mark("Start with the manner in which colleagues are treated."),
    "cooperation": mark("Start with how you work together."),
    "recommend": mark("Start with what would make colleagues recommend you."),
}

_ADVICE = {
    "csat_overall": mark(
        "Ask three of your frequent requesters what one thing they would change, and tell them what you will do."
    ),
    "timeliness": mark("Give each request an expected date within a day, and say so when it moves."),
    "result_quality": mark("Agree at the start what finished means, and ask before closing whether it is."),
    "communication": mark("Say who is working on it, and report every few days even if nothing is new."),
    "effort": mark("Look at the last ten requests: which question could have been spared?"),
    "trust": mark("Promise fewer dates, keep them all, and say early when one will not hold."),
    "professionalism": mark("Read the comments together and agree on one thing to do differently."),
    "cooperation": mark("Meet the department that asks most often for half an hour, and agree on one change."),
    "recommend": mark("Ask those who came back why they did, and do more of it."),
}


def _finding_coarse(params: Mapping[str, Any], shown: Mapping[str, str]) -> str:
    finding = _COARSE_FINDINGS[CoarseWord(params["word"])]
    return gettext(finding, people=shown["people"], department=shown["department"])


def _action_start(params: Mapping[str, Any], shown: Mapping[str, str]) -> str:
    start = _STARTS.get(params["item"])
    return gettext(start) if start else gettext("Start here: %(item)s.", item=shown["item"])


def _action_advice(params: Mapping[str, Any], _shown: Mapping[str, str]) -> str:
    advice = _ADVICE.get(params["item"], _ADVICE["csat_overall"])
    return gettext(advice)


WORDED: Mapping[Key, Say] = MappingProxyType(
    {
        Key.FINDING_COARSE: _finding_coarse,
        Key.ACTION_START: _action_start,
        Key.ACTION_ADVICE: _action_advice,
    }
)
