"""Take names, addresses and numbers out of a comment before it is kept. Over-redaction is accepted."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

NAME = "[name]"
ADDRESS = "[address]"
NUMBER = "[number]"
SHORTEST_STEM_NAME = 4  # letters; shorter names are matched exactly
ENDING = 2  # letters a case ending may change (ru, pl)

# Begins at a word's beginning only, or time grows by its square.
_MAIL = re.compile(r"(?<![^\s@<>])[^\s@<>]+@[^\s@<>]+")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_TICKET = re.compile(r"\b[A-ZА-ЯЁ]{2,10}[-_ #]?\d{2,}\b")
_DIGITS = re.compile(r"[+(]?\d[\d\s()/.-]{3,}\d|\d{4,}|#\d+")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Names:
    """The names of staff, prepared once for any number of comments: whole short ones, and the stems of the others."""

    exact: frozenset[str]
    stems: frozenset[str]

    @classmethod
    def of(cls, names: Iterable[str]) -> "Names":
        """Prepare full names."""
        parts = {part for name in names for part in _WORD.findall(name.casefold())}
        long = {part for part in parts if len(part) >= SHORTEST_STEM_NAME}
        short = {part for part in parts - long if len(part) > 1}
        return cls(frozenset(short), frozenset(part[:-ENDING] for part in long))


def redact(text: str, names: Names) -> str:
    """Return the comment with addresses, links, ids, long numbers and staff names replaced by their kind.

    A first or last name of four letters or more matches every word that shares all but its last two letters, in any
    case; shorter names match exactly.
    """
    plain = _LINK.sub(ADDRESS, _MAIL.sub(ADDRESS, text))
    plain = _DIGITS.sub(NUMBER, _TICKET.sub(NUMBER, plain))
    return _WORD.sub(lambda match: NAME if _is_name(match[0], names) else match[0], plain)


def _is_name(word: str, names: Names) -> bool:
    folded = word.casefold()
    if folded in {"name", "address", "number"}:
        return False  # our own marks
    if folded in names.exact:
        return True
    lengths = range(max(2, len(folded) - 2 * ENDING), len(folded) + 1)
    return len(folded) >= SHORTEST_STEM_NAME - 1 and any(folded[:length] in names.stems for length in lengths)
