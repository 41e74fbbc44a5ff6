"""`/demo/mailbox`: the mails of the demo, as their readers see them. Mounted only where `PARITY_DEMO` is set.

A mail is shown in a sandboxed frame of its own: no script runs, nothing is loaded, links open in a new tab.
"""

import base64
import re
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request
from markupsafe import Markup, escape

from app.demo.mailbox import FOLDER, MailFile, NoSuchMail, OpenedMail, list_mails, open_mail
from app.foundations.languages import speak
from app.settings import Settings

pages = Blueprint("demo_mailbox", __name__, url_prefix="/demo/mailbox")

ON_A_PAGE = 50
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
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
    words = request.args.get("words", "")
    mails = list_mails(_folder(), words=words)
    start = max(request.args.get("from", 0, type=int), 0)
    shown = mails[start : start + ON_A_PAGE]
    later = start + ON_A_PAGE if start + ON_A_PAGE < len(mails) else None
    return _page("list.html", mails=shown, count=len(mails), words=words, start=start, step=ON_A_PAGE, later=later)


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
    html = opened.html
    for picture in opened.pictures:
        html = html.replace(f"cid:{picture.content_id}", _data_address(picture))
    # Rating links open the survey in a tab of its own, as they do from a mail client.
    response = make_response(html.replace("<head>", '<head><base target="_blank">', 1))
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    return response


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


def _data_address(picture: MailFile) -> str:
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.content).decode()}"


def _with_links(text: str) -> Markup:
    """Escape the text part and make its addresses links, as mail clients do."""
    pieces, end = [], 0
    for match in _LINK.finditer(text):
        link = Markup('<a href="{0}" target="_blank" rel="noopener noreferrer">{0}</a>').format(match[0])
        pieces += [escape(text[end : match.start()]), link]
        end = match.end()
    return Markup("").join([*pieces, escape(text[end:])])
