"""What an address asks for: a quarter, and one of its revisions."""

from flask import request

from app.domain.periods import Period
from app.foundations.languages import gettext
from app.web.problems import Problem


def quarter_of(period: str) -> Period:
    """Return the quarter of an address; a Problem 404 where it is none."""
    try:
        return Period.parse(period)
    except ValueError as error:
        raise Problem(404, gettext("'%(value)s' is not a period; write 2026-Q3", value=period)) from error


def revision_asked_for() -> int | None:
    """Return ?revision=N, None for the last one; a Problem 422 where it is no whole number."""
    revision = request.args.get("revision")
    if revision is not None and not (revision.isascii() and revision.isdecimal() and len(revision) <= 6):
        raise Problem(422, gettext("revision: '%(value)s' is not a whole number", value=revision))
    return int(revision) if revision else None
