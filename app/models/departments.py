"""Departments, their versions over time and their customers' touchpoints. Codes stay, names and parents change."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.departments import DepartmentTree
from app.models.base import SINCE_EVER, Base, UtcDateTime


class Department(Base):
    """What a code stands for, through renames and moves."""

    __tablename__ = "departments"
    __table_args__ = (UniqueConstraint("code", name="department_code_is_unique"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    mails_head: Mapped[bool] = mapped_column(default=True)  # False: HR posts no scorecard to whoever heads it


class DepartmentVersion(Base):
    """A department as it was from `valid_from` until before `valid_to` (None: until further notice)."""

    __tablename__ = "department_versions"
    __table_args__ = (
        UniqueConstraint("department_id", "valid_from", name="one_version_per_department_and_day"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="version_ends_after_it_begins"),
        CheckConstraint("parent_id IS NULL OR parent_id <> department_id", name="department_is_not_its_own_parent"),
        CheckConstraint("staff_count IS NULL OR staff_count >= 0", name="staff_count_is_not_negative"),
        Index("ix_department_versions_parent_id", "parent_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime, default=SINCE_EVER)
    valid_to: Mapped[datetime | None] = mapped_column(UtcDateTime)
    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    head_email: Mapped[str | None]
    staff_count: Mapped[int | None]
    language: Mapped[str | None]
    is_surveyed: Mapped[bool] = mapped_column(default=True)


class TouchpointWeight(Base):
    """How much a customers' touchpoint counts for a department from a quarter on; a quarter's weights sum to 1."""

    __tablename__ = "touchpoint_weights"
    __table_args__ = (CheckConstraint("weight > 0 AND weight <= 1", name="touchpoint_weight_is_a_share"),)

    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"), primary_key=True)
    from_period: Mapped[str] = mapped_column(primary_key=True)
    touchpoint: Mapped[str] = mapped_column(primary_key=True)
    weight: Mapped[float]


def versions_at(session: Session, moment: datetime) -> dict[int, DepartmentVersion]:
    """Return the version of each department that is valid at `moment`, by department id."""
    valid = select(DepartmentVersion).where(
        DepartmentVersion.valid_from <= moment,
        (DepartmentVersion.valid_to.is_(None)) | (DepartmentVersion.valid_to > moment),
    )
    newest_last = valid.order_by(DepartmentVersion.valid_from)
    return {version.department_id: version for version in session.scalars(newest_last)}


def tree_at(session: Session, moment: datetime) -> DepartmentTree:
    """Return the tree of departments at `moment`. For a period take the last moment of its last day."""
    return tree_of(versions_at(session, moment))


def tree_of(versions: Mapping[int, DepartmentVersion]) -> DepartmentTree:
    """Return the tree of the versions of one moment."""
    return DepartmentTree(
        {id_: version.parent_id if version.parent_id in versions else None for id_, version in versions.items()}
    )


def find_department(session: Session, code: str) -> Department | None:
    """Return the department with this code, or None."""
    return session.scalar(select(Department).where(Department.code == code))
