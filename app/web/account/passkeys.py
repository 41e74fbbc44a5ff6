"""`/account/passkeys`: one's own passkeys, the button that makes one, and the buttons that take one away."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for

from app.foundations.languages import gettext
from app.foundations.passkeys import PasskeyRefused
from app.models.base import db
from app.upkeep.signing_in import passkeys
from app.upkeep.signing_in.way_in_changes import Change
from app.web.account.own_ways import changed, once_more
from app.web.frame import staff as frame
from app.web.frame.access import Who
from app.web.frame.installation import keys, now, settings
from app.web.signing_in.devices import device_in_words
from app.web.signing_in.passkeys import keep_challenge, our_house, take_challenge

pages = Blueprint("passkeys", __name__, url_prefix="/account/passkeys")
frame.frame(pages, Who.STAFF)


@pages.before_request
def _where_there_are_any_and_just_signed_in() -> Any:
    our_house()
    return once_more()


@pages.get("")
def listing() -> Any:
    """List the passkeys of the viewer's address."""
    return _page()


@pages.post("")
def change() -> Any:
    """Add the passkey that the browser made, or take one away."""
    ours, email = our_house(), frame.viewer().email
    challenge = take_challenge()
    try:
        frame.check_form()
        if request.form.get("act") == "remove":
            is_new = _remove(email)
        else:
            name = device_in_words(request.user_agent.string) or gettext("another browser")
            answer = request.form.get("credential", "")
            is_new = passkeys.add_passkey(db.session(), ours, email, answer, challenge, name, now=now())
    except frame.ForgedForm:
        return frame.too_old()
    except PasskeyRefused:
        return _page(gettext("The passkey was not made, or the page had grown old. Try once more."))
    except passkeys.TooManyPasskeys:
        return _page(gettext("You have as many passkeys as one address may have. Take one away first."))
    if is_new:
        changed(Change.PASSKEY_REMOVED if request.form.get("act") == "remove" else Change.PASSKEY_SET)
    return redirect(url_for(".listing", saved=1), 303)


def _remove(email: str) -> bool:
    try:
        return passkeys.remove_passkey(db.session(), email, bytes.fromhex(request.form.get("passkey", "")))
    except ValueError:
        abort(404)


def _page(complaint: str = "") -> Response:
    ours, email = our_house(), frame.viewer().email
    found = passkeys.passkeys_of(db.session(), email)
    user = keys().hash("passkey-user", email)
    options, challenge = ours.ask_to_make(user, email, [one.credential_id for one in found])
    keep_challenge(challenge)
    return frame.page(
        "account/passkeys.html",
        passkeys=found,
        options=options,
        complaint=complaint,
        saved=request.args.get("saved"),
        time_zone=settings().time_zone,
        status=422 if complaint else 200,
    )
