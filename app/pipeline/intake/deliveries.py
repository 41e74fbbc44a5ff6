"""From a hook's stored body to recorded events: stored at once, concluded from later, each delivery once.

A delivery is claimed in a transaction of its own before anything reads it: an attempt is counted even if the worker
dies of it, the next one is a while away, and meanwhile the others go on.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select, update
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from app.connectors import find_connector
from app.connectors.hooks import Conclusion, Hook, UnreadableBody
from app.domain.periods import Calendar
from app.domain.states import DeliveryState
from app.foundations.reasons import reason_of, way_to
from app.models.connections import Connection
from app.models.deliveries import Delivery
from app.models.insertion import insert_missing
from app.pipeline.intake.events import record

log = logging.getLogger(__name__)

# Enough to read a body again; signatures, keys and cookies are not kept.
KEPT_HEADERS = frozenset({"content-type", "user-agent", "webhook-id", "webhook-timestamp"})

#: From the beginning of an attempt to the next one; after the last it has failed. The first also covers a slow attempt.
RETRIES = (timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(hours=18))
LONGEST_ERROR = 2000
NEVER_FINISHED = "no attempt came to its end: the worker was stopped or ran out of memory"


@dataclass(frozen=True)
class Claim:
    """One attempt at one delivery; whoever holds it may settle it, until a later attempt begins."""

    delivery_id: int
    attempt: int  # from 1


def store(session: Session, connection: Connection, hook: Hook, delivery_key: str) -> bool:
    """Keep a delivery as it came; return False when it was stored before, which changes nothing."""
    row = {
        "connection_id": connection.id,
        "delivery_key": delivery_key,
        "received_at": hook.received_at,
        "next_attempt_at": hook.received_at,
        "headers": {name: value for name, value in hook.headers.items() if name in KEPT_HEADERS},
        "body": hook.body,
    }
    return insert_missing(session, Delivery, row) == 1


def claim_next(session: Session, *, now: datetime) -> Claim | None:
    """Begin an attempt at the delivery that has waited longest, or return None when none is due.

    Commit before the attempt. Two workers never claim the same one. One whose attempts are used up is kept as failed.
    """
    while True:
        due = select(Delivery).where(Delivery.state == DeliveryState.STORED, Delivery.next_attempt_at <= now)
        oldest = due.order_by(Delivery.next_attempt_at, Delivery.id).limit(1)
        delivery = session.scalar(oldest.with_for_update(skip_locked=True))
        if delivery is None:
            return None
        if delivery.attempts < len(RETRIES):
            delivery.attempts += 1
            delivery.next_attempt_at = now + RETRIES[delivery.attempts - 1]
            session.flush()
            return Claim(delivery.id, delivery.attempts)
        reason = delivery.error or NEVER_FINISHED
        log.error("delivery %s is given up after %s attempts: %s", delivery.id, delivery.attempts, reason)
        _settle(session, delivery, DeliveryState.FAILED, now, error=reason)


def process(session: Session, claim: Claim, *, calendar: Calendar, now: datetime) -> DeliveryState | None:
    """Record what a claimed delivery tells; return its new state, or None when a later attempt has taken it over.

    A body that cannot be read or recorded, whenever one tries, is kept as failed with the reason.
    """
    delivery = _held(session, claim)
    if delivery is None:
        return None
    connection = session.get_one(Connection, delivery.connection_id)
    try:
        with session.begin_nested():
            delivery.conclusion = _record(session, connection, delivery, calendar)
    except (UnreadableBody, DataError) as error:
        return _settle(session, delivery, DeliveryState.FAILED, now, error=str(error))
    return _settle(session, delivery, DeliveryState.PROCESSED, now)


def put_off(session: Session, claim: Claim, error: Exception, *, now: datetime) -> None:
    """Note why an attempt failed unexpectedly; it is tried again later, or given up if it was the last one.

    Neither the stored nor the logged reason quotes the error's message, which may quote the body.
    """
    delivery = _held(session, claim)
    if delivery is None:
        return
    reason = reason_of(error)
    if claim.attempt < len(RETRIES):
        delivery.error = reason
        log.warning("delivery %s is tried again at %s: %s", delivery.id, delivery.next_attempt_at, reason)
        session.flush()
        return
    words = "delivery %s is given up after %s attempts: %s\n%s"
    log.error(words, delivery.id, claim.attempt, reason, way_to(error))
    _settle(session, delivery, DeliveryState.FAILED, now, error=reason)


def _held(session: Session, claim: Claim) -> Delivery | None:
    """Lock the claimed delivery; None if it was settled or claimed again since."""
    mine = select(Delivery).where(
        Delivery.id == claim.delivery_id,
        Delivery.state == DeliveryState.STORED,
        Delivery.attempts == claim.attempt,
    )
    return session.scalar(mine.with_for_update().execution_options(populate_existing=True))


def _settle(
    session: Session, delivery: Delivery, state: DeliveryState, now: datetime, *, error: str | None = None
) -> DeliveryState:
    delivery.state = state
    delivery.error = error[:LONGEST_ERROR] if error else None
    delivery.processed_at, delivery.next_attempt_at = now, None
    session.flush()
    return state


def _record(session: Session, connection: Connection, delivery: Delivery, calendar: Calendar) -> dict[str, object]:
    conclusion = conclude(connection, stored_hook(connection, delivery, calendar.time_zone))
    requests = [
        record(session, event, tracker=connection, calendar=calendar, received_at=delivery.received_at).id
        for event in conclusion.events
    ]
    is_news = or_(Connection.last_event_at.is_(None), Connection.last_event_at < delivery.received_at)
    last = update(Connection).where(Connection.id == connection.id, is_news)
    session.execute(last.values(last_event_at=delivery.received_at))
    return {"verdict": conclusion.verdict.value, "why": conclusion.why, "requests": requests}


def conclude(connection: Connection, hook: Hook) -> Conclusion:
    """Return what the connector of this connection reads in a body. Raises UnreadableBody."""
    connector = find_connector(connection.side, connection.kind)
    if connector is None or connector.read is None:
        raise UnreadableBody(f"nothing reads deliveries of kind {connection.kind}")
    return connector.read(hook)


def stored_hook(connection: Connection, delivery: Delivery, time_zone: ZoneInfo) -> Hook:
    """Return a stored delivery as a connector reads it."""
    headers: Mapping[str, str] = delivery.headers
    return Hook(
        body=delivery.body,
        headers=headers,
        settings=connection.settings,
        time_zone=time_zone,
        received_at=delivery.received_at,
    )
