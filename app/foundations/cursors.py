"""Where the next page of a list begins: the values of the last row shown, as one word for an address.

A list is read from there on by its index, so its last page costs what its first does. The word is no secret and no
promise: whoever changes it begins elsewhere in a list that they may read anyway.
"""

import base64
import binascii
import json
from collections.abc import Sequence

LONGEST = 2000  # characters; the values of a row are shorter
_LARGEST = 2**63 - 1  # both databases' whole numbers end here


def encode(*parts: str | int) -> str:
    """Return the values as base64url (RFC 4648) of their JSON, without padding."""
    text = json.dumps(parts, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def decode(text: str, kinds: Sequence[type[str] | type[int]]) -> tuple[str | int, ...] | None:
    """Return what `encode` was given, if it has these kinds; None for anything that `encode` would not have written."""
    if len(text) > LONGEST:
        return None
    try:
        parts = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, RecursionError, ValueError):
        return None
    if not isinstance(parts, list) or [type(part) for part in parts] != list(kinds):
        return None
    return tuple(parts) if all(_is_storable(part) for part in parts) and encode(*parts) == text else None


def _is_storable(part: str | int) -> bool:
    if isinstance(part, int):
        return abs(part) <= _LARGEST
    return "\0" not in part and not any("\ud800" <= character <= "\udfff" for character in part)
