"""Secrets that are shown once: the press that makes one leads to a page, which shows it for a while in this browser.

Sealed in the cookie, so no table holds it, only the server can open it, and loading the page again neither asks for a
second secret nor loses the first.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from flask import request, session

from app.foundations.crypto import UnreadableSecret
from app.web import staff_frame as frame
from app.web.cookie import ONCE
from app.web.survey_frame import keys, now

SHOWN_FOR = timedelta(minutes=10)


def hand_over(path: str, secrets: Mapping[str, str]) -> None:
    """Let the page at `path` show these secrets to whoever is signed in here, for `SHOWN_FOR`; the last ones count."""
    told = {
        "path": path,
        "for": frame.viewer().email,
        "until": (now() + SHOWN_FOR).isoformat(),
        "secrets": dict(secrets),
    }
    session[ONCE] = keys().seal(json.dumps(told).encode()).decode()


def handed_over() -> Mapping[str, str]:
    """Return what this page may show, by name; nothing where it was too long ago, elsewhere or for somebody else."""
    try:
        told = json.loads(keys().unseal(session.get(ONCE, "").encode()))
    except UnreadableSecret:  # none was handed over, or under a key of the installation that is gone
        return {}
    if (told["path"], told["for"]) != (request.path, frame.viewer().email):
        return {}
    found: dict[str, str] = told["secrets"]
    return found if now() < datetime.fromisoformat(told["until"]) else {}
