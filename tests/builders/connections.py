"""Trackers as the pages about them need one: a Jira with its hook, one that nobody registered, one by file."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.states import ConnectionSide, DeliveryState
from app.foundations.crypto import Keys
from app.models.connections import Connection
from app.models.deliveries import Delivery
from app.upkeep.connections.adding import Credentials, add_connection

JIRA = {"base_url": "https://jira.example.com", "api_token": "t0ken", "email": "parity@example.com"}
BASE_URL = "http://parity.test"


def jira(session: Session, keys: Keys, now: datetime, slug: str = "it", *, url: str = JIRA["base_url"]) -> Credentials:
    """Add a Jira that nobody has tried yet; return the key of its hook and its secret."""
    settings = {**JIRA, "base_url": url}
    side = ConnectionSide.TRACKER
    made = add_connection(
        session, keys, slug=slug, side=side, kind="jira", settings=settings, base_url=BASE_URL, now=now
    )
    session.commit()
    return made


def alive(session: Session, slug: str, now: datetime) -> Connection:
    """Make a connection one whose hook the tool knows and that has told us something."""
    found = session.scalars(select(Connection).where(Connection.slug == slug)).one()
    found.registration, found.hook_checked_at, found.last_event_at = {"id": "1"}, now, now
    session.commit()
    return found


def delivery(session: Session, slug: str, at: datetime, **fields: Any) -> Delivery:
    """Store a delivery of a connection as its hook would; `fields` say what became of it."""
    connection = session.scalars(select(Connection).where(Connection.slug == slug)).one()
    number = (session.scalar(select(func.count(Delivery.id))) or 0) + 1
    row = Delivery(
        **{
            "connection_id": connection.id,
            "delivery_key": f"d-{number}",
            "received_at": at,
            "headers": {},
            "body": b'{"issue": {"key": "IT-7", "title": "Toner <b>"}}',
            "state": DeliveryState.STORED,
            "attempts": 0,
            **fields,
        }
    )
    session.add(row)
    session.commit()
    return row


def concluded(verdict: str, why: str, *requests: int) -> dict[str, Any]:
    """Return the fields of a delivery that was read."""
    return {
        "state": DeliveryState.PROCESSED,
        "conclusion": {"verdict": verdict, "why": why, "requests": list(requests)},
    }


def unread(why: str) -> dict[str, Any]:
    """Return the fields of a delivery that could not be read."""
    return {"state": DeliveryState.FAILED, "error": why}


def refused(why: str, status: int = 401) -> dict[str, Any]:
    """Return the fields of a delivery that was turned away at the door."""
    told = {"status": status, "bytes": 1234, "sha256": "ab" * 32}
    return {"state": DeliveryState.REFUSED, "error": why, "conclusion": told, "body": b""}
