"""What an address asks for: a quarter, one of its revisions; and the refusal of what it asks wrongly."""

from typing import cast

from flask import current_app, request

from app.domain.periods import Calendar, Period
from app.foundations.languages import gettext
from app.foundations.quoting import quoted
from app.settings import Settings
from app.web.frame.problems import Problem

LONGEST_REVISION = 6  # digits


def refused_by_name(name: str, sentence: str) -> Problem:
    """Return the 422 of a parameter or header, with its fault by name as the faults of a body are told."""
    return Problem(422, sentence, faults=[{"item": 0, "field": name, "detail": sentence}])


def calendar() -> Calendar:
    """Return the company's calendar."""
    settings = cast(Settings, current_app.extensions["parity_settings"])
    return Calendar(settings.time_zone, settings.fiscal_year_start)


def quarter_of(period: str) -> Period:
    """Return the quarter of an address; a Problem 404 where it is none."""
    try:
        return Period.parse(period)
    except ValueError as error:
        raise Problem(404, gettext("'%(value)s' is not a period; write 2026-Q3", value=quoted(period))) from error


def revision_asked_for() -> int | None:
    """Return ?revision=N, None for the last one; a Problem 422 where it is no whole number."""
    revision = request.args.get("revision")
    is_number = revision is None or (revision.isascii() and revision.isdecimal() and len(revision) <= LONGEST_REVISION)
    if not is_number or revision == "0":
        sentence = gettext("revision: '%(value)s' is not a whole number", value=quoted(revision or ""))
        raise refused_by_name("revision", sentence)
    return int(revision) if revision else None
