"""HR's sentences: whole ones, those whose grammar follows a number, and the names of the measures."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from app.domain.culture.sentences import CultureKey as Key
from app.foundations.languages import gettext, mark, ngettext

Say = Callable[[Mapping[str, Any], Mapping[str, str]], str]

_MEASURES = {
    "participation_rate": mark("participation"),
    "responsiveness": mark("responsiveness"),
    "trust_index": mark("trust in service delivery"),
    "cooperation": mark("cooperation"),
    "cooperation_index": mark("cooperation index"),
    "kudos_rate": mark("thanks per 100 answers"),
    "loop_closure_rate": mark("contact cases closed"),
}


def measure_name(measure: str) -> str:
    """Return a measure's name as it stands in a list within a sentence."""
    return gettext(_MEASURES[measure])


def _matrix_lower(params: Mapping[str, Any], shown: Mapping[str, str]) -> str:
    return ngettext(
        "Of %(shown)s pairs of departments that can be shown, %(pairs)s is rated lower than the company"
        " by more than chance.",
        "Of %(shown)s pairs of departments that can be shown, %(pairs)s are rated lower than the company"
        " by more than chance.",
        params["pairs"],
        **shown,
    )


def _matrix_no_evidence(params: Mapping[str, Any], shown: Mapping[str, str]) -> str:
    return ngettext(
        "%(shown)s pair of departments can be shown: none is rated lower than the company by more than chance.",
        "%(shown)s pairs of departments can be shown: none is rated lower than the company by more than chance.",
        params["shown"],
        **shown,
    )


CULTURE_COUNTED: Mapping[Key, Say] = MappingProxyType(
    {Key.MATRIX_LOWER: _matrix_lower, Key.MATRIX_NO_EVIDENCE: _matrix_no_evidence}
)

CULTURE: Mapping[Key, str] = MappingProxyType(
    {
        Key.MATRIX_HIDDEN: mark(
            "Too few answers to show which department serves which: a pair takes at least %(needed)s people, and may"
            " not give a smaller pair away."
        ),
        Key.POPULATION: mark("All of this is about people who raised requests, not about all employees."),
        Key.PARTICIPATION: mark(
            "%(share)s of the people who were asked answered at least once (between %(lower)s and %(upper)s%%)."
        ),
        Key.RESPONSIVENESS: mark(
            "%(share)s find the time it took good or very good (between %(lower)s and %(upper)s%%)."
        ),
        Key.FIRST_RESPONSE: mark(
            "%(share)s of the requests got a first response within the target of %(hours)s (between %(lower)s and"
            " %(upper)s%%)."
        ),
        Key.TRUST: mark("Trust in service delivery: %(score)s of 100 (between %(lower)s and %(upper)s)."),
        Key.COOPERATION: mark("Cooperation on requests: %(score)s of 100 (between %(lower)s and %(upper)s)."),
        Key.COOPERATION_INDEX: mark(
            "Cooperation index: %(score)s of 100 (between %(lower)s and %(upper)s), the plain mean of cooperation,"
            " communication and contact cases closed."
        ),
        Key.THANKS: mark("%(rate)s thanks per 100 answers (between %(lower)s and %(upper)s). They are no score."),
        Key.LOOP_CLOSURE: mark(
            "%(share)s of those who wished to be contacted were contacted (between %(lower)s and %(upper)s%%)."
        ),
        Key.MEASURES_HIDDEN: mark(
            "No figure, since too few people stand behind it or nothing was recorded: %(measures)s."
        ),
        Key.MEASURES_NO_COMPANY: mark(
            "There are no figures for the whole company: too few people answered, or they would give a small group"
            " away."
        ),
        Key.DEPARTMENTS_DIFFER: mark(
            "Departments differ by more than chance. Of each we know only between which ranks it lies, so there is no"
            " list by score."
        ),
        Key.DEPARTMENTS_DIFFER_TOGETHER: mark(
            "Together, departments differ by more than chance, but no single one can be told apart from the company."
            " Of each we know only between which ranks it lies, so there is no list by score."
        ),
        Key.DEPARTMENTS_OVERDISPERSED: mark(
            "Departments vary %(times)s times as much as chance alone would make them: a department outside the limits"
            " may differ in whom it serves, not in how."
        ),
        Key.DEPARTMENTS_DO_NOT_DIFFER: mark("Departments do not differ measurably this quarter, so there is no order."),
        Key.DEPARTMENTS_TOO_FEW: mark(
            "Fewer than %(needed)s departments have enough answers to be compared, so ranks are not given."
        ),
        Key.REFUSED_RANKING: mark(
            "No ranking of departments by score: who asks them, and how many answer, differs too much between them."
            " At most it is said between which ranks each may lie."
        ),
        Key.REFUSED_PERSONS: mark("No figures of single people: answers are about the service, not about a colleague."),
        Key.REFUSED_TICKETS_ONLY: mark(
            "No culture score made of requests alone: they come only from people who asked for something."
        ),
        Key.REFUSED_NPS: mark(
            "No recommendation of colleagues against that of customers: colleagues cannot choose another provider."
        ),
        Key.REFUSED_COUNTRIES: mark(
            "No comparison of languages or countries: people use the same scale in different ways."
        ),
        Key.REFUSED_BONUS: mark("No figure for bonuses: a rating that pays is soon asked for instead of earned."),
        Key.REFUSED_SENTIMENT: mark(
            "No mood of a department read from its comments: under 30 of them it would be guesswork."
        ),
        Key.REFUSED_CORRELATION: mark(
            "No link between inside and outside over time: with so few quarters any line can be drawn."
        ),
    }
)
