"""The version of the program: the first heading of CHANGELOG.md, so that it is written once."""

import re
from functools import cache
from pathlib import Path

CHANGELOG = Path(__file__).resolve().parents[2] / "CHANGELOG.md"


@cache
def version() -> str:
    """Return for example `0.1.0`. Raises LookupError where the changelog has no such heading."""
    found = re.search(r"^## (\d+\.\d+\.\d+)\b", CHANGELOG.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise LookupError(f"{CHANGELOG.name} has no heading such as '## 1.2.3'")
    return found[1]
