"""The words of a survey version as JSON, both ways: what may be worded anew, and what is wrong with a new wording.

What we promise and what people consent to is not among it: confidentiality, the notice about comments and the consent
say what the program does (docs/decisions/0046-what-a-survey-promises-cannot-be-reworded.md).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from string import Formatter
from types import MappingProxyType
from typing import Any

from app.domain.instruments.items import GRID, ROTATING, Item, Reason
from app.domain.instruments.wordings import WORDINGS, Wording

LONGEST = 300  # characters of a question
LONGEST_LABEL = 60  # of a point, a row or a reason: it stands in a cell of a phone's screen
SOFT_HYPHEN = "\u00ad"


class WordingProblem(StrEnum):
    """What can be wrong with a text."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    NOT_ONE_LINE = "not_one_line"
    UNKNOWN_PLACE = "unknown_place"  # braces that nothing is filled into
    PLACE_MISSING = "place_missing"
    TWICE = "twice"  # two points or two reasons with the same words


@dataclass(frozen=True)
class WordingFault:
    """A text that cannot stand: its field, the problem, and what the sentence about it needs."""

    field: str
    problem: WordingProblem
    params: Mapping[str, object]


class WordingError(ValueError):
    """Words cannot stand in a survey; `faults` names every text."""

    def __init__(self, faults: Iterable[WordingFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.field}: {fault.problem}" for fault in self.faults))


@dataclass(frozen=True)
class Text:
    """One text of a wording. `places` may stand in it in braces; those in `needed` have to."""

    longest: int
    places: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()
    among: str = ""  # texts of the same set must differ


def _points(name: str) -> dict[str, Text]:
    return {f"{name}.{point}": Text(LONGEST_LABEL, among=name) for point in range(1, 6)}


_DEPARTMENT, _ROW = frozenset({"d"}), frozenset({"row"})

#: Every text that may be worded anew, in the order of the page. Points are numbered from the lowest.
TEXTS: Mapping[str, Text] = MappingProxyType(
    {
        "csat_overall": Text(LONGEST),
        **_points("csat_labels"),
        "grid_stem": Text(LONGEST),
        "grid_question": Text(LONGEST, _ROW, _ROW),
        **{f"grid_rows.{item}": Text(LONGEST_LABEL, among="grid_rows") for item in GRID},
        **_points("grid_labels"),
        "not_applicable": Text(LONGEST_LABEL),
        **{f"statements.{item}": Text(LONGEST, _DEPARTMENT) for item in ROTATING},
        **_points("agree_labels"),
        **{f"reasons.{reason}": Text(LONGEST_LABEL, among="reasons") for reason in Reason},
        "kudos": Text(LONGEST_LABEL),
        "comment": Text(LONGEST),
        "comment_hint": Text(LONGEST),
    }
)


def words_to_json(words: Wording) -> dict[str, str]:
    """Return every text that may be worded anew, by field."""
    return {name: _part(words, name) for name in TEXTS}


def words_from_json(language: str, document: Mapping[str, Any]) -> Wording:
    """Return the words in a language: those of the document, and what it may not say in the first version's words.

    Raises WordingError with every fault.
    """
    texts = {name: str(document.get(name, "")) for name in TEXTS}
    if faults := list(faults_of(texts)):
        raise WordingError(faults)
    first = WORDINGS[language]
    changes: dict[str, Any] = {}
    for name, text in texts.items():
        attribute, _, key = name.partition(".")
        if not key:
            changes[attribute] = text
        elif key.isdecimal():
            changes.setdefault(attribute, []).append(text)
        else:
            changes.setdefault(attribute, {})[_key(attribute)(key)] = text
    told: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in changes.items()}
    return replace(first, **told)


def faults_of(texts: Mapping[str, str]) -> Iterable[WordingFault]:
    """Yield what is wrong with a wording, the first fault of each text."""
    seen: dict[tuple[str, str], str] = {}
    for name, rule in TEXTS.items():
        text = texts.get(name, "")
        fault = _fault(name, text, rule)
        if fault is None and rule.among:
            told = (rule.among, _plain(text))
            if told in seen:
                fault = WordingFault(name, WordingProblem.TWICE, {"text": text})
            seen[told] = name
        if fault is not None:
            yield fault


def _fault(name: str, text: str, rule: Text) -> WordingFault | None:
    if not _plain(text):
        return WordingFault(name, WordingProblem.MISSING, {})
    if len(text) > rule.longest:
        return WordingFault(name, WordingProblem.TOO_LONG, {"over": len(text) - rule.longest, "limit": rule.longest})
    if not text.replace(SOFT_HYPHEN, "").isprintable():
        return WordingFault(name, WordingProblem.NOT_ONE_LINE, {})
    places = _places(text)
    if places is None or places - rule.places:
        return WordingFault(name, WordingProblem.UNKNOWN_PLACE, {"known": _named(rule.places)})
    if rule.needed - places:
        return WordingFault(name, WordingProblem.PLACE_MISSING, {"place": _named(rule.needed - places)})
    return None


def _places(text: str) -> frozenset[str] | None:
    """Return the names in braces; None for braces that Python cannot read or that say more than a name."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return None
    if any(spec or conversion for _, _, spec, conversion in parts) or "{{" in text or "}}" in text:
        return None
    return frozenset(name for _, name, _, _ in parts if name is not None)


def _named(places: Iterable[str]) -> str:
    return ", ".join(f"{{{place}}}" for place in sorted(places))


def _plain(text: str) -> str:
    return " ".join(text.replace(SOFT_HYPHEN, "").casefold().split())


def _part(words: Wording, name: str) -> str:
    attribute, _, key = name.partition(".")
    value = getattr(words, attribute)
    if not key:
        return str(value)
    return str(value[int(key) - 1] if key.isdecimal() else value[_key(attribute)(key)])


def _key(attribute: str) -> Callable[[str], Any]:
    return Reason if attribute == "reasons" else Item
