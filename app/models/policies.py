"""The asking policy as versioned data, and what was fixed by it at quarter start."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.asking_policy import AskingPolicy
from app.domain.asking_policy_json import policy_from_json
from app.models.base import Base, UtcDateTime


class PolicyVersion(Base):
    """A policy as an administrator switched it on; never changed afterwards."""

    __tablename__ = "policy_versions"

    version: Mapped[int] = mapped_column(primary_key=True)
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    author: Mapped[str]
    reason: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PolicyDraft(Base):
    """What an administrator has typed and not switched on; one each, seen by its author only."""

    __tablename__ = "policy_drafts"

    author: Mapped[str] = mapped_column(primary_key=True)  # as the log names them: `staff:3`
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str]
    base_version: Mapped[int]  # in force when it was kept
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


def find_policy(session: Session, version: int | None = None) -> tuple[int, AskingPolicy]:
    """Return a version of the policy with its number, by default the newest; version 0 is the defaults.

    Raises LookupError for a version that there is not.
    """
    if version == 0:
        return 0, AskingPolicy()
    query = select(PolicyVersion).order_by(PolicyVersion.version.desc()).limit(1)
    row = session.scalar(query if version is None else query.where(PolicyVersion.version == version))
    if row is None and version is not None:
        raise LookupError(version)
    return (row.version, policy_from_json(row.rules)) if row else (0, AskingPolicy())


def current_policy(session: Session) -> AskingPolicy:
    """Return the policy in force."""
    return find_policy(session)[1]


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


def version_at(session: Session, moment: datetime) -> int:
    """Return the number of the version that was in force at a moment; 0 is the defaults."""
    begun = select(func.max(PolicyVersion.version)).where(PolicyVersion.created_at <= moment)
    return session.scalar(begun) or 0
