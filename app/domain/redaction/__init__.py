"""Take names, addresses and numbers out of a comment before it is kept. Over-redaction is accepted."""

from app.domain.redaction.marks import ADDRESS, MARKS, NAME, NUMBER
from app.domain.redaction.names import Names
from app.domain.redaction.patterns import without_addresses_and_numbers

__all__ = ["ADDRESS", "MARKS", "NAME", "NUMBER", "Names", "redact"]


def redact(text: str, names: Names) -> str:
    """Return the comment with addresses, links, ids, long numbers and staff names replaced by their kind.

    A first or last name of four letters or more matches every word that shares all but its last two letters, in any
    case, alphabet and without its accents; shorter names match exactly. Time grows with the length, not by its square.
    """
    return names.taken_out_of(without_addresses_and_numbers(text))
