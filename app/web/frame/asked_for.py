"""What an address of staff asks for: a quarter and a revision; and how quarters are called in links."""

from datetime import datetime

from flask import abort, request

from app.domain.periods import Period
from app.reports.quarters import quarter_words
from app.web.frame.installation import calendar, settings

LONGEST_REVISION = 6  # digits; a database's whole numbers end somewhere


def period_of(text: str | None) -> Period | None:
    """Return the quarter that a part of an address names, None for anything else."""
    try:
        return Period.parse(text or "")
    except ValueError:
        return None


def revision_asked_for() -> int | None:
    """Return the revision that was asked for, None for the last one; anything else is not there."""
    text = request.args.get("revision")
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_REVISION):
        abort(404)
    return int(text)


def quarter_named(period: str | None) -> tuple[str, str] | None:
    """Return a neighbouring quarter with its words, for a link."""
    return (period, quarter_words(calendar(), period)) if period else None


def next_period(moment: datetime) -> Period:
    """Return the quarter whose scorecards come next."""
    running = calendar().period_of(moment)
    today = moment.astimezone(settings().time_zone).date()
    return running.previous if calendar().posts_on(running.previous) > today else running
