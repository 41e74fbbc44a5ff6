"""How the company shows itself on pages and in From: every version stays, the newest holds."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, UtcDateTime


class Branding(Base):
    """One version. Empty words and colours are those of the environment and of Parity."""

    __tablename__ = "brandings"
    __table_args__ = (CheckConstraint("length(logo) <= 24576", name="a_logo_is_small"),)

    version: Mapped[int] = mapped_column(primary_key=True)
    company: Mapped[str]
    sender_name: Mapped[str]
    accent: Mapped[str] = mapped_column(String(7))
    accent_dark: Mapped[str] = mapped_column(String(7))
    logo: Mapped[bytes | None]  # PNG, drawn anew by us
    author: Mapped[str]  # as the log names them: `staff:3`
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
