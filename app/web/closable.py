"""Which quarters have a page on which HR closes them."""

from flask import abort

from app.domain.periods import Period
from app.models.base import db
from app.models.releases import PeriodRecord
from app.web.asked_for import period_of
from app.web.survey_frame import calendar, now


def quarter_to_close(period: str) -> Period:
    """Return the quarter that an address names; 404 for one that is not closed here."""
    quarter = period_of(period)
    return quarter if quarter is not None and closable(quarter) else abort(404)


def closable(quarter: Period) -> str | None:
    """Return the quarter's name where its close has a page: not of later ones, nor of what an earlier tool brought."""
    running = calendar().period_of(now())
    record = db.session.get(PeriodRecord, str(quarter))
    is_ours = quarter >= running.previous if record is None else not record.is_historical
    return str(quarter) if is_ours and quarter <= running else None
