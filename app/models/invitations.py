"""Invitations: identity side. Never joined with answers but through response_links."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import InvitationState
from app.models.base import Base, UtcDateTime, words

_NOT_WITHDRAWN = text("state <> 'withdrawn'")


class Invitation(Base):
    """One request to answer, planned for one moment."""

    __tablename__ = "invitations"
    __table_args__ = (
        UniqueConstraint("public_id", name="invitation_public_id_is_unique"),
        UniqueConstraint("cycle_id", name="one_invitation_per_completion"),
        Index(
            "request_is_asked_at_most_once",
            "request_id",
            unique=True,
            sqlite_where=_NOT_WITHDRAWN,
            postgresql_where=_NOT_WITHDRAWN,
        ),
        Index(
            "one_invitation_per_person_and_moment",
            "person_id",
            "planned_at",
            unique=True,
            sqlite_where=_NOT_WITHDRAWN,
            postgresql_where=_NOT_WITHDRAWN,
        ),
        CheckConstraint("length(public_id) = 16", name="invitation_public_id_has_16_bytes"),
        CheckConstraint("expires_at > planned_at", name="invitation_expires_after_its_sending"),
        Index("ix_invitations_state_planned_at", "state", "planned_at"),
        Index("ix_invitations_department_id_period", "department_id", "period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[bytes]
    request_id: Mapped[int] = mapped_column(ForeignKey("service_requests.id", ondelete="CASCADE"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("request_cycles.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    period: Mapped[str]  # quarter of the completion: the answer counts there
    sending_period: Mapped[str]  # quarter of the planned sending: the cap counts there
    language: Mapped[str]
    state: Mapped[InvitationState] = mapped_column(
        words(InvitationState, "invitation_state_is_known"), default=InvitationState.QUEUED
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # None: no reminder (any more)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    mail_system: Mapped[str | None]  # who received the mail, for the patterns of held-back answers
