"""Stopping the mails of a quarter and letting them go on, noted, for pages and API alike."""

from app.domain.auditing import Act
from app.domain.periods import Period
from app.models.base import db
from app.pipeline import scorecards
from app.pipeline.scorecards import Stop
from app.upkeep.audit import log as audit
from app.web.frame.installation import now


def stop(period: Period, *, by: str) -> Stop:
    """Stop a posting, note it as of `by` and commit. Raises UnknownPeriod."""
    session = db.session()
    done = scorecards.stop(session, period)
    if done.has_changed_anything:
        audit.note(session, by, Act.POSTING_STOPPED, str(period), done.counts, now=now())
    session.commit()
    return done


def resume(period: Period, *, by: str) -> bool:
    """Lift the stop, note it as of `by` and commit; False where there was none. Raises UnknownPeriod."""
    session = db.session()
    was_stopped = scorecards.resume(session, period)
    if was_stopped:
        audit.note(session, by, Act.POSTING_RESUMED, str(period), now=now())
    session.commit()
    return was_stopped
