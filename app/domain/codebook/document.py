"""The codebook as JSON, checked field by field: every fault is told at once, with where it stands."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.domain.characters import readable
from app.domain.codebook.builtin import DEFAULT
from app.domain.codebook.themes import FALLBACK, MOST_THEMES, Codebook, Theme

LANGUAGES = ("en", "ru", "pl", "de", "es")
SHORTEST_STEM, LONGEST_STEM = 3, 40  # letters
MOST_STEMS = 200  # of a theme in one language, and of sensitive words
LONGEST_NAME = 60  # characters: what a line of the printed scorecard holds
_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}\Z")
_LETTERS = re.compile(r"[^\W\d_]+\Z")


class CodebookProblem(StrEnum):
    """What can be wrong with a field."""

    NOT_AN_OBJECT = "not_an_object"
    NOT_A_LIST = "not_a_list"
    NOT_A_TEXT = "not_a_text"
    UNKNOWN_FIELD = "unknown_field"
    UNKNOWN_LANGUAGE = "unknown_language"
    NO_THEME = "no_theme"
    TOO_MANY_THEMES = "too_many_themes"
    NOT_A_CODE = "not_a_code"
    CODE_TWICE = "code_twice"
    NO_ENGLISH_NAME = "no_english_name"
    NOT_A_NAME = "not_a_name"
    NAME_TWICE = "name_twice"
    TOO_MANY_STEMS = "too_many_stems"
    NOT_A_STEM = "not_a_stem"


@dataclass(frozen=True)
class CodebookFault:
    """One wrong field, by its path: `themes[2].stems.de[0]`."""

    field: str
    problem: CodebookProblem
    value: object = None


class CodebookError(ValueError):
    """The document is no codebook; `faults` names every wrong field."""

    def __init__(self, faults: list[CodebookFault]) -> None:
        super().__init__("; ".join(f"{fault.field}: {fault.problem.value}" for fault in faults))
        self.faults = faults


def codebook_to_json(codebook: Codebook) -> dict[str, Any]:
    """Return the codebook as `flask themes import` takes it."""
    return {
        "themes": [
            {"code": theme.code, "names": dict(theme.names), "stems": _lists(theme.stems)} for theme in codebook.themes
        ],
        "sensitive": _lists(codebook.sensitive),
    }


def codebook_from_json(document: object) -> Codebook:
    """Read a codebook. Raises CodebookError with every fault.

    The sensitive words that come with Parity always hold; those of the document are added to them.
    """
    return _codebook(document, _Reader())


def stored_codebook(document: object) -> Codebook:
    """Read a published codebook: its names are made fit to print, since what is in force cannot be refused any more.

    Raises CodebookError for what was never one.
    """
    return _codebook(document, _Reader(is_stored=True))


def _codebook(document: object, reader: "_Reader") -> Codebook:
    fields = reader.mapping("", document, {"themes", "sensitive"})
    entries = reader.list("themes", fields.get("themes", []))
    themes = [reader.theme(f"themes[{number}]", entry) for number, entry in enumerate(entries[:MOST_THEMES])]
    reader.refuse_same_names(themes)
    if not entries:
        reader.note("themes", CodebookProblem.NO_THEME)
    if len(entries) > MOST_THEMES:
        reader.note("themes", CodebookProblem.TOO_MANY_THEMES, len(entries))
    sensitive = reader.stems("sensitive", fields.get("sensitive", {}))
    if reader.faults:
        raise CodebookError(reader.faults)
    together = {
        language: tuple(dict.fromkeys((*DEFAULT.sensitive.get(language, ()), *sensitive.get(language, ()))))
        for language in LANGUAGES
    }
    return Codebook(tuple(themes), together)


@dataclass
class _Reader:
    is_stored: bool = False
    faults: list[CodebookFault] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)

    def note(self, where: str, problem: CodebookProblem, value: object = None) -> None:
        self.faults.append(CodebookFault(where, problem, value))

    def mapping(self, where: str, value: object, known: set[str]) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            self.note(where, CodebookProblem.NOT_AN_OBJECT, value)
            return {}
        for name in value.keys() - known:
            self.note(f"{where}.{name}".lstrip("."), CodebookProblem.UNKNOWN_FIELD, name)
        return value

    def list(self, where: str, value: object) -> list[Any]:
        if isinstance(value, list):
            return value
        self.note(where, CodebookProblem.NOT_A_LIST, value)
        return []

    def theme(self, where: str, value: object) -> Theme:
        fields = self.mapping(where, value, {"code", "names", "stems"})
        code = fields.get("code")
        if not isinstance(code, str) or not _CODE.match(code):
            self.note(f"{where}.code", CodebookProblem.NOT_A_CODE, code)
        elif code in self.codes:
            self.note(f"{where}.code", CodebookProblem.CODE_TWICE, code)
        self.codes.add(str(code))
        names = self._names(f"{where}.names", fields.get("names", {}))
        return Theme(str(code), names, self.stems(f"{where}.stems", fields.get("stems", {})))

    def _names(self, where: str, value: object) -> dict[str, str]:
        names = self._by_language(where, value)
        for language, name in names.items():
            if not isinstance(name, str) or not name.strip():
                self.note(f"{where}.{language}", CodebookProblem.NOT_A_TEXT, name)
            elif not self.is_stored and (len(name.strip()) > LONGEST_NAME or not name.strip().isprintable()):
                self.note(f"{where}.{language}", CodebookProblem.NOT_A_NAME, name)
        if FALLBACK not in names:
            self.note(f"{where}.{FALLBACK}", CodebookProblem.NO_ENGLISH_NAME)
        return {language: _line(str(name)) for language, name in names.items()}

    def refuse_same_names(self, themes: Iterable[Theme]) -> None:
        """Refuse two themes that are called the same in a language, its own names and English ones that stand in."""
        taken: set[tuple[str, str]] = set()
        for number, theme in enumerate(() if self.is_stored else themes):
            called = {(language, _called(theme, language).casefold()) for language in LANGUAGES}
            for language, _ in sorted(called & taken, key=lambda found: LANGUAGES.index(found[0]))[:1]:
                name = _called(theme, language)
                self.note(f"themes[{number}].names.{language}", CodebookProblem.NAME_TWICE, name)
            taken |= {(language, name) for language, name in called if name}

    def stems(self, where: str, value: object) -> dict[str, tuple[str, ...]]:
        found = {}
        for language, entries in self._by_language(where, value).items():
            stems = self.list(f"{where}.{language}", entries)
            if len(stems) > MOST_STEMS and not self.is_stored:
                self.note(f"{where}.{language}", CodebookProblem.TOO_MANY_STEMS, len(stems))
                stems = []
            for number, stem in enumerate(stems):
                if not self._is_stem(stem):
                    self.note(f"{where}.{language}[{number}]", CodebookProblem.NOT_A_STEM, stem)
            found[language] = tuple(str(stem).casefold() for stem in stems)
        return found

    def _is_stem(self, stem: object) -> bool:
        if not isinstance(stem, str) or not _LETTERS.match(stem):
            return False
        return len(stem) >= SHORTEST_STEM and (self.is_stored or len(stem) <= LONGEST_STEM)

    def _by_language(self, where: str, value: object) -> dict[str, Any]:
        if not isinstance(value, dict):
            self.note(where, CodebookProblem.NOT_AN_OBJECT, value)
            return {}
        for language in value.keys() - set(LANGUAGES):
            self.note(f"{where}.{language}", CodebookProblem.UNKNOWN_LANGUAGE, language)
        return value


def _line(name: str) -> str:
    return " ".join(readable(name).split())[:LONGEST_NAME].strip()


def _called(theme: Theme, language: str) -> str:
    return theme.names.get(language) or theme.names.get(FALLBACK, "")


def _lists(stems: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {language: list(found) for language, found in stems.items()}
