"""Taking a tracker or source away for good: what it brought stays, everything that would let it bring more goes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from app.models.connections import Connection
from app.models.deliveries import Delivery
from app.models.external_scores import ExternalResponse, ExternalTotal
from app.models.service_requests import ServiceRequest


@dataclass(frozen=True)
class Brought:
    """What a connection has brought and what therefore stays under its name."""

    requests: int
    scores: int


def brought_by(session: Session, connection: Connection) -> Brought:
    """Return how many requests and scores of a connection are known."""

    def count(condition: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).where(condition)) or 0

    scores = count(ExternalResponse.source_id == connection.id) + count(ExternalTotal.source_id == connection.id)
    return Brought(count(ServiceRequest.tracker_id == connection.id), scores)


def remove_connection(session: Session, connection: Connection, *, now: datetime) -> Brought:
    """Remove a connection that the caller has locked. Its name is free again only where it has brought nothing.

    Deliveries, secrets, credentials, the address of its hook and its settings go at once: they only say how to ask the
    tool and how to read what it tells. What was asked, answered and scored stays, since scorecards rest on it.
    """
    brought = brought_by(session, connection)
    session.execute(delete(Delivery).where(Delivery.connection_id == connection.id))
    if not (brought.requests or brought.scores):
        session.delete(connection)
        session.flush()
        return brought
    connection.removed_at, connection.is_active = now, False
    connection.key_hash = connection.secret = connection.previous_secret = connection.credentials = None
    connection.registration = connection.handshake_until = connection.hook_problem = None
    connection.cursor = connection.next_poll_at = connection.poll_problem = connection.left_out = None
    connection.settings = {}
    session.flush()
    return brought
