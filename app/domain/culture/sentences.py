"""The sentences that HR's document may say, as keys with parameters; `app.reports.sentences` puts them into words."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from app.domain.sentences import IncompleteSentenceError, Kind


class CultureKey(StrEnum):
    """All keys. The verb of a group is its first word; no key of a scorecard has the same name."""

    # the one sentence on top: one of these, or the first measure where no pair is shown
    MATRIX_LOWER = "matrix_lower"
    MATRIX_NO_EVIDENCE = "matrix_no_evidence"
    MATRIX_HIDDEN = "matrix_hidden"

    # whom all of it is about
    POPULATION = "population"

    # the measures of the whole company
    PARTICIPATION = "participation"
    RESPONSIVENESS = "responsiveness"
    FIRST_RESPONSE = "first_response"
    TRUST = "trust"
    COOPERATION = "cooperation"
    COOPERATION_INDEX = "cooperation_index"
    THANKS = "thanks"
    LOOP_CLOSURE = "loop_closure"
    MEASURES_HIDDEN = "measures_hidden"
    MEASURES_NO_COMPANY = "measures_no_company"  # no one top department with a scorecard

    # departments among each other
    DEPARTMENTS_DIFFER = "departments_differ"
    DEPARTMENTS_DIFFER_TOGETHER = "departments_differ_together"  # none of them by itself
    DEPARTMENTS_DO_NOT_DIFFER = "departments_do_not_differ"
    DEPARTMENTS_TOO_FEW = "departments_too_few"
    DEPARTMENTS_OVERDISPERSED = "departments_overdispersed"

    # what cannot be said soundly, each with its reason
    REFUSED_RANKING = "refused_ranking"
    REFUSED_PERSONS = "refused_persons"
    REFUSED_TICKETS_ONLY = "refused_tickets_only"
    REFUSED_NPS = "refused_nps"
    REFUSED_COUNTRIES = "refused_countries"
    REFUSED_BONUS = "refused_bonus"
    REFUSED_SENTIMENT = "refused_sentiment"
    REFUSED_CORRELATION = "refused_correlation"


#: What is never computed, in the order in which it is told.
REFUSED = (
    CultureKey.REFUSED_RANKING,
    CultureKey.REFUSED_PERSONS,
    CultureKey.REFUSED_TICKETS_ONLY,
    CultureKey.REFUSED_NPS,
    CultureKey.REFUSED_COUNTRIES,
    CultureKey.REFUSED_BONUS,
    CultureKey.REFUSED_SENTIMENT,
    CultureKey.REFUSED_CORRELATION,
)

_INTERVAL = {"share": Kind.SHARE, "lower": Kind.BOUND, "upper": Kind.BOUND}
_SCORE = {"score": Kind.SCORE, "lower": Kind.SCORE, "upper": Kind.SCORE}
_NEEDED = {"needed": Kind.COUNT}

_WITH_PARAMS: dict[CultureKey, dict[str, Kind]] = {
    CultureKey.MATRIX_LOWER: {"pairs": Kind.COUNT, "shown": Kind.COUNT},
    CultureKey.MATRIX_NO_EVIDENCE: {"shown": Kind.COUNT},
    CultureKey.MATRIX_HIDDEN: _NEEDED,
    CultureKey.PARTICIPATION: _INTERVAL,
    CultureKey.RESPONSIVENESS: _INTERVAL,
    CultureKey.FIRST_RESPONSE: _INTERVAL | {"hours": Kind.HOURS},
    CultureKey.TRUST: _SCORE,
    CultureKey.COOPERATION: _SCORE,
    CultureKey.COOPERATION_INDEX: _SCORE,
    CultureKey.THANKS: {"rate": Kind.RATE, "lower": Kind.RATE, "upper": Kind.RATE},
    CultureKey.LOOP_CLOSURE: _INTERVAL,
    CultureKey.MEASURES_HIDDEN: {"measures": Kind.MEASURES},
    CultureKey.DEPARTMENTS_TOO_FEW: _NEEDED,
    CultureKey.DEPARTMENTS_OVERDISPERSED: {"times": Kind.RATE},
}

#: Every key with the names and kinds of its parameters; keys without any have an empty mapping.
PARAMETERS: Mapping[CultureKey, Mapping[str, Kind]] = MappingProxyType(
    {key: MappingProxyType(_WITH_PARAMS.get(key, {})) for key in CultureKey}
)


def sentence(key: CultureKey, **params: object) -> dict[str, object]:
    """Return the sentence as a document stores it; raise IncompleteSentenceError for other parameters."""
    expected = set(PARAMETERS[key])
    if expected != set(params):
        raise IncompleteSentenceError(f"{key}: takes {sorted(expected)}, not {sorted(params)}.")
    return {"key": key.value, "params": params}
