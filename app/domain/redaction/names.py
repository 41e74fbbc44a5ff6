"""The names of staff, found in whatever case ending, alphabet or joining they are written."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.domain.redaction.alphabets import folded, is_cyrillic, skeleton, skeletons, spellings
from app.domain.redaction.marks import NAME
from app.domain.redaction.short_forms import short_forms
from app.domain.redaction.usual_words import USUAL_WORDS

SHORTEST_STEM_NAME = 4  # letters; shorter names are matched exactly
ENDING = 2  # letters a case ending may change (ru, pl)
LONGEST_ENDING = 6  # letters after the stem, and at most two more than the stem has: No-wej, Now-akowi, Wiśniews-kiego
LONGEST_WORD = 60  # letters, for what is joined; longer ones are no words
_LOGIN_NAME = 5  # letters of a last name behind one or two of the first name
_LATIN_WITH_DOT = {"ps", "nb", "zb", "us", "eu", "tk", "td"}  # P.S., Z.B., U.S. … are no initials

_WORD = re.compile(r"[^\W\d_]+")
_SPACED = re.compile(r"(?<![^\W_])(?:[^\W\d_][ ._*-]){3,40}[^\W\d_](?![^\W_])")
_INITIALS = re.compile(r"(?<![^\W_])([^\W\d_])\.[ -]?([^\W\d_])\.")
_BESIDE = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.[ -]?){1,2}(?=\[name\])|(?<=\[name\])(?:,? [^\W\d_]\.)(?: ?[^\W\d_]\.)?")


@dataclass(frozen=True)
class Names:
    """The names of staff, prepared once for any number of comments."""

    whole: frozenset[str]  # every name, folded
    stems: frozenset[str]
    sounds: frozenset[str]  # stems of names of one alphabet as they sound, for words of the other
    whole_sounds: frozenset[str]
    initials: frozenset[str]

    @classmethod
    def of(cls, names: Iterable[str]) -> "Names":
        """Prepare full names."""
        known = set(names)
        parts = {part for name in known for part in _WORD.findall(name) if len(part) > 1}
        parts |= {short for part in parts for short in short_forms(folded(part))}
        whole = {spelling for part in parts for spelling in spellings(part)}
        sounds = {("c" if is_cyrillic(part) else "l") + sound for part in parts for sound in skeletons(part)}
        stems = {part[:-ENDING] for part in whole if len(part) >= SHORTEST_STEM_NAME}
        stems |= {part[:-1] for part in whole if len(part) == SHORTEST_STEM_NAME}  # Igor-owi
        return cls(
            frozenset(whole),
            frozenset(stems),
            frozenset(sound[:-ENDING] for sound in sounds if len(sound) > SHORTEST_STEM_NAME),
            frozenset(sounds),
            frozenset(pair for name in known for pair in _initials_of(name)),
        )

    def taken_out_of(self, text: str) -> str:
        """Return the text with every name, and initials beside or instead of one, replaced by their mark."""
        plain = _SPACED.sub(self._spaced, text)
        plain = _INITIALS.sub(self._initials, plain)
        names = {word for word in set(_WORD.findall(plain)) if self.holds(word)}
        plain = _WORD.sub(lambda found: NAME if found[0] in names else found[0], plain)
        return _BESIDE.sub("", plain)

    def found_in(self, text: str) -> list[str]:
        """Return the words of a text that are names, each once, in their order."""
        return [word for word in dict.fromkeys(_WORD.findall(text)) if self.holds(word)]

    def holds(self, word: str) -> bool:
        """Tell whether a word is a name: as it is, with a case ending, in the other alphabet, or in a login."""
        plain = folded(word)
        if plain in {"name", "address", "number"}:
            return False  # our own marks
        if plain in self.whole:
            return True
        if word.casefold() in USUAL_WORDS or (word.islower() and plain in USUAL_WORDS):
            return False
        return _begins(plain, self.stems) or self._sounds(word) or self._is_login(plain)

    def _sounds(self, word: str) -> bool:
        other = "l" if is_cyrillic(word) else "c"
        sound = other + skeleton(word)
        return sound in self.whole_sounds or _begins(sound, self.sounds, extra=1)

    def _is_login(self, plain: str) -> bool:
        if len(plain) > LONGEST_WORD:
            return False
        behind = (plain[1:], plain[2:])
        if any(len(rest) >= _LOGIN_NAME and rest in self.whole for rest in behind):
            return True
        places = range(2, len(plain) - 1)
        return any(plain[:place] in self.whole and plain[place:] in self.whole for place in places)

    def _spaced(self, found: re.Match[str]) -> str:
        joined = "".join(_WORD.findall(found[0]))
        return NAME if self.holds(joined) else found[0]

    def _initials(self, found: re.Match[str]) -> str:
        pair = found[1] + found[2]
        is_known = pair.isupper() and folded(pair) not in _LATIN_WITH_DOT and folded(pair) in self.initials
        return NAME if is_known else found[0]


def _begins(plain: str, stems: frozenset[str], *, extra: int = 0) -> bool:
    """Tell whether a word is a stem with an ending; `extra` signs before the stem are none of its letters."""
    length = len(plain)
    if length < SHORTEST_STEM_NAME - 1 + extra:
        return False
    sizes = range(max(2 + extra, length - LONGEST_ENDING), length + 1)
    return any(length - size <= size - extra + ENDING and plain[:size] in stems for size in sizes)


def _initials_of(name: str) -> Iterator[str]:
    letters = [folded(part)[:1] for part in _WORD.findall(name)]
    if len(letters) > 1:
        yield letters[0] + letters[-1]
        yield letters[-1] + letters[0]
        yield letters[0] + letters[1]
