"""Shared by the pages of one's own ways in: whose sign-in is too old signs in once more, and the owner is told.

So a session that somebody took over, or left open, adds no way in that outlives it.
"""

from typing import Any

from flask import redirect, request, session

from app.domain.auditing import Act
from app.foundations.languages import spoken
from app.models.base import db
from app.upkeep.signing_in.sessions import is_fresh
from app.upkeep.signing_in.way_in_changes import Change, tell_owner
from app.web.frame import staff as frame
from app.web.frame.cookie import SECRET, WANTED
from app.web.frame.installation import keys, now, settings


def once_more() -> Any:
    """Ask for another sign-in where the last one is too old, before anything is typed; it leads back here."""
    if is_fresh(db.session(), keys(), session[SECRET], now=now()):
        return None
    if request.method != "GET":  # shown in time and sent too late
        return redirect(request.path, 303)
    session[WANTED] = request.path
    return frame.page("account/once_more.html", status=403)


def changed(change: Change) -> None:
    """Tell the owner by mail, note it, and commit all of it at once."""
    viewer, zone = frame.viewer(), settings().time_zone
    tell_owner(db.session(), viewer, change, language=viewer.language or spoken(), zone=zone, now=now())
    note_and_commit(*change.value)
    frame.hint("deliver_mail")


def note_and_commit(way: str, what: str) -> None:
    """Note what became of a way in, in the transaction that did it."""
    frame.noted(Act.WAY_IN_CHANGED, frame.actor(), {"way": way, "change": what})
    db.session.commit()
