"""Characters that nobody reads and that stop whoever prints them: found, or taken out."""

import re

# Controls but tab and line ends (a PDF/UA refuses some, a terminal obeys others); the two overrides by which text
# reads other than it is written, and the embeddings that nobody closes; halves of surrogate pairs, which no file holds.
_UNREADABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]|\r(?!\n)")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85]")


def unreadable_in(text: str) -> str | None:
    """Return the code of the first character that nobody reads, such as `U+007F`, or None."""
    found = _UNREADABLE.search(text)
    return f"U+{ord(found[0]):04X}" if found else None


def readable(text: str) -> str:
    """Return the text without such characters, each line end written as a line feed."""
    return _UNREADABLE.sub("", _LINE_ENDS.sub("\n", text))
