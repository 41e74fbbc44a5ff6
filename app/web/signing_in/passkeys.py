"""`/sign-in/passkey`: the browser signs a challenge, which stands in the cookie, for five minutes, and is good once."""

import base64
import logging
import secrets
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, abort, request, session

from app.domain.states import WayIn
from app.foundations.languages import gettext
from app.foundations.passkeys import House, PasskeyRefused
from app.models.base import db
from app.upkeep.signing_in.passkeys import ANSWERED_WITHIN, use_passkey
from app.web.frame import staff as frame
from app.web.frame.access import Who
from app.web.frame.cookie import CHALLENGE
from app.web.frame.installation import now
from app.web.signing_in.entering import enter
from app.web.signing_in.ways import house

pages = Blueprint("sign_in_passkey", __name__)
frame.frame(pages, Who.ANYBODY)

log = logging.getLogger(__name__)


@pages.get("/sign-in/passkey")
def ask() -> Any:
    """Ask the browser for a passkey."""
    return _page(our_house())


@pages.post("/sign-in/passkey")
def check() -> Any:
    """Begin a session for whoever's passkey signed the challenge."""
    ours, challenge = our_house(), take_challenge()
    try:
        frame.check_form()
        staff = use_passkey(db.session(), ours, request.form.get("credential", ""), challenge, now=now())
    except (frame.ForgedForm, PasskeyRefused) as error:
        db.session.rollback()
        log.info("a passkey was refused: %s", error)
        return _page(ours, gettext("This passkey is not known here, or the page had grown old. Try once more."))
    return enter(staff, WayIn.PASSKEY)


def our_house() -> House:
    """Return the site that passkeys are for; 404 where there is none."""
    return house() or abort(404)


def keep_challenge(challenge: bytes) -> None:
    """Keep what the browser has to sign."""
    session[CHALLENGE] = {"text": base64.b64encode(challenge).decode(), "at": now().timestamp()}


def take_challenge() -> bytes:
    """Return what the browser had to sign, once; something that nobody can sign where there is none."""
    told: dict[str, Any] | None = session.pop(CHALLENGE, None)
    if told is None or now() - datetime.fromtimestamp(told["at"], UTC) > ANSWERED_WITHIN:
        return secrets.token_bytes(64)
    return base64.b64decode(told["text"])


def _page(ours: House, complaint: str = "") -> Response:
    options, challenge = ours.ask_to_sign()
    keep_challenge(challenge)
    return frame.page("signing_in/passkey.html", options=options, complaint=complaint, status=422 if complaint else 200)
