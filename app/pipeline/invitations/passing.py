"""One pass over all invitations, in the order in which the rules build on one another."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.asking import Asking
from app.foundations.crypto import Keys
from app.models.releases import PeriodsMoved, refuse_moved_periods
from app.pipeline.invitations.deciding import RUN, InviteTally, decide_due
from app.pipeline.invitations.following import confirm_sent, expire_due, remind_due
from app.pipeline.invitations.runs import claim_run
from app.pipeline.invitations.withdrawing import fail_undelivered, withdraw_reopened


@dataclass(frozen=True, slots=True)
class PassTally:
    """What one pass did."""

    sent: int  # accepted by a mail server since the last pass
    withdrawn: int
    failed: int
    expired: int
    invited: InviteTally
    reminded: int
    periods_moved: bool = False  # the settings move the quarters: nobody is asked until they are set back


def pass_once(
    session: Session,
    asking: Asking,
    keys: Keys,
    *,
    now: datetime,
    draw: Callable[[int], bytes] = secrets.token_bytes,
) -> PassTally:
    """Confirm, withdraw, expire, invite and remind. Idempotent. Raises RunEarlierThanLast.

    While the settings move the quarters, nobody new is asked: an answer would be told another release date.
    """
    claim_run(session, RUN, now=now)
    moved = _periods_moved(session, asking)
    return PassTally(
        sent=confirm_sent(session, asking, now=now),
        withdrawn=withdraw_reopened(session, asking, now=now),
        failed=fail_undelivered(session, asking, now=now),
        expired=expire_due(session, asking, now=now),
        invited=InviteTally() if moved else decide_due(session, asking, keys, now=now, draw=draw),
        reminded=remind_due(session, asking, now=now),
        periods_moved=moved,
    )


def _periods_moved(session: Session, asking: Asking) -> bool:
    try:
        refuse_moved_periods(session, asking.calendar)
    except PeriodsMoved:
        return True
    return False
