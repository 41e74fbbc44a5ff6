"""From a hook's stored body to recorded events: stored at once, concluded from later, each delivery once.

A delivery is claimed in a transaction of its own before anything reads it: an attempt is counted even if the worker
dies of it, the next one is a while away, and meanwhile the others go on. Between claim and record the tool may be asked
for what the body lacks.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, defer

from app.connectors.hooks import Conclusion, Hook
from app.domain.periods import Calendar
from app.domain.states import ConnectionSide, DeliveryState
from app.foundations.crypto import Keys
from app.foundations.http import Throttled, Trouble
from app.foundations.languages import gettext
from app.foundations.reasons import reason_of, way_to
from app.imports.faults import Fault, RowsRefused
from app.models.connections import Connection
from app.models.deliveries import Delivery
from app.models.prepared import Prepared
from app.pipeline.intake.events import record_all, told_ahead
from app.pipeline.intake.outcomes import came_to

log = logging.getLogger(__name__)

# Enough to read a body again; signatures, keys and cookies are not kept.
KEPT_HEADERS = frozenset(
    {
        "content-type",
        "user-agent",
        "webhook-id",
        "webhook-timestamp",
        "x-atlassian-webhook-identifier",
        "x-chatwoot-timestamp",
        "x-github-delivery",
        "x-github-event",
        "x-gitlab-event",
        "x-gitlab-event-uuid",
    }
)

# What came is loaded once, by `bring`: megabytes may, and what cannot be loaded must not stop those behind it.
_UNREAD = (defer(Delivery.body), defer(Delivery.headers), defer(Delivery.conclusion))

#: From the beginning of an attempt to the next one; after the last it has failed. The first also covers a slow attempt.
RETRIES = (timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(hours=18))
LONGEST_ERROR = 2000
NEVER_FINISHED = "no attempt came to its end: the worker was stopped or ran out of memory"

_STORED = (
    "connection_id",
    "delivery_key",
    "received_at",
    "next_attempt_at",
    "headers",
    "body",
    "state",
    "attempts",
)
# Prepared, since SQLAlchemy puts an INSERT with ON CONFLICT together anew each time, which costs more than storing.
_STORE = {
    dialect: Prepared(insert(Delivery).inline().on_conflict_do_nothing(), *_STORED)
    for dialect, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


@dataclass(frozen=True)
class Claim:
    """One attempt at one delivery; whoever holds it may settle it, until a later attempt begins."""

    connection_id: int
    delivery_id: int
    attempt: int  # from 1
    until: datetime  # when the next attempt may begin


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What a claimed delivery holds, and what its connection knows."""

    connection_id: int
    slug: str
    side: ConnectionSide
    kind: str
    settings: Mapping[str, Any] = field(repr=False)  # credentials included
    hook: Hook


def store(to: sqlalchemy.Connection, connection: Connection, hook: Hook, delivery_key: str) -> bool:
    """Keep a delivery as it came; return False when it was stored before, which changes nothing. Commit afterwards."""
    row = _row(connection, hook, delivery_key)
    return _STORE[to.dialect.name].run_whole(to, row) == 1


def store_again(to: sqlalchemy.Connection, connection: Connection, hook: Hook, delivery_key: str) -> bool:
    """Let a delivery that was read before be read once more; return False where nobody has begun to. Commit afterwards.

    For bodies that only name what to ask for: the same bytes may tell of a second event, which came after the answer
    to the first was given. An attempt that is under way records nothing any more; the next one asks anew.
    """
    is_begun = or_(Delivery.state != DeliveryState.STORED, Delivery.attempts > 0)
    row = _row(connection, hook, delivery_key)
    known = update(Delivery).where(
        Delivery.connection_id == row.pop("connection_id"), Delivery.delivery_key == row.pop("delivery_key"), is_begun
    )
    return to.execute(known.values(**row, processed_at=None, error=None)).rowcount == 1


def _row(connection: Connection, hook: Hook, delivery_key: str) -> dict[str, Any]:
    return {
        "connection_id": connection.id,
        "delivery_key": delivery_key,
        "received_at": hook.received_at,
        "next_attempt_at": hook.received_at,
        "headers": {name: value for name, value in hook.headers.items() if name in KEPT_HEADERS},
        "body": hook.body,
        "state": DeliveryState.STORED,
        "attempts": 0,
    }


def connections_with_due(session: Session, *, now: datetime) -> set[int]:
    """Return the ids of the connections of which a delivery is due."""
    return set(session.scalars(select(Delivery.connection_id).where(_is_due(now)).distinct()))


def _is_due(now: datetime) -> ColumnElement[bool]:
    # A first attempt is due whenever it is: the clock of the machine that stored the delivery may be ahead of ours.
    may_begin = or_(Delivery.attempts == 0, Delivery.next_attempt_at <= now)
    return and_(Delivery.state == DeliveryState.STORED, may_begin)


def latest_stored(session: Session, connection_id: int) -> datetime | None:
    """Return when the last of a connection's waiting deliveries came; None where none waits."""
    waiting = (Delivery.connection_id == connection_id, Delivery.state == DeliveryState.STORED)
    return session.scalar(select(func.max(Delivery.received_at)).where(*waiting))


def claim_next(session: Session, connection_id: int, *, now: datetime) -> Claim | None:
    """Begin an attempt at a connection's delivery that has waited longest, or return None when none is due.

    Commit before the attempt. Two workers never claim the same one. One whose attempts are used up is kept as failed.
    """
    due = select(Delivery, Connection.removed_at).join(Connection, Connection.id == Delivery.connection_id)
    due = due.where(Delivery.connection_id == connection_id, _is_due(now))
    oldest = due.order_by(Delivery.next_attempt_at, Delivery.id).limit(1).options(*_UNREAD)
    while True:
        found = session.execute(oldest.with_for_update(skip_locked=True, of=Delivery)).first()
        if found is None:
            return None
        delivery, removed_at = found
        if removed_at is not None:  # it was on its way through the door while its connection was removed
            session.delete(delivery)
            session.flush()
            continue
        if delivery.attempts < len(RETRIES):
            delivery.attempts += 1
            delivery.next_attempt_at = now + RETRIES[delivery.attempts - 1]
            session.flush()
            return Claim(connection_id, delivery.id, delivery.attempts, delivery.next_attempt_at)
        reason = delivery.error or NEVER_FINISHED
        log.error("delivery %s is given up after %s attempts: %s", delivery.id, delivery.attempts, reason)
        _settle(session, delivery, DeliveryState.FAILED, now, error=reason)


def bring(session: Session, claim: Claim, keys: Keys, calendar: Calendar) -> Brought:
    """Return what a claimed delivery holds, for concluding from it after the commit."""
    delivery = session.get_one(Delivery, claim.delivery_id)
    connection = session.get_one(Connection, delivery.connection_id)
    settings = connection.known_settings(keys)
    hook = Hook(
        body=delivery.body,
        headers=delivery.headers,
        settings=settings,
        time_zone=calendar.time_zone,
        received_at=delivery.received_at,
    )
    return Brought(
        connection_id=connection.id,
        slug=connection.slug,
        side=connection.side,
        kind=connection.kind,
        settings=settings,
        hook=hook,
    )


def settle(
    session: Session, claim: Claim, conclusion: Conclusion, *, calendar: Calendar, now: datetime
) -> Connection | None:
    """Record the events of a claimed delivery, once, and return its connection.

    None says that a later attempt took it over, or that the connection was removed: then nothing is to be recorded.
    Raises RowsRefused for a completion that is told for later, by more than clocks differ.
    """
    # In the order of whoever removes the connection, so that neither waits for the other in turn.
    stands = select(Connection).where(Connection.id == claim.connection_id, Connection.removed_at.is_(None))
    connection = session.scalar(stands.with_for_update(key_share=True, read=True))
    delivery = _held(session, claim)
    if connection is None or delivery is None:
        return None
    if ahead := told_ahead(conclusion.events, now=max(now, delivery.received_at)):
        way = gettext("Set it right in the tool, then let this be read again.")
        raise RowsRefused(*(Fault("", 0, "", f"{sentence}. {way}") for sentence in ahead.values()))
    told = record_all(session, connection, conclusion.events, calendar=calendar, received_at=delivery.received_at)
    verdict, why = came_to(conclusion, told)
    delivery.conclusion = {"verdict": verdict.value, "why": why, "requests": [one.request.id for one in told]}
    _settle(session, delivery, DeliveryState.PROCESSED, now)
    return connection


def refuse(session: Session, claim: Claim, reason: str, *, now: datetime) -> None:
    """Keep a claimed delivery as failed: whenever one tries, it cannot be read or recorded."""
    delivery = _held(session, claim)
    if delivery is not None:
        _settle(session, delivery, DeliveryState.FAILED, now, error=reason)


def put_off(session: Session, claim: Claim, error: Exception, *, now: datetime) -> None:
    """Note why an attempt failed; it is tried again later, or given up if it was the last one.

    Neither the stored nor the logged reason quotes the message of an unexpected error, which may quote the body.
    """
    delivery = _held(session, claim)
    if delivery is None:
        return
    reason = str(error) if isinstance(error, Trouble) else reason_of(error)
    if isinstance(error, Throttled) and delivery.next_attempt_at is not None:
        delivery.next_attempt_at = max(delivery.next_attempt_at, error.until)
    if claim.attempt < len(RETRIES):
        delivery.error = reason[:LONGEST_ERROR]
        log.warning("delivery %s is tried again at %s: %s", delivery.id, delivery.next_attempt_at, reason)
        session.flush()
        return
    words = "delivery %s is given up after %s attempts: %s\n%s"
    log.error(words, delivery.id, claim.attempt, reason, way_to(error))
    _settle(session, delivery, DeliveryState.FAILED, now, error=reason)


def _held(session: Session, claim: Claim) -> Delivery | None:
    """Lock the claimed delivery; None if it was settled, told again or claimed again since."""
    mine = select(Delivery).where(
        Delivery.id == claim.delivery_id,
        Delivery.state == DeliveryState.STORED,
        Delivery.attempts == claim.attempt,
        Delivery.next_attempt_at == claim.until,
    )
    mine = mine.options(*_UNREAD).with_for_update()
    return session.scalar(mine.execution_options(populate_existing=True))


def _settle(
    session: Session, delivery: Delivery, state: DeliveryState, now: datetime, *, error: str | None = None
) -> DeliveryState:
    delivery.state = state
    delivery.error = error[:LONGEST_ERROR] if error else None
    delivery.processed_at, delivery.next_attempt_at = now, None
    session.flush()
    return state
