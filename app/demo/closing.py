"""How HR of the sample company closes a quarter: looks at it and reads its comments before the freeze, sends it after.

The last frozen quarter is looked at and not sent: that is left to whoever tries Parity out.
"""

from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.company import OFFICES
from app.domain.asking import Asking
from app.domain.periods import Period
from app.domain.quarter_close import CheckedStep
from app.domain.states import PeriodState, Role
from app.models.releases import PeriodRecord
from app.pipeline import scorecards
from app.upkeep.audit import log as audit
from app.upkeep.quarters.comment_review import confirm_comment, read_comments, show_comment

SEED = 20260102


def look_at(session: Session, period: Period, asking: Asking, *, now: datetime) -> None:
    """Say that the requests were looked at in the afternoon before, and read all comments."""
    afternoon = now - timedelta(hours=9)
    scorecards.tick(session, period, CheckedStep.CHECKS, by=_human_resources(session), now=afternoon)
    _read_all(session, period, asking, now)


def send(session: Session, asking: Asking, *, until: Period, now: datetime) -> None:
    """Let the mails of what is frozen leave, up to a quarter, on a working day from the third one on."""
    waiting = select(PeriodRecord.period).where(
        PeriodRecord.state != PeriodState.OPEN, PeriodRecord.posting_approved_at.is_(None)
    )
    calendar = asking.calendar
    today = now.astimezone(calendar.time_zone).date()
    for name in session.scalars(waiting).all():
        period = Period.parse(name)
        is_late_enough = today >= scorecards.posting_day(calendar, asking.policy, period)
        if period <= until and is_late_enough and asking.policy.is_working_day(today):
            scorecards.approve(session, period, by=_human_resources(session), now=now)


def _read_all(session: Session, period: Period, asking: Asking, now: datetime) -> None:
    """Open the quarter's comments under ids that are the same each time, confirm their themes and let them be shown."""
    ids = np.random.default_rng([SEED, period.year, period.quarter])
    scorecards.open_comments(
        session,
        period,
        calendar=asking.calendar,
        policy=asking.policy,
        now=now,
        draw_id=lambda: ids.bytes(scorecards.COMMENT_ID_BYTES),
    )
    for comment in read_comments(session, period):
        if comment.proposed:
            confirm_comment(session, comment.id, calendar=asking.calendar)
        show_comment(session, comment.id)


def _human_resources(session: Session) -> str:
    return audit.by_staff(session, next(email for role, email, _ in OFFICES if role is Role.HR))
