"""Names of dimensions and reasons as people read them."""

from collections.abc import Callable, Sequence
from types import MappingProxyType

from app.domain.sentences import CoarseWord
from app.foundations.languages import gettext, ngettext, pgettext

_DIMENSIONS: MappingProxyType[str, Callable[[], str]] = MappingProxyType(
    {
        "csat_overall": lambda: pgettext("dimension", "Overall"),
        "timeliness": lambda: pgettext("dimension", "The time it took"),
        "result_quality": lambda: pgettext("dimension", "Quality of the result"),
        "communication": lambda: pgettext("dimension", "Communication along the way"),
        "effort": lambda: pgettext("dimension", "Effort"),
        "trust": lambda: pgettext("dimension", "Reliability"),
        "professionalism": lambda: pgettext("dimension", "Professional manner"),
        "cooperation": lambda: pgettext("dimension", "Cooperation"),
        "recommend": lambda: pgettext("dimension", "Recommendation"),
    }
)

_IN_A_LIST: MappingProxyType[str, Callable[[], str]] = MappingProxyType(
    {
        "csat_overall": lambda: pgettext("dimension in a list", "overall"),
        "timeliness": lambda: pgettext("dimension in a list", "the time it took"),
        "result_quality": lambda: pgettext("dimension in a list", "the quality of the result"),
        "communication": lambda: pgettext("dimension in a list", "communication along the way"),
        "effort": lambda: pgettext("dimension in a list", "effort"),
        "trust": lambda: pgettext("dimension in a list", "reliability"),
        "professionalism": lambda: pgettext("dimension in a list", "professional manner"),
        "cooperation": lambda: pgettext("dimension in a list", "cooperation"),
        "recommend": lambda: pgettext("dimension in a list", "recommendation"),
    }
)

_COARSE: MappingProxyType[CoarseWord, Callable[[], str]] = MappingProxyType(
    {
        CoarseWord.FEW: lambda: pgettext("share of people", "few"),
        CoarseWord.LESS_THAN_HALF: lambda: pgettext("share of people", "less than half"),
        CoarseWord.ABOUT_HALF: lambda: pgettext("share of people", "about half"),
        CoarseWord.MORE_THAN_HALF: lambda: pgettext("share of people", "more than half"),
        CoarseWord.MOST: lambda: pgettext("share of people", "most"),
    }
)

_VERDICTS: MappingProxyType[str, Callable[[], str]] = MappingProxyType(
    {
        "better": lambda: pgettext("verdict", "higher"),
        "worse": lambda: pgettext("verdict", "lower"),
        "no_evidence": lambda: pgettext("verdict", "cannot tell"),
        "not_comparable": lambda: pgettext("verdict", "not comparable"),
        "too_few": lambda: pgettext("verdict", "too few"),
    }
)


def dimension_name(item: str) -> str:
    """Return the name of an item; one that an installation added keeps its id."""
    return _DIMENSIONS[item]() if item in _DIMENSIONS else item


def listed_name(item: str) -> str:
    """Return the name of an item as it stands in a list inside a sentence."""
    return _IN_A_LIST[item]() if item in _IN_A_LIST else item


def coarse_name(word: CoarseWord) -> str:
    """Return the word for a share among 5 to 9 people."""
    return _COARSE[word]()


def verdict_name(verdict: str) -> str:
    """Return the word of a verdict about colleagues against customers; an unknown one is a fault of the caller."""
    return _VERDICTS[verdict]()


def no_gap_reason(verdict: str, comparability: str) -> str:
    """Return why a row has no gap, in a few words."""
    if verdict == "too_few":
        return gettext("fewer than 30 answers on one side")
    if comparability == "E":
        return gettext("the basis of the customers' figure is not known")
    if comparability == "D":
        return gettext("different questions: see each alone")
    return gettext("too few of the agreed touchpoints answered")


_PARTS: MappingProxyType[str, Callable[[], str]] = MappingProxyType(
    {
        "internal": lambda: gettext("answers of colleagues"),
        "by_requester_department": lambda: gettext("by requesting department"),
        "by_request_type": lambda: gettext("by type of request"),
        "by_on_time": lambda: gettext("by the clock"),
        "by_reopened": lambda: gettext("by whether it was opened again"),
        "by_requester_history": lambda: gettext("by new and returning requesters"),
        "by_requester_tag": lambda: gettext("by key requesters"),
        "trend": lambda: gettext("earlier quarters"),
        "trend_months": lambda: gettext("single months"),
        "comments": lambda: gettext("comments"),
        "loop": lambda: gettext("contacts after low ratings"),
        "change": lambda: gettext("comparison with the quarter before"),
        "drivers": lambda: gettext("what matters most"),
        "themes": lambda: gettext("some of the reasons and themes"),
        "sla": lambda: gettext("on time or late"),
        "funnel": lambda: gettext("small counts of requests"),
    }
)


def suppressed_names(whats: Sequence[str]) -> list[str]:
    """Name the hidden parts of a document; values of one cut (`by_requester_department:FIN`) stand in one line."""
    found: dict[str, list[str]] = {}
    for what in whats:
        part, _, value = what.removeprefix("internal.").partition(":")
        found.setdefault(part, []).extend([_value_name(part, value)] if value else [])
    return [_with_values(part, values) for part, values in found.items()]


def _with_values(part: str, values: list[str]) -> str:
    if not values:
        return _part_name(part)
    if part == "by_requester_department":  # the document holds codes of departments, which tell a reader nothing
        named = ngettext("%(num)s department", "%(num)s departments", len(values))
    else:
        named = ", ".join(values)
    return f"{_part_name(part)}: {named}"


def _part_name(part: str) -> str:
    return _PARTS[part]() if part in _PARTS else dimension_name(part)


def _value_name(part: str, value: str) -> str:
    words = {
        ("by_on_time", "yes"): gettext("done on time"),
        ("by_on_time", "no"): gettext("done late"),
        ("by_reopened", "yes"): gettext("opened again after completion"),
        ("by_reopened", "no"): gettext("done at the first attempt"),
        ("by_requester_history", "first_time"): gettext("no request in the year before"),
        ("by_requester_history", "returning"): gettext("asked in the year before, too"),
        ("by_requester_tag", "key"): gettext("key requesters"),
        ("by_requester_tag", "other"): gettext("all others"),
    }
    return gettext("not known") if value == "unknown" else words.get((part, value), value)
