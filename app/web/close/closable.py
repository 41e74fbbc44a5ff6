"""Which quarters have a page on which HR closes them, and which of them is in hand."""

from flask import abort
from sqlalchemy import or_, select

from app.domain.periods import Period
from app.domain.states import PeriodState
from app.models.base import db
from app.models.releases import PeriodRecord, unwritten
from app.web.frame.asked_for import period_of
from app.web.frame.installation import calendar, now


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


def quarter_in_hand() -> Period:
    """Return the quarter that waits for somebody: the oldest whose mails have not left, else the one that runs out."""
    waiting = select(PeriodRecord.period).where(
        PeriodRecord.state != PeriodState.OPEN,
        PeriodRecord.is_historical.is_(False),
        or_(PeriodRecord.posting_stopped, unwritten()),
    )
    found = db.session.scalar(waiting.order_by(PeriodRecord.period).limit(1))
    return Period.parse(found) if found else _running_out()


def _running_out() -> Period:
    """Return the last quarter until its freeze, then the one that runs."""
    running = calendar().period_of(now())
    before = db.session.get(PeriodRecord, str(running.previous))
    waits = now() < calendar().freezes_at(running.previous) if before is None else before.state is PeriodState.OPEN
    return running.previous if waits else running
