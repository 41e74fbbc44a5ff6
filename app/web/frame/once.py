"""What a press brought about and no table holds: it leads to a page that shows it for a while in this browser.

A new secret, an address looked up, what an erasure took along. It is sealed in the cookie, so that only the server can
open it, and loading the page again neither does anything a second time nor loses what the first time brought.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import request, session

from app.foundations.crypto import UnreadableSecret
from app.web.frame import staff as frame
from app.web.frame.cookie import ONCE
from app.web.frame.installation import keys, now

SHOWN_FOR = timedelta(minutes=10)


def hand_over(path: str, found: Mapping[str, Any]) -> None:
    """Let the page at `path` show these JSON values to whoever is signed in here; the last ones count."""
    told = {
        "path": path,
        "for": frame.viewer().email,
        "until": (now() + SHOWN_FOR).isoformat(),
        "found": dict(found),
    }
    session[ONCE] = keys().seal(json.dumps(told).encode()).decode()


def handed_over(path: str | None = None) -> Mapping[str, Any]:
    """Return what this page (or the one at `path`) may show, by name.

    Nothing where it was too long ago, elsewhere or for somebody else.
    """
    try:
        told = json.loads(keys().unseal(session.get(ONCE, "").encode()))
    except UnreadableSecret:  # none was handed over, or under a key of the installation that is gone
        return {}
    if (told["path"], told["for"]) != (path or request.path, frame.viewer().email):
        return {}
    found: dict[str, Any] = told.get("found", {})  # a cookie of an earlier version has none
    return found if now() < datetime.fromisoformat(told["until"]) else {}
