"""Tell other programs what happened here: write what is due, hand it out attempt by attempt, settle each.

What happened stands in the database anyway (postings, cases of contact, the audit log); it is read there and told once
to each webhook. docs/decisions/0049-webhooks-are-told-from-what-stands-in-the-database.md
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, cast, exists, func, literal, select, update
from sqlalchemy.orm import Session

from app.domain.asking_policy import AskingPolicy
from app.domain.auditing import Act
from app.domain.sending_times import next_morning
from app.domain.webhooks import PATIENCE, RETRIES, WINDOW, WebhookEvent, WebhookState, body, message_id
from app.mail.links import Links
from app.models.audit import AuditEntry
from app.models.departments import Department
from app.models.follow_ups import FollowUp
from app.models.insertion import insert_missing
from app.models.releases import PeriodRecord
from app.models.scorecards import ScorecardPosting, ScorecardRevision
from app.models.webhooks import Webhook, WebhookDelivery

NEVER_FINISHED = "no attempt came to its end: the worker was stopped"
LONGEST_ERROR = 300
GONE = 410  # RFC 9110: a receiver that wants to hear no more
_COUNTS = ("new", "changed", "unchanged", "faults")


@dataclass(frozen=True)
class Happening:
    """Something that happened: which of its kind, when, and what is told of it."""

    event: WebhookEvent
    about: str
    at: datetime
    data: Mapping[str, str | int]


@dataclass(frozen=True)
class Attempt:
    """One attempt at one delivery; whoever holds it may settle it, until a later attempt begins."""

    delivery_id: int
    number: int  # from 1
    webhook_id: int
    message_id: str
    url: str
    secret: bytes = field(repr=False)  # sealed
    body: str = field(repr=False)


@dataclass(frozen=True)
class Surroundings:
    """What events are told with."""

    policy: AskingPolicy
    links: Links
    time_zone: ZoneInfo
    now: datetime


def write_due(session: Session, *, policy: AskingPolicy, links: Links, time_zone: ZoneInfo, now: datetime) -> int:
    """Write a delivery for each event that a webhook was made for and has not been told; return how many."""
    around = Surroundings(policy, links, time_zone, now)
    rows = [
        {
            "webhook_id": webhook.id,
            "message_id": message_id(webhook.id, one.event, one.about),
            "about": one.about,
            "event": one.event,
            "body": body(one.event, one.data, at=one.at),
            "state": WebhookState.WAITING,
            "attempts": 0,
            "next_attempt_at": now,
            "created_at": now,
        }
        for webhook in session.scalars(select(Webhook).where(Webhook.is_active).order_by(Webhook.id)).all()
        for one in untold(session, webhook, around)
    ]
    return insert_missing(session, WebhookDelivery, rows)


def untold(session: Session, webhook: Webhook, around: Surroundings) -> Iterator[Happening]:
    """Yield what has happened since a webhook was made, for two weeks at most, and what it was not told of yet."""
    since = max(webhook.created_at, around.now - WINDOW)
    if WebhookEvent.SCORECARD_ISSUED in webhook.events:
        yield from _issued(session, webhook, around, since)
    if WebhookEvent.LOW_RATING_CONSENTED in webhook.events:
        yield from _consented(session, webhook, around, since)
    if WebhookEvent.IMPORT_FINISHED in webhook.events:
        yield from _imported(session, webhook, since)


def _is_untold(webhook: Webhook, kind: str, number: ColumnElement[int]) -> ColumnElement[bool]:
    about = literal(f"{kind}:").concat(cast(number, String))
    return ~exists().where(WebhookDelivery.webhook_id == webhook.id, WebhookDelivery.about == about)


def _issued(session: Session, webhook: Webhook, around: Surroundings, since: datetime) -> Iterator[Happening]:
    """Yield scorecards whose quarter is posted: from then on their heads may look at them."""
    posted = (
        select(ScorecardPosting.scorecard_id, func.min(ScorecardPosting.posted_at).label("at"))
        .group_by(ScorecardPosting.scorecard_id)
        .subquery()
    )
    query = (
        select(*(ScorecardRevision.id, ScorecardRevision.period, ScorecardRevision.revision, ScorecardRevision.digest))
        .add_columns(Department.code, posted.c.at)
        .join(posted, posted.c.scorecard_id == ScorecardRevision.id)
        .join(Department, Department.id == ScorecardRevision.department_id)
        .join(PeriodRecord, PeriodRecord.period == ScorecardRevision.period)
        .where(PeriodRecord.posted_at.is_not(None), PeriodRecord.posting_stopped.is_(False), posted.c.at >= since)
        .where(_is_untold(webhook, "scorecard", ScorecardRevision.id.expression))
        .order_by(ScorecardRevision.id)
    )
    for row in session.execute(query):
        data: dict[str, str | int] = {
            "department": row.code,
            "period": row.period,
            "revision": row.revision,
            "digest": row.digest,
            "url": around.links.scorecard(row.period, row.code),
        }
        yield Happening(WebhookEvent.SCORECARD_ISSUED, f"scorecard:{row.id}", row.at, data)


def _consented(session: Session, webhook: Webhook, around: Surroundings, since: datetime) -> Iterator[Happening]:
    """Yield cases on the working morning after they were asked for: the hour of an answer would say whose it is.

    Without the department: beside its few invitations of a day, which administrators see, it would say so too.
    """
    query = (
        select(FollowUp.id, FollowUp.period, FollowUp.created_at)
        .where(FollowUp.created_at >= since, _is_untold(webhook, "follow-up", FollowUp.id.expression))
        .order_by(FollowUp.id)
    )
    for row in session.execute(query):
        morning = next_morning(row.created_at, around.time_zone, around.policy)
        if morning <= around.now:
            data = {"period": row.period, "case": row.id}
            yield Happening(WebhookEvent.LOW_RATING_CONSENTED, f"follow-up:{row.id}", morning, data)


def _imported(session: Session, webhook: Webhook, since: datetime) -> Iterator[Happening]:
    imports = AuditEntry.action == Act.IMPORTED.value, AuditEntry.at >= since
    entries = select(AuditEntry).where(*imports, _is_untold(webhook, "entry", AuditEntry.id.expression))
    for entry in session.scalars(entries.order_by(AuditEntry.id)):
        counts = {name: int(entry.details.get(name) or 0) for name in _COUNTS}
        data: dict[str, str | int] = {"kind": str(entry.details.get("kind", entry.subject)), **counts}
        yield Happening(WebhookEvent.IMPORT_FINISHED, f"entry:{entry.id}", entry.at, data)


def claim_next(session: Session, *, now: datetime, without: Collection[int] = ()) -> Attempt | None:
    """Begin an attempt at what has waited longest, but for the webhooks `without`; None when nothing is due.

    Commit before the attempt: it is counted even if the worker dies of it, and its next one, under the same id, is a
    while away. Two workers never claim the same one.
    """
    due = (
        select(WebhookDelivery, Webhook)
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(WebhookDelivery.state == WebhookState.WAITING, WebhookDelivery.next_attempt_at <= now)
        .where(Webhook.is_active, Webhook.id.not_in(without))
        .order_by(WebhookDelivery.next_attempt_at, WebhookDelivery.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=WebhookDelivery)
    )
    while True:
        found = session.execute(due).tuples().first()
        if found is None:
            return None
        delivery, webhook = found
        if delivery.attempts < len(RETRIES):
            delivery.attempts += 1
            delivery.next_attempt_at = now + RETRIES[delivery.attempts - 1]
            session.flush()
            told = (delivery.message_id, webhook.url, webhook.secret, delivery.body)
            return Attempt(delivery.id, delivery.attempts, webhook.id, *told)
        delivery.state, delivery.next_attempt_at = WebhookState.FAILED, None
        delivery.error = delivery.error or NEVER_FINISHED
        session.flush()


def settle_delivered(session: Session, attempt: Attempt, status: int, *, now: datetime) -> bool:
    """Note that a receiver took it; False where a later attempt has begun meanwhile."""
    values = {"state": WebhookState.DELIVERED, "status": status, "error": None, "next_attempt_at": None}
    is_ours = _settle(session, attempt, values | {"delivered_at": now})
    taken = update(Webhook).where(Webhook.id == attempt.webhook_id, Webhook.failing_since.is_not(None))
    session.execute(taken.values(failing_since=None, problem=None))
    return is_ours


def settle_failed(session: Session, attempt: Attempt, problem: str, status: int | None, *, now: datetime) -> None:
    """Note why an attempt failed; a webhook that has failed for days, or whose receiver is gone, is switched off."""
    is_over = attempt.number >= len(RETRIES) or status == GONE
    values: dict[str, object] = {"status": status, "error": problem[:LONGEST_ERROR]}
    ended: dict[str, object] = {"state": WebhookState.FAILED, "next_attempt_at": None} if is_over else {}
    _settle(session, attempt, values | ended)
    webhook = session.get(Webhook, attempt.webhook_id, with_for_update=True)
    if webhook is None:  # an administrator took it away during the attempt
        return
    webhook.failing_since, webhook.problem = webhook.failing_since or now, problem[:LONGEST_ERROR]
    if status == GONE or now - webhook.failing_since >= PATIENCE:
        webhook.is_active = False  # and no later attempt under way switches it on again
    session.flush()


def _settle(session: Session, attempt: Attempt, values: Mapping[str, object]) -> bool:
    held = update(WebhookDelivery).where(
        WebhookDelivery.id == attempt.delivery_id,
        WebhookDelivery.attempts == attempt.number,
        WebhookDelivery.state == WebhookState.WAITING,
    )
    return session.scalar(held.values(**values).returning(WebhookDelivery.id)) is not None
