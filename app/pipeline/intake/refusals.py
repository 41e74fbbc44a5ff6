"""What a hook turned away: kept with its reason, for whoever wonders why nothing arrives; never what it said.

Whoever knows the address of a hook can be refused as often as they like. So an hour has a fixed number of places, each
a delivery key of its own; once they are taken nothing is written any more, and looking costs one indexed read.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.states import DeliveryState
from app.models.deliveries import Delivery
from app.models.insertion import insert_missing

AN_HOUR = 20  # of one connection
LONGEST_REASON = 500  # characters: a reason names every field that is wrong, and no value


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A delivery that was not taken: what its sender was answered, and what tells it from others."""

    connection_id: int
    status: int  # of HTTP
    reason: str
    body: bytes | None  # None: too large to be read
    size: int  # bytes
    at: datetime


def free_places(reader: sqlalchemy.Connection, connection_id: int, at: datetime) -> list[str]:
    """Return the places that this hour has left for a connection; none once it was refused often enough."""
    places = [f"refused {at.astimezone(UTC):%Y-%m-%dT%H}Z {number}" for number in range(AN_HOUR)]
    mine = (Delivery.connection_id == connection_id, Delivery.delivery_key.in_(places))
    taken = set(reader.execute(select(Delivery.delivery_key).where(*mine)).scalars())
    return [place for place in places if place not in taken]


def keep_refusal(session: Session, refusal: Refusal, places: Sequence[str]) -> bool:
    """Keep a refusal at the first place still free; return False where none is left. Commit afterwards."""
    told: dict[str, int | str] = {"status": refusal.status, "bytes": refusal.size}
    if refusal.body is not None:
        told["sha256"] = hashlib.sha256(refusal.body).hexdigest()
    row = {
        "connection_id": refusal.connection_id,
        "received_at": refusal.at,
        "headers": {},
        "body": b"",
        "state": DeliveryState.REFUSED,
        "conclusion": told,
        "error": refusal.reason[:LONGEST_REASON],
        "attempts": 0,
        "processed_at": refusal.at,
    }
    return any(insert_missing(session, Delivery, row | {"delivery_key": place}) for place in places)
