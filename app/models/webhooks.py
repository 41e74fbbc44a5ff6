"""Programs that hear of what happens here, and each event on its way to one of them."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.webhooks import WebhookEvent, WebhookState
from app.models.base import Base, UtcDateTime, words


class Webhook(Base):
    """An address that is told of some kinds of events, with the sealed secret that signs them."""

    __tablename__ = "webhooks"
    __table_args__ = (UniqueConstraint("name", name="webhook_name_is_unique"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    url: Mapped[str]
    secret: Mapped[bytes]
    events: Mapped[list[str]] = mapped_column(JSON)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the first failure after the last success
    problem: Mapped[str | None]  # of the last attempt


class WebhookDelivery(Base):
    """One event for one webhook; the body is what was signed, letter by letter."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("message_id", name="an_event_is_told_once"),
        Index("ix_webhook_deliveries_state_next_attempt_at", "state", "next_attempt_at"),
        Index("ix_webhook_deliveries_webhook_id_about", "webhook_id", "about"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    message_id: Mapped[str]
    about: Mapped[str | None]  # which of its kind: `scorecard:12`; NULL for what was written before this was kept
    event: Mapped[WebhookEvent] = mapped_column(words(WebhookEvent, "webhook_event_is_known"))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[WebhookState] = mapped_column(words(WebhookState, "webhook_state_is_known"))
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    status: Mapped[int | None]  # of the last answer
    error: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
