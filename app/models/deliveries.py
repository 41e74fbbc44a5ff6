"""Raw events as they came in through a hook: stored before anything is concluded from them.

After 30 days only the sender's id is left, so that a delivery sent once more is known for good. What was refused holds
nothing of its sender's (app/pipeline/intake/refusals.py) and is deleted then.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, UniqueConstraint, and_, func
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import DeliveryState
from app.models.base import Base, UtcDateTime, words


class Delivery(Base):
    """One body of one hook; the delivery key makes a repeated one change nothing."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("connection_id", "delivery_key", name="delivery_is_stored_once"),
        Index("ix_deliveries_state_next_attempt_at", "state", "next_attempt_at"),
        Index("ix_deliveries_connection_id_received_at_id", "connection_id", "received_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connections.id"))
    delivery_key: Mapped[str]
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    headers: Mapped[dict[str, Any]] = mapped_column(JSON)  # without secrets
    body: Mapped[bytes]
    state: Mapped[DeliveryState] = mapped_column(
        words(DeliveryState, "delivery_state_is_known"), default=DeliveryState.STORED
    )
    conclusion: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    error: Mapped[str | None]  # of the last attempt that failed; why it was refused
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # not before; None: settled
    processed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


#: One that is 30 days old has lost its body, and with it what could be read again.
FAILED: ColumnElement[bool] = and_(Delivery.state == DeliveryState.FAILED, func.length(Delivery.body) > 0)
TRIED_AGAIN: ColumnElement[bool] = and_(Delivery.state == DeliveryState.STORED, Delivery.error.is_not(None))
REFUSED: ColumnElement[bool] = Delivery.state == DeliveryState.REFUSED
