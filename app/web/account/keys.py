"""`/account/keys`: one's own keys of the API, which act as oneself. A key is shown once (`app.web.frame.once`).

Like a way in, a key outlives the session that makes it: so it is made soon after a sign-in, and its owner is told.
"""

from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for

from app.domain.api_scopes import Scope, may_use
from app.domain.auditing import Act
from app.foundations.languages import spoken
from app.models.base import db
from app.upkeep.audit import log as audit
from app.upkeep.programs.keys import ApiKeyRefused, add_api_key, keys_of, may_call, revoke_api_key
from app.upkeep.programs.words import scope_in_words
from app.upkeep.signing_in.way_in_changes import Change, tell_owner
from app.web.account.own_ways import once_more
from app.web.frame import once
from app.web.frame import staff as frame
from app.web.frame.access import Who
from app.web.frame.forms import Outcome, answer, refused, sent, show, shown
from app.web.frame.installation import now, settings
from app.web.programs.forms import OwnKeyForm

FORM = "account/key.html"
_NEW: dict[str, Any] = {"name": "", "days": "90", "scopes": []}

pages = Blueprint("own_keys", __name__, url_prefix="/account/keys")
frame.frame(pages, Who.STAFF)


@pages.before_request
def _just_signed_in() -> Any:
    return once_more() if request.endpoint in {"own_keys.new", "own_keys.make"} else None


@pages.get("")
def listing() -> Response:
    """List the viewer's keys, those that still call first."""
    found = [(key, may_call(key, now=now())) for key in keys_of(db.session(), frame.viewer().email)]
    return frame.page(
        "account/keys.html",
        keys=sorted(found, key=lambda pair: (not pair[1], pair[0].name)),
        time_zone=settings().time_zone,
        done=request.args.get("done"),
    )


@pages.post("")
def revoke() -> Any:
    """Refuse a key of the viewer from now on; those of others are not there."""
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    name = request.form.get("name", "")
    key = next((one for one in keys_of(db.session(), frame.viewer().email) if one.name == name), None) or abort(404)
    if revoke_api_key(db.session(), name, now=now()):
        frame.noted(Act.API_KEY_REVOKED, audit.by_api_key(key.id))
        db.session.commit()
    return redirect(url_for(".listing", done="revoked"), 303)


@pages.get("/new")
def new() -> Response:
    """Show the form of a new key."""
    return show(FORM, shown(OwnKeyForm, _NEW), scopes=_scopes())


@pages.post("/new")
def make() -> Any:
    """Make a key that acts as the viewer, tell them by mail, and lead to the page that shows it."""
    told, viewer, session = sent(OwnKeyForm, _NEW), frame.viewer(), db.session()
    if told.outcome is not Outcome.GOOD:
        return answer(FORM, told, scopes=_scopes())
    name, scopes = told.form.name.data, [Scope(scope) for scope in told.form.scopes.data]
    days = int(told.form.days.data) if told.form.days.data else None
    try:
        key = add_api_key(session, name, scopes, email=viewer.email, days=days, now=now())
    except ApiKeyRefused as error:
        session.rollback()
        return answer(FORM, refused(told.form, error.field, str(error)), scopes=_scopes())
    (number,) = (one.id for one in keys_of(session, viewer.email) if one.name == name)
    language, zone = viewer.language or spoken(), settings().time_zone
    tell_owner(session, viewer, Change.API_KEY_MADE, language=language, zone=zone, now=now())
    details = {"scopes": sorted(scopes), "is_personal": True, "days": days}
    frame.noted(Act.API_KEY_ADDED, audit.by_api_key(number), details)
    session.commit()
    frame.hint("deliver_mail")
    once.hand_over(url_for(".made"), {"name": name, "key": key})
    return redirect(url_for(".made"), 303)


@pages.get("/made")
def made() -> Any:
    """Show the key that was made a few minutes ago; lead to the list where none was."""
    told, listing = once.handed_over(), url_for(".listing")
    if not told:
        return redirect(listing, 303)
    return frame.page("programs/once.html", name=told["name"], secret=told["key"], is_key=True, back=listing)


def _scopes() -> list[tuple[str, str]]:
    """Return what the viewer's own roles reach."""
    viewer = frame.viewer()
    return [(scope.value, f"{scope_in_words(scope)} ({scope.value})") for scope in Scope if may_use(scope, viewer)]
