"""Cases of requesters who asked for contact: identity side, by their own consent."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import FollowUpState
from app.models.base import Base, UtcDateTime, words


class FollowUp(Base):
    """A wish to be contacted at a low rating: the department sees who and which request, not the other answers."""

    __tablename__ = "follow_ups"
    __table_args__ = (
        UniqueConstraint("invitation_id", name="one_follow_up_per_invitation"),
        Index("ix_follow_ups_department_id_period", "department_id", "period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    period: Mapped[str]
    state: Mapped[FollowUpState] = mapped_column(
        words(FollowUpState, "follow_up_state_is_known"), default=FollowUpState.WAITING
    )
    note: Mapped[str | None]  # of the heads, for themselves
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    contacted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_word: Mapped[str | None]  # what the head writes to the requester, sent when the case is closed
