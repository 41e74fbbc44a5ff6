"""HR's word that a quarter's mails may leave. It stands in the database; the worker posts what is approved, once.

A stop is stronger: an approved quarter that is stopped stays approved, and leaves once the stop is lifted.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.periods import Period
from app.domain.states import PeriodState
from app.models.releases import PeriodRecord, lock_period
from app.pipeline.scorecards.stopping import PostingStopped, UnknownPeriod


def approve(session: Session, period: Period, *, by: str, now: datetime) -> bool:
    """Let the worker post a frozen quarter; False where it was approved or posted before.

    Raises UnknownPeriod where nothing is frozen to be posted, and PostingStopped.
    """
    record = _open_to_posting(session, period)
    if record.posting_approved_at is not None or record.posted_at is not None:
        return False
    record.posting_approved_at, record.posting_approved_by = now, by
    session.flush()
    return True


def send_missing(session: Session, period: Period, *, by: str, now: datetime) -> bool:
    """Let the worker write to who has none of a posted quarter's mails, such as new heads; False while it is posting.

    Nobody is written to twice, and the quarter stays open to its heads meanwhile. Raises UnknownPeriod where nothing
    is frozen, and PostingStopped.
    """
    record = _open_to_posting(session, period)
    if not record.is_written:
        return False
    if record.posting_approved_at is None:
        record.posting_approved_at, record.posting_approved_by = now, by
    record.missing_asked_at = now
    session.flush()
    return True


def _open_to_posting(session: Session, period: Period) -> PeriodRecord:
    record = lock_period(session, str(period))
    if record is None or record.state is PeriodState.OPEN or record.is_historical:
        raise UnknownPeriod(str(period))
    if record.posting_stopped:
        raise PostingStopped(str(period))
    return record
