"""Themes with their stems, and the words that make a comment one for a person to read first."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from app.domain.redaction.alphabets import folded

MOST_THEMES = 12
FALLBACK = "en"
_WORD = re.compile(r"[^\W\d_]+")

Stems = Mapping[str, tuple[str, ...]]  # by language


@dataclass(frozen=True)
class Theme:
    """Something comments are about, with its name and its word stems by language."""

    code: str
    names: Mapping[str, str]
    stems: Stems = field(default_factory=dict)

    def name(self, language: str) -> str:
        """Return what the theme is called in a language, or in English."""
        return self.names.get(language) or self.names[FALLBACK]


@dataclass(frozen=True)
class Codebook:
    """A version of the themes, and stems of sensitive words by language."""

    themes: tuple[Theme, ...]
    sensitive: Stems = field(default_factory=dict)

    def theme(self, code: str) -> Theme | None:
        """Return the theme with a code, or None."""
        return next((theme for theme in self.themes if theme.code == code), None)

    def proposed(self, text: str) -> tuple[str, ...]:
        """Return the codes of themes whose stem begins a word of the text, in the codebook's order.

        Words are compared case-folded and without accents, in all languages: people write in other ones than they
        were asked in.
        """
        words = _words(text)
        return tuple(code for code, stems in self._stems.items() if _any_begins(words, stems))

    def is_sensitive(self, text: str) -> bool:
        """Tell whether a word of the text begins with a sensitive stem: no such comment is shown unread."""
        return _any_begins(_words(text), self._sensitive)

    @cached_property
    def _stems(self) -> dict[str, tuple[str, ...]]:
        return {theme.code: _folded(_flat(theme.stems)) for theme in self.themes}

    @cached_property
    def _sensitive(self) -> tuple[str, ...]:
        return _folded(_flat(self.sensitive))


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(folded(text)))


def _flat(stems: Stems) -> Iterator[str]:
    for found in stems.values():
        yield from found


def _folded(stems: Iterable[str]) -> tuple[str, ...]:
    return tuple(folded(stem) for stem in stems)


def _any_begins(words: frozenset[str], stems: tuple[str, ...]) -> bool:
    return any(word.startswith(stems) for word in words)
