"""The outbox: message names and parameters, never a rendered link. The database is the truth, a queue only hints."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import MessageState
from app.models.base import Base, UtcDateTime, words


class Message(Base):
    """One mail to one recipient. `key` makes enqueueing idempotent and names the stable Message-ID."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("key", name="message_is_written_once"),
        CheckConstraint("attempts >= 0", name="attempts_are_counted"),
        CheckConstraint("(state = 'sending') = (leased_until IS NOT NULL)", name="a_lease_stands_while_sending"),
        Index("ix_messages_state_due_at", "state", "due_at"),
        Index("ix_messages_invitation_id", "invitation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]  # for example `invitation:<hex of the public id>`
    name: Mapped[str]  # folder of templates/mail
    params: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # emptied 7 days after sending
    recipient: Mapped[str | None]  # address; emptied with the parameters
    language: Mapped[str]
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id", ondelete="CASCADE"))
    state: Mapped[MessageState] = mapped_column(
        words(MessageState, "message_state_is_known"), default=MessageState.WAITING
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)  # not before
    give_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease: Mapped[str | None]  # random; only its holder may finish the row
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mail_system: Mapped[str | None]  # what the receiving server called itself
    error: Mapped[str | None]  # last refusal, in words
