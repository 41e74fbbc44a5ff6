"""The only bridge between the two sides: public id of an invitation to its held answer. Dies with the invitation."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, UtcDateTime


class ResponseLink(Base):
    """While this row stands, an answer can be corrected by its author and connected with them."""

    __tablename__ = "response_links"
    __table_args__ = (
        UniqueConstraint("response_id", name="one_link_per_response"),
        Index("ix_response_links_expires_at", "expires_at"),
        {"sqlite_with_rowid": False},
    )

    public_id: Mapped[bytes] = mapped_column(primary_key=True)
    response_id: Mapped[bytes]
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Of the last submission, whether it counted or not: two ratings within seconds of each other betray a machine. They
    # stand here because the answer side knows no time, and die with the link.
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_rating: Mapped[int | None]
