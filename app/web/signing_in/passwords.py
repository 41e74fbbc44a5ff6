"""`/sign-in/password` and `/sign-in/code`: the two steps of signing in without a link, where an installation allows it.

After the password only the address stands in the cookie, for five minutes and as long as the password stays the
same; nothing is open before the code.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, session, url_for

from app.domain.states import Tried, WayIn
from app.foundations.languages import gettext
from app.models.base import db
from app.upkeep.signing_in import ways_in
from app.web.frame import forms
from app.web.frame import staff as frame
from app.web.frame.access import Who
from app.web.frame.cookie import HALF
from app.web.frame.forms import Outcome, Sent
from app.web.frame.installation import keys, now, settings
from app.web.signing_in.entering import enter
from app.web.signing_in.password_forms import CodeForm, PasswordForm

GOOD_FOR = timedelta(minutes=5)
TOO_MANY = 429

pages = Blueprint("sign_in_password", __name__)
frame.frame(pages, Who.ANYBODY)


@pages.before_request
def _only_where_allowed() -> None:
    if not settings().passwords:
        abort(404)


@pages.get("/sign-in/password")
def ask() -> Any:
    """Ask for address and password."""
    return forms.show("signing_in/password.html", forms.shown(PasswordForm, {"email": ""}))


@pages.post("/sign-in/password")
def check() -> Any:
    """Check both and ask for the code; the try is on record before the password is looked at."""
    sent = forms.sent(PasswordForm, {"email": ""})
    if sent.outcome is not Outcome.GOOD:
        return forms.answer("signing_in/password.html", sent)
    email, password = sent.form.email.data, sent.form.password.data
    may_try = ways_in.may_try(db.session(), keys(), email, Tried.PASSWORD, now=now())
    may_from_here = ways_in.may_try_from(db.session(), keys(), request.remote_addr or "", now=now())
    db.session.commit()
    if not (may_try and may_from_here):
        return _too_many("signing_in/password.html", sent)
    since = ways_in.password_fits(db.session(), email, password)
    if since is None:
        sentence = gettext(
            "Address and password do not belong together, or no code is set up. A link by mail always works."
        )
        return forms.answer("signing_in/password.html", forms.refused(sent.form, "password", sentence))
    ways_in.forget_tries(db.session(), keys(), email, Tried.PASSWORD)
    db.session.commit()
    session[HALF] = {"email": email, "at": now().timestamp(), "since": since.timestamp()}
    return redirect(url_for(".ask_code"), 303)


@pages.get("/sign-in/code")
def ask_code() -> Any:
    """Ask for the code."""
    if _half() is None:
        return redirect(url_for(".ask"), 303)
    return forms.show("signing_in/code.html", forms.shown(CodeForm, {}))


@pages.post("/sign-in/code")
def check_code() -> Any:
    """Use the code up and begin a session."""
    email = _half()
    if email is None:
        return redirect(url_for(".ask"), 303)
    sent = forms.sent(CodeForm, {})
    if sent.outcome is not Outcome.GOOD:
        return forms.answer("signing_in/code.html", sent)
    may_try = ways_in.may_try(db.session(), keys(), email, Tried.CODE, now=now())
    db.session.commit()
    if not may_try:
        return _too_many("signing_in/code.html", sent)
    staff = ways_in.use_code(db.session(), keys(), email, sent.form.code.data, now=now())
    if staff is None:
        sentence = gettext("This code is wrong, or was used before. Wait for the next one.")
        return forms.answer("signing_in/code.html", forms.refused(sent.form, "code", sentence))
    ways_in.forget_tries(db.session(), keys(), email, Tried.CODE)
    return enter(staff, WayIn.PASSWORD)


def _half() -> str | None:
    told: dict[str, Any] | None = session.get(HALF)
    if told is None or now() - datetime.fromtimestamp(told["at"], UTC) > GOOD_FOR:
        return None
    since = ways_in.password_since(
        db.session(), told["email"]
    )  # changed meanwhile, the right one is not right any more
    return str(told["email"]) if since is not None and since.timestamp() == told["since"] else None


def _too_many(template: str, sent: Sent[Any]) -> Response:
    field = next(iter(sent.form.secret))
    sentence = gettext("Too many tries. Wait a quarter of an hour, or ask for a link by mail.")
    response = frame.page(template, status=TOO_MANY, form=sent.form, sent=forms.refused(sent.form, field, sentence))
    response.headers["Retry-After"] = str(int(ways_in.WITHIN.total_seconds()))
    return response
