"""`/account`: one's own ways to sign in. What is set up here hangs on the address and holds for all of its roles."""

from typing import Any

from flask import Blueprint, abort, redirect, request, url_for

from app.foundations.languages import gettext
from app.foundations.passwords import address_of, picture_of
from app.models.base import db
from app.upkeep.signing_in import passkeys, ways_in
from app.upkeep.signing_in.way_in_changes import Change
from app.web.account.own_ways import changed, note_and_commit, once_more
from app.web.frame import forms
from app.web.frame import staff as frame
from app.web.frame.access import Who
from app.web.frame.forms import Outcome
from app.web.frame.installation import keys, now, settings
from app.web.signing_in.password_forms import CodeForm, NewPasswordForm
from app.web.signing_in.ways import house

PASSWORD, CODES = "account/password.html", "account/codes.html"

pages = Blueprint("account", __name__, url_prefix="/account")
frame.frame(pages, Who.STAFF)


@pages.before_request
def _where_allowed_and_just_signed_in() -> Any:
    if request.endpoint == "account.show":
        return None
    if not settings().passwords:
        abort(404)
    return once_more()


@pages.get("")
def show() -> Any:
    """Show who one is here, and how one signs in."""
    viewer = frame.viewer()
    ways = ways_in.ways_of(db.session(), viewer.email) if settings().passwords else None
    found = len(passkeys.passkeys_of(db.session(), viewer.email)) if house() else None
    return frame.page("account/account.html", ways=ways, passkeys=found, roles=frame.roles_in_words(viewer))


@pages.get("/password")
def password() -> Any:
    """Show the form of a password."""
    return forms.show(PASSWORD, forms.shown(NewPasswordForm, {}), ways=_ways())


@pages.post("/password")
def set_password() -> Any:
    """Set a password, or take it away."""
    email, session = frame.viewer().email, db.session()
    sent = forms.sent(NewPasswordForm, {})
    if request.form.get("act") == "remove" and sent.outcome is not Outcome.FORGED:
        if ways_in.remove_password(session, email):
            changed(Change.PASSWORD_REMOVED)
    elif sent.outcome is not Outcome.GOOD:
        return forms.answer(PASSWORD, sent, ways=_ways())
    else:
        ways_in.set_password(session, email, sent.form.password.data, now=now())
        changed(Change.PASSWORD_SET)
    return redirect(url_for(".show"), 303)


@pages.get("/codes")
def codes() -> Any:
    """Show the picture for the app, or that codes are on."""
    return forms.show(CODES, forms.shown(CodeForm, {}), **_codes())


@pages.post("/codes")
def set_codes() -> Any:
    """Begin with codes, confirm them by the first one, or switch them off."""
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    email, session, act = frame.viewer().email, db.session(), request.form.get("act", "")
    if act == "begin":
        if ways_in.begin_code(session, keys(), email, now=now()):
            note_and_commit("code", "begun")
        return redirect(url_for(".codes"), 303)
    if act != "remove":
        return _confirm()
    if ways_in.remove_code(session, email):
        changed(Change.CODE_REMOVED)
    return redirect(url_for(".show"), 303)


def _confirm() -> Any:
    """Switch codes on; the recovery codes stand in the answer and nowhere else."""
    email, session = frame.viewer().email, db.session()
    sent = forms.sent(CodeForm, {})
    if sent.outcome is not Outcome.GOOD:
        return forms.answer(CODES, sent, **_codes())
    recovery = ways_in.confirm_code(session, keys(), email, sent.form.code.data, now=now())
    if recovery is None:
        sentence = gettext("This code does not fit. Look whether the clock of your phone is right.")
        return forms.answer(CODES, forms.refused(sent.form, "code", sentence), **_codes())
    changed(Change.CODE_SET)
    return frame.page("account/recovery.html", recovery=recovery)


def _codes() -> dict[str, Any]:
    email = frame.viewer().email
    secret = ways_in.secret_to_confirm(db.session(), keys(), email)
    address = address_of(secret, email, settings().full_name) if secret else ""
    return {"ways": _ways(), "secret_words": _in_fours(secret or ""), "picture": picture_of(address) if address else ""}


def _ways() -> ways_in.Ways:
    return ways_in.ways_of(db.session(), frame.viewer().email)


def _in_fours(text: str) -> str:
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
