"""Take names, addresses and numbers out of a comment before it is kept. Over-redaction is accepted."""

import re
from collections.abc import Collection, Iterable

NAME = "[name]"
ADDRESS = "[address]"
NUMBER = "[number]"
SHORTEST_STEM_NAME = 4  # letters; shorter names are matched exactly
ENDING = 2  # letters a case ending may change (ru, pl)

_MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_TICKET = re.compile(r"\b[A-ZА-ЯЁ]{2,10}[-_ #]?\d{2,}\b")
_DIGITS = re.compile(r"[+(]?\d[\d\s()/.-]{3,}\d|\d{4,}|#\d+")
_WORD = re.compile(r"[^\W\d_]+")


def redact(text: str, names: Iterable[str]) -> str:
    """Return the comment with addresses, links, ids, long numbers and staff names replaced by their kind.

    A first or last name of four letters or more matches every word that shares all but its last two letters, in any
    case; shorter names match exactly.
    """
    plain = _LINK.sub(ADDRESS, _MAIL.sub(ADDRESS, text))
    plain = _DIGITS.sub(NUMBER, _TICKET.sub(NUMBER, plain))
    exact, stems = _patterns(names)
    return _WORD.sub(lambda match: NAME if _is_name(match[0], exact, stems) else match[0], plain)


def _patterns(names: Iterable[str]) -> tuple[set[str], set[str]]:
    exact, stems = set(), set()
    for name in names:
        for part in _WORD.findall(name.casefold()):
            if len(part) >= SHORTEST_STEM_NAME:
                stems.add(part[:-ENDING])
            elif len(part) > 1:
                exact.add(part)
    return exact, stems


def _is_name(word: str, exact: Collection[str], stems: Collection[str]) -> bool:
    folded = word.casefold()
    if folded in {"name", "address", "number"}:
        return False  # our own marks
    if folded in exact:
        return True
    lengths = range(max(2, len(folded) - 2 * ENDING), len(folded) + 1)
    return len(folded) >= SHORTEST_STEM_NAME - 1 and any(folded[:length] in stems for length in lengths)
