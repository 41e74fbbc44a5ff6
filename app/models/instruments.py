"""Instruments an administrator defined beside the built-in ones: scale, direction, construct, labels."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, UtcDateTime


class CustomInstrument(Base):
    """A question somebody else asks; a changed wording is a new name."""

    __tablename__ = "custom_instruments"
    __table_args__ = (CheckConstraint("lowest < highest", name="instrument_has_a_scale"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    lowest: Mapped[int]
    highest: Mapped[int]
    is_reversed: Mapped[bool] = mapped_column(default=False)
    construct: Mapped[str]
    labels: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    notes: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
