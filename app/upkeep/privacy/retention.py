"""How long things are kept. Rollups, sealed cells and scorecards stay; everything about people ends.

The periods are those of docs/privacy.md; months are counted back from `now` in calendar months.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, null, select, update
from sqlalchemy.orm import Session

from app.domain.states import DeliveryState
from app.foundations.languages import mark, ngettext
from app.mail.outbox import forget_sent
from app.models.accounts import IdempotencyKey, KeptForm, SignInLink, StaffSession
from app.models.base import Base
from app.models.chores import Chore
from app.models.deliveries import REFUSED, Delivery
from app.models.invitations import Invitation
from app.models.people import Bounce
from app.models.releases import PeriodRecord
from app.models.responses import ReleasedComment, ReleasedResponse
from app.models.scorecards import ScorecardFile, ScorecardRevision
from app.models.service_requests import FORGOTTEN, RequestCycle, ServiceRequest
from app.models.uploads import Upload
from app.models.ways_in import SignInAttempt, UsedChallenge
from app.models.webhooks import WebhookDelivery
from app.upkeep.audit import log as audit
from app.upkeep.imports.uploads import KEPT_FOR
from app.upkeep.quarters.printed_comments import forget_texts
from app.upkeep.signing_in.passkeys import ANSWERED_WITHIN

ANSWERS_MONTHS = 25  # two years and the quarter they are compared with
REQUESTS_MONTHS = 25
COMMENTS_MONTHS = 12
INVITATIONS_MONTHS = 12
AUDIT_MONTHS = 72
DELIVERIES = timedelta(days=30)
ATTEMPTS = timedelta(days=1)
SESSIONS = timedelta(days=30)
IDEMPOTENCY = timedelta(days=7)
CHORES = timedelta(days=30)

#: What a page says of it: what, and for how many months or how long.
KEPT: tuple[tuple[str, int | timedelta], ...] = (
    (mark("Answers, once nobody can connect them with anybody"), ANSWERS_MONTHS),
    (mark("Comments, also on scorecards"), COMMENTS_MONTHS),
    (mark("Title, requester and address of requests"), REQUESTS_MONTHS),
    (mark("Invitations, and mails that came back"), INVITATIONS_MONTHS),
    (mark("What trackers sent"), DELIVERIES),
    (mark("Sign-in links and sessions, after their end"), SESSIONS),
    (mark("Tables that were sent"), KEPT_FOR),
    (mark("Log of who did what"), AUDIT_MONTHS),
)


def kept_in_words(how_long: int | timedelta) -> str:
    """Return a span of months or days in words; whole years from two on."""
    if isinstance(how_long, timedelta):
        return ngettext("%(num)s day at most", "%(num)s days at most", how_long.days)
    years, months = divmod(how_long, 12)
    if years > 1 and not months:
        return ngettext("%(num)s year", "%(num)s years", years)
    return ngettext("%(num)s month", "%(num)s months", how_long)


def months_before(moment: datetime, months: int) -> datetime:
    """Return the same day so many calendar months earlier (the 28th at the latest)."""
    index = moment.year * 12 + moment.month - 1 - months
    return moment.replace(year=index // 12, month=index % 12 + 1, day=min(moment.day, 28))


def retain(session: Session, *, now: datetime) -> dict[str, int]:
    """Delete or empty what is older than it may be; return how many rows of each kind. Idempotent."""
    invitations = months_before(now, INVITATIONS_MONTHS)
    return {
        "answers": _delete(session, ReleasedResponse, _ended(ReleasedResponse.period, now, ANSWERS_MONTHS)),
        "comments": _delete(session, ReleasedComment, _ended(ReleasedComment.period, now, COMMENTS_MONTHS))
        + _forget_printed_comments(session, months_before(now, COMMENTS_MONTHS)),
        "requests": _forget_requests(session, months_before(now, REQUESTS_MONTHS), now),
        "deliveries": _empty_deliveries(session, now - DELIVERIES)
        + _delete(session, Delivery, REFUSED & (Delivery.received_at < now - DELIVERIES)),
        "invitations": _delete(session, Invitation, Invitation.created_at < invitations),
        "bounces": _delete(session, Bounce, Bounce.received_at < invitations),
        "messages": forget_sent(session, now=now),
        "sign_in_links": _delete(session, SignInLink, SignInLink.expires_at < now - SESSIONS),
        "sessions": _delete(session, StaffSession, StaffSession.expires_at < now - SESSIONS),
        "sign_in_attempts": _delete(session, SignInAttempt, SignInAttempt.at < now - ATTEMPTS),
        "used_challenges": _delete(session, UsedChallenge, UsedChallenge.used_at < now - ANSWERED_WITHIN),
        "kept_forms": _delete(session, KeptForm, KeptForm.expires_at < now),
        "idempotency_keys": _delete(session, IdempotencyKey, IdempotencyKey.created_at < now - IDEMPOTENCY),
        "uploads": _delete(session, Upload, Upload.expires_at < now),
        "chores": _delete(session, Chore, Chore.finished_at < now - CHORES),
        "webhook_deliveries": _delete(session, WebhookDelivery, WebhookDelivery.created_at < now - DELIVERIES),
        "audit": audit.shorten(session, before=months_before(now, AUDIT_MONTHS), now=now),
    }


def _ended(period: Any, now: datetime, months: int) -> ColumnElement[bool]:
    old = select(PeriodRecord.period).where(PeriodRecord.ends_at < months_before(now, months))
    condition: ColumnElement[bool] = period.in_(old)
    return condition


def _delete(session: Session, table: type[Base], condition: ColumnElement[bool]) -> int:
    return _count(session.execute(delete(table).where(condition).execution_options(synchronize_session=False)))


def _empty_deliveries(session: Session, before: datetime) -> int:
    """Leave the sender's id of a delivery and nothing of what it said: sent once more, it is still known."""
    unread = Delivery.state == DeliveryState.STORED
    emptied = {
        "body": b"",
        "headers": {},
        "conclusion": null(),
        "next_attempt_at": None,
        "state": case((unread, DeliveryState.FAILED.value), else_=Delivery.state),
    }
    old = update(Delivery).where(Delivery.received_at < before, func.length(Delivery.body) > 0).values(emptied)
    return _count(session.execute(old.execution_options(synchronize_session=False)))


def _forget_requests(session: Session, before: datetime, now: datetime) -> int:
    """Leave department, type, times and flags; and the tracker's id, so that an old file imported again is known."""
    old = ServiceRequest.updated_at < before
    requests = select(ServiceRequest.id).where(old)
    cycles = update(RequestCycle).where(RequestCycle.request_id.in_(requests), RequestCycle.requester_id.is_not(None))
    session.execute(cycles.values(requester_id=None).execution_options(synchronize_session=False))
    emptied = dict.fromkeys(FORGOTTEN) | {"raw_department": null(), "forgotten_at": now}
    forget = update(ServiceRequest).where(old, ServiceRequest.forgotten_at.is_(None)).values(emptied)
    return _count(session.execute(forget.execution_options(synchronize_session=False)))


def _forget_printed_comments(session: Session, before: datetime) -> int:
    """Take the comments' text out of old scorecards, and throw away what was drawn of these; it can be drawn again."""
    ended = select(PeriodRecord.period).where(PeriodRecord.ends_at < before)
    forgotten = 0
    old = session.scalars(select(ScorecardRevision).where(ScorecardRevision.period.in_(ended)))
    for revision, texts in forget_texts(old):
        session.execute(delete(ScorecardFile).where(ScorecardFile.scorecard_id == revision.id))
        forgotten += texts
    return forgotten


def _count(result: Any) -> int:
    return max(int(result.rowcount), 0)
