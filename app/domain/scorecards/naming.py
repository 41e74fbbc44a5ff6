"""How the file of a frozen document is called, wherever it is handed out."""

import re
from collections.abc import Mapping
from typing import Any

_RISKY = re.compile(r"[^\w.&+-]")  # slashes, blanks, quotation marks: no part of a file name on every system


def file_name(document: Mapping[str, Any], ending: str = "pdf") -> str:
    """Return `ITDESK-2026-Q3-r1.pdf`: the same in mail, mailbox and page; HR's document is `culture-2026-Q3-r1.pdf`."""
    code = _RISKY.sub("-", document["department"]["code"]) if "department" in document else "culture"
    return f"{code}-{document['period']}-r{document['revision']}.{ending}"
