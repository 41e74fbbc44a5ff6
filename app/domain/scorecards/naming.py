"""How the file of a scorecard is called, wherever it is handed out."""

import re
from collections.abc import Mapping
from typing import Any

_RISKY = re.compile(r"[^\w.&+-]")  # slashes, blanks, quotation marks: no part of a file name on every system


def pdf_name(document: Mapping[str, Any]) -> str:
    """Return `ITDESK-2026-Q3-r1.pdf`: the same in mail, mailbox and page."""
    code = _RISKY.sub("-", document["department"]["code"])
    return f"{code}-{document['period']}-r{document['revision']}.pdf"
