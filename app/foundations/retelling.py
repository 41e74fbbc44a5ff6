"""Reasons that were stored in English, said again in the language of the moment.

Why a delivery was refused, a poll failed or a score was left out is kept as the English sentence that log, API and
commands print. A page knows it again by the words that stay the same, takes out what filled its places, and says it
anew; one that it does not know stands as it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from app.foundations.languages import SOURCE_LANGUAGE, gettext, messages_of, ngettext, spoken

_PLACE = re.compile(r"%\((\w+)\)s")
_FIELD = re.compile(r"(?P<field>[\w.\[\]*-]+): (?P<rest>.+)", re.DOTALL)
FEWEST_LETTERS = 6  # that stay the same: "%(name)s: %(problem)s" would know everything again
FEWEST_WORDS = 3  # of a place that may itself hold a sentence; a word may be a value, which is nobody's to translate


@dataclass(frozen=True)
class _Known:
    """A sentence with places, as it is known again."""

    message: str
    plural: str  # empty where it has none
    longest: str  # the longest part that stays the same
    letters: int
    pattern: re.Pattern[str]


def retold(sentence: str) -> str:
    """Return a stored English sentence in the language of the moment; several are parted by semicolons."""
    return sentence if spoken() == SOURCE_LANGUAGE else _retold(sentence, spoken())


@lru_cache(maxsize=1024)
def _retold(sentence: str, language: str) -> str:
    said = gettext(sentence)
    if said != sentence:
        return said
    for one in _known(language):
        if one.longest in sentence and (found := one.pattern.fullmatch(sentence)):
            return _said(one, found.groupdict(), language)
    pieces = sentence.split("; ")
    if len(pieces) > 1:
        return "; ".join(_retold(piece, language) for piece in pieces)
    if found := _FIELD.fullmatch(sentence):
        return f"{found['field']}: {_retold(found['rest'], language)}"
    return sentence


def _said(one: _Known, places: dict[str, str], language: str) -> str:
    told = {
        name: _retold(value, language) if len(value.split()) >= FEWEST_WORDS else value
        for name, value in places.items()
    }
    if not one.plural:
        return gettext(one.message, **told)
    number = told.pop("num")
    return ngettext(one.message, one.plural, int(number), **told) if number.isdecimal() else gettext(one.message)


@cache
def _known(language: str) -> tuple[_Known, ...]:
    """Return the sentences with places of a language's catalogues, those first of which most stays the same."""
    found = [one for message in messages_of(language) for one in _forms(message)]
    return tuple(sorted(found, key=lambda one: -one.letters))


def _forms(message: tuple[str, str]) -> Iterator[_Known]:
    singular, plural = message
    for form in filter(None, (singular, plural)):
        parts = _PLACE.split(form.replace("%%", "%"))
        fixed = parts[::2]
        letters = sum(letter.isalpha() for part in fixed for letter in part)
        if len(parts) > 1 and letters >= FEWEST_LETTERS:
            yield _Known(singular, plural, max(fixed, key=len), letters, _pattern(parts))


def _pattern(parts: list[str]) -> re.Pattern[str]:
    text, seen = re.escape(parts[0]), set[str]()
    for name, fixed in zip(parts[1::2], parts[2::2], strict=True):
        text += f"(?P={name})" if name in seen else f"(?P<{name}>.+?)"
        text += re.escape(fixed)
        seen.add(name)
    return re.compile(text, re.DOTALL)
