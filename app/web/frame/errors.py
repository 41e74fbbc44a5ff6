"""Kind pages for everything that can go wrong; programs below /api/ and /hooks/ get problem documents instead."""

import logging
import secrets
from typing import Any

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from werkzeug.exceptions import HTTPException, InternalServerError

from app.foundations.languages import gettext
from app.models.base import db
from app.web.frame import staff as frame
from app.web.frame.lists import UnusableFilter
from app.web.frame.problems import PREFIXES, problem
from app.web.frame.transactions import READS

log = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = "5"


def register(app: Flask) -> None:
    """Answer every HTTP error and every failure with a page in the reader's language."""
    app.log_exception = _log_failure  # type: ignore[method-assign]
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(UnusableFilter, _nothing_to_look_for)
    app.register_error_handler(InternalServerError, _failure)
    app.register_error_handler(OperationalError, _database_is_away)
    app.register_error_handler(NoConnectionLeft, _busy)


def _http_error(error: HTTPException) -> Any:
    status = error.code or 500
    if request.path.startswith(PREFIXES) or status < 400 or error.response is not None:
        return error
    response = _page(status, *_words(status))
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def _nothing_to_look_for(error: UnusableFilter) -> Response:
    heading = gettext("This cannot be looked for")
    return _page(422, heading, error.sentence, way_back=(request.path, gettext("Open the page again")))


def _log_failure(exc_info: Any) -> None:
    """Log a failure under a number to quote. Flask would write the path, and with it the tokens of links."""
    g.failure = secrets.token_hex(4).upper()
    log.error("failure %s in %s %s", g.failure, request.method, request.url_rule, exc_info=exc_info)


def _failure(_error: InternalServerError) -> Response:
    db.session.rollback()
    number = g.get("failure", "")
    if request.path.startswith(PREFIXES):
        return problem(500, f"failure {number}")
    return _page(500, *_words(500), number=number)


def _database_is_away(error: OperationalError) -> Response:
    """Busy for longer than its time-out, or not there: either way later is better than now.

    SQLite calls our own mistakes operational errors too (a table that is missing, a write on GET): those are failures.
    """
    if type(error.orig).__module__.startswith("sqlite3") and "locked" not in str(error.orig):
        raise error
    log.warning("the database did not answer: %s", error.orig)
    return _busy(error)


def _busy(_error: Exception) -> Response:
    db.session.rollback()
    headers = {"Retry-After": RETRY_AFTER_SECONDS}
    if request.path.startswith(PREFIXES):
        return problem(503, gettext("busy; try again"), headers=headers)
    response = _page(503, *_words(503), way_back=_way_back())
    response.headers.update(headers)
    return response


def _way_back() -> tuple[str, str] | None:
    """Return address and name of the page that was asked for, or whose form was sent; None where it is no page."""
    try:
        current_app.create_url_adapter(request).match(method="GET")  # type: ignore[union-attr]
    except HTTPException:
        return None
    return request.full_path if request.query_string else request.path, gettext("Open the page again")


def _page(
    status: int, heading: str, *paragraphs: str, number: str = "", way_back: tuple[str, str] | None = None
) -> Response:
    frame.speak_to(g.get("viewer"))
    told = {"heading": heading, "paragraphs": paragraphs, "number": number, "way_back": way_back}
    return frame.page("errors/error.html", status=status, **told)


def _whose_role() -> str:
    viewer = g.get("viewer")
    if viewer is None:
        return gettext("Sign in with a role that includes it.")
    who = {"name": viewer.name or viewer.email, "roles": frame.roles_in_words(viewer)}
    return gettext("You are signed in as %(name)s, %(roles)s. It belongs to other roles.", **who)


def _busy_words() -> tuple[str, ...]:
    if request.method in READS:
        return gettext("The database is busy"), gettext("It does not answer just now. Try again in a moment.")
    return (
        gettext("Not saved yet"),
        gettext("The database is busy with something else for longer than usual, so nothing of this was saved."),
        gettext("Go back with your browser: what you typed is still there. Then press once more."),
    )


def _words(status: int) -> tuple[str, ...]:
    frame.speak_to(g.get("viewer"))
    known = {
        403: (
            gettext("This page is not for your role"),
            _whose_role(),
        ),
        404: (
            gettext("There is no such page"),
            gettext("It may have been moved, or it is not among what you may see. Nothing is missing from your side."),
        ),
        405: (
            gettext("This address cannot be used like that"),
            gettext("Go back with your browser and use the buttons of the page."),
        ),
        413: (gettext("That was too much at once"), gettext("Nothing was stored. Go back and send less.")),
        500: (
            gettext("Something went wrong on our side"),
            gettext("Nothing of what you did was half stored. Try again in a moment."),
        ),
        503: _busy_words(),
    }
    other = (gettext("This did not work"), gettext("Go back with your browser and try again."))
    return known.get(status, other)
