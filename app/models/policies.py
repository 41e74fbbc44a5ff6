"""The asking policy as versioned data, and what was fixed by it at quarter start."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, UtcDateTime


class PolicyVersion(Base):
    """A policy as an administrator switched it on; never changed afterwards."""

    __tablename__ = "policy_versions"

    version: Mapped[int] = mapped_column(primary_key=True)
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    author: Mapped[str]
    reason: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SamplingRate(Base):
    """The probability with which a department's requests are asked about, fixed for the quarter."""

    __tablename__ = "sampling_rates"
    __table_args__ = (CheckConstraint("probability > 0 AND probability <= 1", name="sampling_rate_is_a_probability"),)

    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"), primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    probability: Mapped[float]
    expected_requests: Mapped[int]  # N of the rule: last quarter's
    response_rate: Mapped[float]  # R of the rule, 0.10..0.60
    fixed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RunMark(Base):
    """The last `now` of a periodic step; an earlier one is refused."""

    __tablename__ = "run_marks"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
