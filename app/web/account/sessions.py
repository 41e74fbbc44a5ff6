"""`/sessions`: where one is signed in, and the buttons that end it there."""

from typing import Any

from flask import Blueprint, abort, redirect, request, session, url_for

from app.domain.auditing import Act
from app.domain.states import WayIn
from app.foundations.languages import gettext
from app.models.base import db
from app.upkeep.audit import log as audit
from app.upkeep.signing_in.sessions import UnknownSession, end_one, end_others, open_sessions
from app.web.frame import staff as frame
from app.web.frame.access import Who
from app.web.frame.cookie import SECRET
from app.web.frame.installation import keys, now, settings

pages = Blueprint("sessions", __name__)
frame.frame(pages, Who.STAFF)


@pages.get("/sessions")
def listing() -> Any:
    """List the open sessions of the viewer's address."""
    found = open_sessions(db.session(), keys(), frame.viewer().email, secret=session[SECRET], now=now())
    return frame.page(
        "signing_in/sessions.html",
        sessions=found,
        ways=_ways_in_words(),
        time_zone=settings().time_zone,
        ended=request.args.get("ended"),
    )


@pages.post("/sessions")
def end() -> Any:
    """End one session of the viewer's address, or all others; note what ended."""
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    email, act = frame.viewer().email, request.form.get("act", "")
    try:
        if act == "end_others":
            count = end_others(db.session(), keys(), email, but=session[SECRET], now=now())
        else:
            count = int(end_one(db.session(), email, request.form.get("public_id", ""), now=now()))
    except UnknownSession:
        abort(404)
    if count:
        actor = audit.by_staff(db.session(), email)
        audit.note(db.session(), actor, Act.SESSIONS_ENDED, actor, {"sessions": count}, now=now())
        db.session.commit()
    return redirect(url_for("sessions.listing", ended=1), 303)


def _ways_in_words() -> dict[WayIn | None, str]:
    return {
        WayIn.LINK: gettext("link by mail"),
        WayIn.PRINTED: gettext("link from the command line"),
        WayIn.OIDC: gettext("company account"),
        WayIn.PASSWORD: gettext("password and code"),
        WayIn.PASSKEY: gettext("passkey"),
        None: gettext("not noted"),
    }
