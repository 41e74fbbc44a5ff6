"""PHP's way to write an object as a form: `data[FIELDS_AFTER][ID]=7`, with brackets encoded or not."""

import re
from typing import Any
from urllib.parse import parse_qsl, urlencode

DEEPEST = 8
MOST_FIELDS = 2000
_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")


def read_form(body: bytes) -> dict[str, Any]:
    """Return the object that a form writes; names that are none are left out. Raises ValueError for too many fields."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS):
        match = _NAME.fullmatch(name.strip())
        if match is None:
            continue
        steps = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
        if len(steps) <= DEEPEST:
            _place(found, steps, value)
    return found


def _place(found: dict[str, Any], steps: list[str], value: str) -> None:
    for step in steps[:-1]:
        inner = found.setdefault(step or str(len(found)), {})
        if not isinstance(inner, dict):
            return
        found = inner
    found.setdefault(steps[-1] or str(len(found)), value)


def without(body: bytes, prefix: str, kept: frozenset[str]) -> bytes:
    """Return a form without the fields under `prefix[…]`, but for those in `kept`."""
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    spared = [
        (name, value)
        for name, value in pairs
        if not name.strip().startswith(f"{prefix}[") or name.strip()[len(prefix) + 1 :].rstrip("]") in kept
    ]
    return urlencode(spared).encode()
