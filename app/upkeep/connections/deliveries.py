"""Deliveries of trackers and sources that could not be read: which, why, and another try once the cause is mended."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.states import DeliveryState
from app.models.connections import Connection
from app.models.deliveries import FAILED, REFUSED, TRIED_AGAIN, Delivery


@dataclass(frozen=True)
class Unread:
    """A delivery that was not read yet, or never taken; what it says is not shown."""

    number: int
    slug: str
    received_at: datetime
    attempts: int
    next_attempt_at: datetime | None  # None: given up, or refused
    error: str


def unread_deliveries(session: Session, slug: str | None = None) -> list[Unread]:
    """Return what was refused, failed or waits for another attempt, the newest last."""
    query = (
        select(Delivery, Connection.slug)
        .join(Connection, Connection.id == Delivery.connection_id)
        .where(FAILED | TRIED_AGAIN | REFUSED)
        .order_by(Delivery.received_at, Delivery.id)
    )
    if slug is not None:
        query = query.where(Connection.slug == slug)
    return [
        Unread(row.id, whose, row.received_at, row.attempts, row.next_attempt_at, row.error or "")
        for row, whose in session.execute(query).tuples()
    ]


def retry_deliveries(session: Session, connection: Connection, *, number: int | None = None, now: datetime) -> int:
    """Let the worker read a connection's failed deliveries, or the one named, as if they had just come; how many."""
    which = [] if number is None else [Delivery.id == number]
    again = (
        update(Delivery)
        .where(Delivery.connection_id == connection.id, FAILED | TRIED_AGAIN, *which)
        .values(state=DeliveryState.STORED, attempts=0, next_attempt_at=now, error=None, processed_at=None)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return len(session.execute(again).all())
