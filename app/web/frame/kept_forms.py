"""A form that is sent after its session ended: what was typed is kept for an hour and stands there after signing in.

That holds for forms that are sent to the address that shows them. Files, passwords and other secrets are not kept; what
was typed beside a file is.
"""

from typing import Any

from flask import current_app, g, redirect, request, session
from flask_wtf.csrf import validate_csrf
from werkzeug.datastructures import MultiDict
from wtforms import ValidationError

from app.models.base import db
from app.upkeep.imports.uploads import LARGEST
from app.upkeep.signing_in.kept_forms import forget_form, keep_form, kept_form
from app.upkeep.signing_in.sessions import was_session
from app.web.frame.cookie import KEPT, SECRET, WANTED
from app.web.frame.installation import keys, now

SIGN_IN = "/sign-in"
FORM, FORM_WITH_FILES = "application/x-www-form-urlencoded", "multipart/form-data"
READ_AT_ONCE = 512 * 1024  # bytes: of a file too, a piece at a time passes through memory

_never = {"csrf_token"}


def never_keep(names: frozenset[str]) -> None:
    """Leave fields of these names out of what is kept, in whichever form they stand."""
    _never.update(names)


def keep() -> Any:
    """Keep what somebody without a session sent, where they had one, and lead to the sign-in."""
    secret = session.get(SECRET)
    if not secret or not was_session(db.session(), keys(), secret):
        return redirect(SIGN_IN, 303)
    if not _is_shown_at_this_address():
        return redirect(f"{SIGN_IN}?ended=1", 303)
    session[WANTED] = request.path
    if request.mimetype == FORM_WITH_FILES:
        # The file is read past, a piece at a time, and thrown away.
        request.max_content_length, request.max_form_memory_size = LARGEST + READ_AT_ONCE, READ_AT_ONCE
    if request.mimetype not in {FORM, FORM_WITH_FILES} or not _is_ours():
        return redirect(f"{SIGN_IN}?ended=1", 303)
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in _never]
    keep_form(db.session(), keys(), secret, request.path, fields, now=now())
    db.session.commit()
    session[KEPT] = secret
    return redirect(f"{SIGN_IN}?kept=1", 303)


def kept_values(path: str) -> MultiDict[str, str] | None:
    """Return what the viewer had typed on this page when their session ended, or None."""
    secret, viewer = session.get(KEPT), g.get("viewer")
    if not secret or viewer is None:
        return None
    fields = kept_form(db.session(), keys(), secret, viewer.email, path, now=now())
    return None if fields is None else MultiDict(fields)


def forget(path: str) -> None:
    """Forget what was kept for this page, in the transaction that saves it."""
    secret = session.get(KEPT)
    if secret and forget_form(db.session(), keys(), secret, path):
        del session[KEPT]


def _is_ours() -> bool:
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return False
    return True


def _is_shown_at_this_address() -> bool:
    addresses = current_app.create_url_adapter(request)
    return addresses is not None and addresses.test(method="GET")
