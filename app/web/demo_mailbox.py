"""`/demo/mailbox`: the mails of the demo, as their readers see them. Mounted only where `PARITY_DEMO` is set.

A mail is shown in a sandboxed frame of its own: no script runs, nothing is loaded, links open in a new tab.
"""

import re
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request
from markupsafe import Markup, escape
from sqlalchemy import select

from app.demo.mailbox import FOLDER, ListedMail, NoSuchMail, OpenedMail, list_mails, open_mail
from app.domain.states import InvitationState
from app.foundations import clock
from app.foundations.crypto import Keys
from app.foundations.languages import gettext, speak
from app.models.base import db
from app.models.invitations import Invitation
from app.reports.message_names import names_in_words
from app.settings import Settings
from app.web.frame.mail_frame import paper

pages = Blueprint("demo_mailbox", __name__, url_prefix="/demo/mailbox")

ON_A_PAGE = 50
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
WAYS = ("page", "phone", "text", "headers")  # how a mail is looked at

_LINK = re.compile(r"https?://[^\s<>\"]+")


@pages.before_request
def _speak() -> None:
    settings: Settings = current_app.extensions["parity_settings"]
    speak(request.accept_languages.best_match(settings.languages) or settings.languages[0])


@pages.after_request
def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@pages.get("")
def listing() -> str:
    """List the mails, the newest first."""
    words, kind = request.args.get("words", ""), request.args.get("kind", "")
    found = list_mails(_folder(), words=words)
    kinds = Counter(mail.message for mail in found)
    mails = [mail for mail in found if kind in {"", mail.message}]
    start = max(request.args.get("from", 0, type=int), 0)
    shown = mails[start : start + ON_A_PAGE]
    later = start + ON_A_PAGE if start + ON_A_PAGE < len(mails) else None
    return _page(
        "list.html",
        mails=shown,
        states=_survey_states(shown),
        kinds=sorted(kinds.items()),
        kind_names=names_in_words(),
        kind=kind,
        count=len(mails),
        words=words,
        start=start,
        step=ON_A_PAGE,
        later=later,
    )


def _survey_states(mails: list[ListedMail]) -> dict[str, str]:
    """Return for each mail that leads to a survey whether it can still be answered, in one statement."""
    keys: Keys = current_app.extensions["parity_keys"]
    ids = {mail.name: keys.read_token("survey", mail.survey_token) for mail in mails if mail.survey_token}
    asked = select(Invitation.public_id, Invitation.state, Invitation.expires_at)
    rows = db.session.execute(asked.where(Invitation.public_id.in_([one for one in ids.values() if one])))
    states = {bytes(public_id): _state(state, expires_at) for public_id, state, expires_at in rows}
    return {name: states[public_id] for name, public_id in ids.items() if public_id in states}


def _state(state: InvitationState, expires_at: datetime) -> str:
    if state is InvitationState.ANSWERED:
        return gettext("answered")
    is_open = state in {InvitationState.QUEUED, InvitationState.SENT} and expires_at > clock.now()
    return gettext("open: answer it") if is_open else gettext("over")


@pages.get("/<name>")
def show(name: str) -> str:
    """Show one mail: as its reader sees it, on a phone, its text part, or its headers."""
    way = request.args.get("as", WAYS[0])
    opened = _opened(name)
    return _page(
        "mail.html", mail=opened, way=way if way in WAYS else WAYS[0], ways=WAYS, text=_with_links(opened.text)
    )


@pages.get("/<name>/page")
def page(name: str) -> Response:
    """Return the HTML part alone, for the frame; its pictures are put into it."""
    opened = _opened(name)
    return paper(opened.html, ((one.content_id, one.media_type, one.content) for one in opened.pictures))


@pages.get("/<name>/files/<int:number>")
def attachment(name: str, number: int) -> Response:
    """Hand out an attached file."""
    files = _opened(name).attachments
    if number >= len(files):
        abort(404)
    response = make_response(files[number].content)
    response.headers["Content-Type"] = files[number].media_type
    response.headers.set("Content-Disposition", "attachment", filename=files[number].filename)
    return response


def _folder() -> Path:
    settings: Settings = current_app.extensions["parity_settings"]
    return settings.var / FOLDER


def _opened(name: str) -> OpenedMail:
    try:
        return open_mail(_folder(), name)
    except NoSuchMail:
        abort(404)


def _page(template: str, **values: Any) -> str:
    settings: Settings = current_app.extensions["parity_settings"]
    return render_template(f"demo/{template}", zone=settings.time_zone, **values)


def _with_links(text: str) -> Markup:
    """Escape the text part and make its addresses links, as mail clients do."""
    pieces, end = [], 0
    for match in _LINK.finditer(text):
        link = Markup('<a href="{0}" target="_blank" rel="noopener noreferrer">{0}</a>').format(match[0])
        pieces += [escape(text[end : match.start()]), link]
        end = match.end()
    return Markup("").join([*pieces, escape(text[end:])])
