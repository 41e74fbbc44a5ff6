"""`/admin/held-back`: answers that look like a machine's, by pattern; signals and counts, never ratings or words."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for

from app.domain.auditing import Act
from app.domain.rights import Action
from app.models.base import db
from app.pipeline.responses import HeldBackPattern, drop_held_back, held_back_patterns, release_held_back
from app.reports.signals import signals_in_words
from app.web.frame import staff as frame
from app.web.frame.installation import calendar, now

pages = Blueprint("held_back", __name__, url_prefix="/admin/held-back")
frame.frame(pages, frozenset({Action.WATCH_WORK}))


@pages.get("")
def listing() -> Response:
    """List the patterns of open quarters, the most frequent first."""
    patterns = held_back_patterns(db.session())
    return frame.page("watching/held_back.html", patterns=patterns, words=signals_in_words())


@pages.get("/<name>")
def show(name: str) -> Response:
    """Show one pattern with what can be decided about it; that page is the confirmation."""
    pattern, count = _found(name)
    return frame.page("watching/held_back_pattern.html", pattern=pattern, count=count, words=signals_in_words())


@pages.post("/<name>")
def decide(name: str) -> Any:
    """Let the answers count, or never; lead back to the list. Pressed twice, the second finds nothing held back."""
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    decision = request.form.get("act", "")
    if decision not in {"release", "drop"}:
        abort(404)
    session = db.session()
    patterns = held_back_patterns(session)
    pattern = next((one for one in patterns if one.name == name), None)
    if pattern is not None:
        if decision == "release":
            act, count = Act.HELD_BACK_RELEASED, release_held_back(session, calendar(), pattern, now=now())
        else:
            act, count = Act.HELD_BACK_DROPPED, drop_held_back(session, calendar(), pattern)
        told = {"signals": list(pattern.signals), "mail_system": pattern.mail_system, "answers": count}
        frame.noted(act, f"pattern:{pattern.name}", told)
        session.commit()
    return redirect(url_for("held_back.listing"), 303)


def _found(name: str) -> tuple[HeldBackPattern, int]:
    found = [(pattern, count) for pattern, count in held_back_patterns(db.session()).items() if pattern.name == name]
    return found[0] if found else abort(404)
