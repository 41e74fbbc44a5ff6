"""HR of the sample company reads a quarter's comments at the freeze and takes what the codebook proposes."""

from datetime import datetime

import numpy as np
from sqlalchemy.orm import Session

from app.domain.asking_policy import AskingPolicy
from app.domain.periods import Calendar, Period
from app.pipeline import scorecards
from app.upkeep.comment_review import confirm_comment, read_comments, show_comment

SEED = 20260102


def read_all(session: Session, period: Period, *, calendar: Calendar, policy: AskingPolicy, now: datetime) -> None:
    """Open the quarter's comments under ids that are the same each time, confirm their themes and let them be shown."""
    ids = np.random.default_rng([SEED, period.year, period.quarter])
    scorecards.open_comments(
        session,
        period,
        calendar=calendar,
        policy=policy,
        now=now,
        draw_id=lambda: ids.bytes(scorecards.COMMENT_ID_BYTES),
    )
    for comment in read_comments(session, period):
        if comment.proposed:
            confirm_comment(session, comment.id, calendar=calendar)
        show_comment(session, comment.id)
