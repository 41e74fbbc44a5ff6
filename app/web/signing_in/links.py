"""`/sign-in`: ask for a link by mail; open it, press the button, be in. Opening a link uses nothing up.

The answer to an address is the same whether it has a role here or not.
"""

import secrets
from typing import Any

from flask import Blueprint, Response, redirect, request, session, url_for

from app.foundations.languages import gettext, spoken
from app.mail.links import SIGN_IN, Links
from app.models.base import db
from app.upkeep.signing_in import links as sign_in
from app.upkeep.signing_in.sessions import end_session
from app.web.frame import staff as frame
from app.web.frame.access import Who
from app.web.frame.cookie import BROWSER, SECRET, WANTED
from app.web.frame.installation import keys, now, settings
from app.web.frame.navigation import first_place
from app.web.signing_in.entering import enter
from app.web.signing_in.ways import ask_page

pages = Blueprint("sign_in", __name__)
frame.frame(pages, Who.ANYBODY)


@pages.get("/")
def start() -> Any:
    """Lead to the viewer's first page, or to the way in."""
    viewer = frame.current_viewer()
    place = "sign_in.ask" if viewer is None else "methods.show"
    return redirect((viewer and first_place(viewer)) or url_for(place), 303)


@pages.get("/sign-in")
def ask() -> Any:
    """Ask for the address, or say that the mail is on its way; who is signed in may sign in once more."""
    _browser()
    if request.args.get("sent"):
        return frame.page("signing_in/sent.html")
    if frame.current_viewer() and WANTED not in session:
        return redirect(url_for("sign_in.start"), 303)
    return _form()


@pages.post("/sign-in")
def send() -> Any:
    """Put the mail into the outbox if the address has a role; say the same in any case."""
    email = request.form.get("email", "").replace("\0", "").strip()  # which PostgreSQL does not compare
    try:
        frame.check_form()
    except frame.ForgedForm:
        return _form(email, gettext("This page had been open for too long. Nothing was sent; press once more."))
    if complaint := _complaint(email):
        return _form(email, complaint)
    links = Links(base_url=settings().base_url, keys=keys())
    written = sign_in.ask_for_link(db.session(), links, email, browser=_browser(), language=spoken(), now=now())
    db.session.commit()
    if written:
        frame.hint("deliver_mail")
    return redirect(url_for("sign_in.ask", sent=1), 303)


@pages.get("/sign-in/<token>")
def show(token: str) -> Response:
    """Show the button, or why it would not help; mail programs that open links change nothing."""
    browser = _browser()
    if keys().read_token(SIGN_IN, token) is None:
        return _refused(gettext("This link does not work"), gettext("A part of it may have been lost on the way."), 404)
    try:
        sign_in.check_sign_in_link(db.session(), keys(), token, browser=browser, now=now())
    except (sign_in.SignInLinkIsUsedUp, sign_in.SignInLinkOfAnotherBrowser) as error:
        return _dead_link(error)
    return frame.page("signing_in/use.html", token=token, complaint="")


@pages.post("/sign-in/<token>")
def use(token: str) -> Any:
    """Use the link up and begin a session."""
    try:
        frame.check_form()
    except frame.ForgedForm:
        complaint = gettext("This page had been open for too long. Press once more.")
        return frame.page("signing_in/use.html", token=token, complaint=complaint, status=400)
    try:
        staff, way = sign_in.use_sign_in_link(db.session(), keys(), token, browser=_browser(), now=now())
    except (sign_in.SignInLinkIsUsedUp, sign_in.SignInLinkOfAnotherBrowser) as error:
        return _dead_link(error)
    return enter(staff, way)


@pages.post("/sign-out")
def leave() -> Any:
    """End the session here and in the database."""
    try:
        frame.check_form()
    except frame.ForgedForm:
        return redirect(url_for("sign_in.start"), 303)
    secret = session.get(SECRET)
    if secret:
        end_session(db.session(), keys(), secret, now=now())
        db.session.commit()
    session.clear()
    return redirect(url_for("sign_in.ask"), 303)


def _browser() -> str:
    """Return the random name of this browser, from its cookie."""
    if BROWSER not in session:
        session[BROWSER] = secrets.token_urlsafe(16)
    name: str = session[BROWSER]
    return name


def _complaint(email: str) -> str:
    """Say how to mend an address, or nothing."""
    before, at, domain = email.rpartition("@")
    if not at or not before:
        return gettext("This is not a whole address: it needs an “@”, as in name@example.com.")
    if "." not in domain.strip("."):
        return gettext("Something is missing after “%(domain)s”, such as .com", domain=domain or "@")
    return ""


def _form(email: str = "", complaint: str = "") -> Response:
    return ask_page(email=email, complaint=complaint, status=400 if complaint else 200)


def _dead_link(error: sign_in.SignInLinkIsUsedUp | sign_in.SignInLinkOfAnotherBrowser) -> Response:
    if isinstance(error, sign_in.SignInLinkOfAnotherBrowser):
        return _refused(
            gettext("Open this link where you asked for it"),
            gettext("It works only in the browser in which you asked for it. It is still good there."),
            403,
        )
    return _refused(gettext("This link is used up"), gettext("Sign-in links work once, and for 15 minutes."), 410)


def _refused(heading: str, sentence: str, status: int) -> Response:
    return frame.page("signing_in/refused.html", heading=heading, sentence=sentence, status=status)
