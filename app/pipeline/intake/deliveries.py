"""From a hook's stored body to recorded events: stored at once, concluded from later, each delivery once."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select, update
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from app.connectors import find_connector
from app.connectors.hooks import Conclusion, Hook, UnreadableBody
from app.domain.periods import Calendar
from app.domain.states import DeliveryState
from app.models.connections import Connection
from app.models.deliveries import Delivery
from app.models.insertion import insert_missing
from app.pipeline.intake.events import record

# Enough to read a body again; signatures, keys and cookies are not kept.
KEPT_HEADERS = frozenset({"content-type", "user-agent", "webhook-id", "webhook-timestamp"})


def store(session: Session, connection: Connection, hook: Hook, delivery_key: str) -> bool:
    """Keep a delivery as it came; return False when it was stored before, which changes nothing."""
    row = {
        "connection_id": connection.id,
        "delivery_key": delivery_key,
        "received_at": hook.received_at,
        "headers": {name: value for name, value in hook.headers.items() if name in KEPT_HEADERS},
        "body": hook.body,
    }
    return insert_missing(session, Delivery, row) == 1


def process_next(session: Session, *, calendar: Calendar, now: datetime) -> Delivery | None:
    """Record what the oldest waiting delivery tells and return it, or None when none waits.

    Two workers never take the same one. A body that cannot be recorded is kept as failed with the reason.
    """
    waiting = select(Delivery).where(Delivery.state == DeliveryState.STORED)
    oldest = waiting.order_by(Delivery.received_at, Delivery.id).limit(1)
    delivery = session.scalar(oldest.with_for_update(skip_locked=True))
    if delivery is None:
        return None
    connection = session.get_one(Connection, delivery.connection_id)
    delivery.attempts += 1
    delivery.processed_at = now
    try:
        with session.begin_nested():
            delivery.conclusion = _record(session, connection, delivery, calendar)
        delivery.state = DeliveryState.PROCESSED
    except (UnreadableBody, DataError, IntegrityError) as error:
        delivery.state, delivery.error = DeliveryState.FAILED, str(error)[:2000]
    session.flush()
    return delivery


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
