"""What HR looked at, or goes without, before a quarter's freeze."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.domain.quarter_close import CheckedStep
from app.models.base import Base, UtcDateTime, words


class CloseCheck(Base):
    """Somebody's word about one step of a quarter's close."""

    __tablename__ = "close_checks"

    period: Mapped[str] = mapped_column(primary_key=True)
    step: Mapped[CheckedStep] = mapped_column(words(CheckedStep, "checked_step_is_known"), primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)  # slug of the source to go without; empty for the whole step
    by: Mapped[str]  # `staff:3`, as in the audit log
    at: Mapped[datetime] = mapped_column(UtcDateTime)
