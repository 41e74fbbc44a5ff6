"""What all pages behind a survey link share: the visit, the page, and a kind page for every way a link can end."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from flask import Blueprint, Response, current_app, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import RequestEntityTooLarge

from app.domain.instruments import Wording, wording
from app.domain.periods import Calendar
from app.foundations import formats
from app.foundations.crypto import Keys
from app.foundations.languages import gettext, spoken
from app.models.base import db
from app.pipeline import responses
from app.pipeline.responses import Closed, InvitationClosed, InvitationUnknown, OpenInvitation
from app.web.frame import transactions
from app.web.frame.brand import branding
from app.web.frame.installation import calendar, keys, now, settings
from app.web.frame.speaking import LANGUAGE_NAMES, speak_to
from app.web.survey.skeletons import fill

LARGEST_FORM = 64 * 1024  # bytes; a full comment in any script is below 20 kB
RETRY_AFTER_SECONDS = 5


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One request behind a link that works: what it leads to, and all that its pages and its answer are told of."""

    token: str
    opened: OpenInvitation
    keys: Keys
    calendar: Calendar
    now: datetime
    language: str

    @property
    def words(self) -> Wording:
        """The instrument in the visitor's language."""
        return self.opened.questionnaire.wording(self.language)


def visit(token: str) -> Visit:
    """Open the link and speak the visitor's language. Raises InvitationUnknown and InvitationClosed."""
    ours, days, moment = keys(), calendar(), now()
    opened = responses.open(transactions.connection(), ours, days, token, now=moment)
    language = speak_to(opened.language)
    return Visit(token=token, opened=opened, keys=ours, calendar=days, now=moment, language=language)


def local_day(moment: datetime, invitation: OpenInvitation) -> date:
    """Return the requester's day of a moment."""
    return moment.astimezone(invitation.time_zone).date()


def last_day(invitation: OpenInvitation) -> date:
    """Return the last day on which the link works, as the requester counts days."""
    return local_day(invitation.expires_at - timedelta(seconds=1), invitation)


def page(
    template: str, *, token: str = "", own: Mapping[str, str] | None = None, status: int = 200, **same: Hashable
) -> Response:
    """Render a page in the language of the moment: `own` words are this visitor's, everything else shapes the page."""
    shape = {
        **same,
        "language": spoken(),
        "languages": _language_names(settings().languages),
        "brand_of_now": branding(),
    }
    words = {**(own or {}), "base": f"{request.script_root}/s/{token}"}
    return Response(fill(current_app.jinja_env, f"survey/{template}", shape, words), status)


@lru_cache(maxsize=8)
def _language_names(languages: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((code, LANGUAGE_NAMES[code]) for code in languages)


@lru_cache(maxsize=1024)
def day(on: date, language: str, *, with_year: bool = False) -> str:
    """Return `14 July` or `14 July 2026` in the language of the moment, which the caller names for the cache."""
    assert language == spoken()
    return formats.full_day(on) if with_year else formats.day(on)


def notice(heading: str, *paragraphs: str, status: int, token: str = "") -> Response:
    """Render a page that says what happened and what to do."""
    return page("notice.html", token=token, status=status, is_known=bool(token), heading=heading, paragraphs=paragraphs)


def frame(pages: Blueprint) -> None:
    """Give a blueprint the limits of survey pages and their error pages; the headers are everybody's, see security."""
    pages.before_request(_limit)
    pages.register_error_handler(InvitationUnknown, _unknown)
    pages.register_error_handler(InvitationClosed, _closed)
    pages.register_error_handler(RequestEntityTooLarge, _too_large)
    pages.register_error_handler(OperationalError, _busy)


def _limit() -> None:
    request.max_content_length = LARGEST_FORM


def _unknown(_error: InvitationUnknown) -> Response:
    speak_to()
    return notice(
        gettext("This link does not work"),
        gettext("A part of it may have been lost on the way. Open it once more from the mail, or copy the whole line."),
        gettext("Surveys older than a year are deleted; their links lead nowhere. Nothing is missing from your side."),
        status=404,
    )


def _closed(error: InvitationClosed) -> Response:
    speak_to(error.invitation.language)
    department = wording(spoken()).quote(error.invitation.department_name)
    token = str((request.view_args or {}).get("token", ""))
    if error.why is Closed.WITHDRAWN:
        return notice(
            gettext("This survey was taken back"),
            gettext("Your request was opened again, so it is too early to ask how it went."),
            gettext("Nothing is missing from your side."),
            status=410,
            token=token,
        )
    return notice(
        gettext("This link has expired"),
        gettext(
            "It worked until %(day)s. Nothing is missing from your side.",
            day=formats.full_day(last_day(error.invitation)),
        ),
        gettext(
            "Is something still wrong with your request? Write to the department %(department)s directly,"
            " with the number %(reference)s.",
            department=department,
            reference=error.invitation.reference,
        ),
        status=410,
        token=token,
    )


def _too_large(_error: RequestEntityTooLarge) -> Response:
    speak_to()
    return notice(
        gettext("That was too much text"),
        gettext("A comment has room for 2000 characters. Nothing was stored."),
        gettext("Go back with your browser: what you typed is still there, and you can shorten it."),
        status=413,
    )


def _busy(_error: OperationalError) -> Response:
    db.session.rollback()
    speak_to()
    return later(
        notice(
            gettext("Too many at once"),
            gettext("Your answer could not be stored just now. Nothing of it was kept."),
            gettext("Go back with your browser: what you typed is still there. Send it again in a moment."),
            status=503,
        )
    )


def later(response: Response) -> Response:
    """Say when it is worth trying again."""
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response
