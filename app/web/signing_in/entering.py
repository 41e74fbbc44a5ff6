"""The last step of every way in: a session here, its secret in a fresh cookie, and the page that was wanted."""

from typing import Any

from flask import redirect, request, session, url_for

from app.domain.states import WayIn
from app.models.accounts import Staff
from app.models.base import db
from app.upkeep.signing_in.sessions import end_session, open_session
from app.web.frame.cookie import KEPT, LANGUAGE, SECRET, WANTED
from app.web.frame.installation import keys, now
from app.web.signing_in.devices import device_in_words

CARRIED = (LANGUAGE, KEPT)


def enter(staff: Staff, way: WayIn) -> Any:
    """Begin the session and lead to the wanted page. What the cookie held of before is gone but for these entries."""
    device = device_in_words(request.user_agent.string)
    secret = open_session(db.session(), keys(), staff, way=way, device=device, now=now())
    if before := session.get(SECRET):  # signed in once more: this browser is listed once
        end_session(db.session(), keys(), before, now=now())
    db.session.commit()
    carried, wanted = {name: session[name] for name in CARRIED if name in session}, session.get(WANTED)
    session.clear()
    session.update(carried, **{SECRET: secret})
    return redirect(wanted or url_for("sign_in.start"), 303)
