"""Raw events as they came in through a hook: stored before anything is concluded from them.

After 30 days only the sender's id is left, so that a delivery sent once more is known for good.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
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
    error: Mapped[str | None]  # of the last attempt that failed
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # not before; None: settled
    processed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
