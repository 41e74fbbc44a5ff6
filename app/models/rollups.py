"""The integer rollups that everything shown is computed from, and the marks that say which are stale.

`is_own` tells the two row sets of a department with children apart: its subtree, or its own requests only.
A cut is `all` or one of `app.domain.scorecards.cuts.CUT_BLOCKS`; its value is text.
`department_id` is COMPANY_ID for the rows of the whole company, which exist where several departments stand on top.
"""

from datetime import datetime

from sqlalchemy import JSON, Connection, ForeignKey, Index, Integer, bindparam, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.base import Base, UtcDateTime
from app.models.prepared import Prepared

STATUS = "status:"  # begins a measure of open requests; the tracker's word follows
COMPANY_ID = 0  # stands for the company as a whole where a department may stand: no department has this id

#: A department and all above it, in the tree of the last moment before `:ends_at`: the body of a recursive `line(id)`.
LINE = """
        SELECT CAST(:department_id AS INTEGER)
        UNION
        SELECT version.parent_id
        FROM department_versions AS version JOIN line ON version.department_id = line.id
        WHERE version.parent_id IS NOT NULL
          AND version.valid_from < :ends_at AND (version.valid_to IS NULL OR version.valid_to >= :ends_at)
"""
_MARK = "INSERT INTO dirty_marks (department_id, period) SELECT id, :period FROM line"
_MARK_LINE = Prepared(
    text(f"WITH RECURSIVE line(id) AS ({LINE}) {_MARK}").bindparams(
        bindparam("ends_at", type_=UtcDateTime), bindparam("department_id", type_=Integer)
    )
)


class DirtyMark(Base):
    """Something counted here changed. Appended, never updated: writers do not wait for each other."""

    __tablename__ = "dirty_marks"
    __table_args__ = (Index("ix_dirty_marks_period_department_id", "period", "department_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    period: Mapped[str]


class ProfileCell(Base):
    """How many requesters of a cell have this profile: their own counts per point, written `0.0.0.1.2`."""

    __tablename__ = "profile_cells"

    department_id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    is_own: Mapped[bool] = mapped_column(primary_key=True)
    cut: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    weight_step: Mapped[int] = mapped_column(primary_key=True)
    profile: Mapped[str] = mapped_column(primary_key=True)
    requesters: Mapped[int]


class CellCount(Base):
    """Per cell: requesters, those who did not consent to contact, responses, low ratings, consents and thanks."""

    __tablename__ = "cell_counts"

    department_id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    is_own: Mapped[bool] = mapped_column(primary_key=True)
    cut: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    requesters: Mapped[int]
    confidential_requesters: Mapped[int]  # who did not consent: the number every threshold counts
    responses: Mapped[int]
    imported_responses: Mapped[int]
    low_ratings: Mapped[int]
    consents: Mapped[int]
    thanks: Mapped[int]


class NotApplicableCount(Base):
    """How often "cannot judge" was chosen, per item of a department-period."""

    __tablename__ = "not_applicable_counts"

    department_id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    is_own: Mapped[bool] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    answers: Mapped[int]


class ThemeCount(Base):
    """How many people gave so many answers to a source, of which so many name a theme (or count under ASKED)."""

    __tablename__ = "theme_counts"

    department_id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    is_own: Mapped[bool] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    theme: Mapped[str] = mapped_column(primary_key=True)
    answers: Mapped[int] = mapped_column(primary_key=True)  # of one person, that were asked for themes
    naming: Mapped[int] = mapped_column(primary_key=True)  # of these
    requesters: Mapped[int]
    confidential_requesters: Mapped[int]  # who did not consent to contact


class WorkCount(Base):
    """Requests by type, requester's department and month; '' and 0 stand for unknown."""

    __tablename__ = "work_counts"

    department_id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    is_own: Mapped[bool] = mapped_column(primary_key=True)
    request_type: Mapped[str] = mapped_column(primary_key=True)
    requester_department_id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)
    arrivals: Mapped[int]
    completions: Mapped[int]
    on_time_known: Mapped[int]
    on_time: Mapped[int]
    reopened: Mapped[int]
    reassignments: Mapped[int]


class WorkDuration(Base):
    """Durations of completed requests in 5 %-wide log bins: first response, completion, and completion in targets."""

    __tablename__ = "work_durations"

    department_id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    is_own: Mapped[bool] = mapped_column(primary_key=True)
    request_type: Mapped[str] = mapped_column(primary_key=True)
    requester_department_id: Mapped[int] = mapped_column(primary_key=True, server_default="0")  # 0: unknown
    measure: Mapped[str] = mapped_column(primary_key=True)
    bin: Mapped[int] = mapped_column(primary_key=True)
    requests: Mapped[int]


class OpenAge(Base):
    """Open requests as they stood at the freeze, by age in the same bins: `open`, `stuck`, `silent`, `of_target`.

    Measures that begin with STATUS count those of one status, in bin 0.
    """

    __tablename__ = "open_ages"

    department_id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    is_own: Mapped[bool] = mapped_column(primary_key=True)
    request_type: Mapped[str] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(primary_key=True)
    bin: Mapped[int] = mapped_column(primary_key=True)
    requests: Mapped[int]


class DriverEstimate(Base):
    """What goes with overall satisfaction in a place, as drawn once at the freeze; the release destroys it.

    A place without a model keeps its number of complete answers, by which it is judged what may be told.
    """

    __tablename__ = "driver_estimates"

    department_id: Mapped[int] = mapped_column(primary_key=True)  # or COMPANY_ID
    period: Mapped[str] = mapped_column(primary_key=True)
    is_own: Mapped[bool] = mapped_column(primary_key=True)
    answers: Mapped[int]  # with an overall rating and all aspects
    requesters: Mapped[int]
    r_squared: Mapped[float | None]
    importance: Mapped[dict[str, list[float]] | None] = mapped_column(JSON)  # estimate, lower and upper end by item
    seed: Mapped[int]


class FunnelCount(Base):
    """Requests and requesters by decision reason or invitation state, per cut value."""

    __tablename__ = "funnel_counts"

    department_id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    is_own: Mapped[bool] = mapped_column(primary_key=True)
    cut: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)  # decision, `completed`, `eligible`, or an invitation state
    requests: Mapped[int]
    requesters: Mapped[int]


def mark_dirty(session: Session, department_id: int, period: str, ends_at: datetime) -> None:
    """Mark a department-period and every department above it (tree of the period's last moment), in one statement."""
    mark_line(session.connection(), department_id, period, ends_at)


def mark_line(connection: Connection, department_id: int, period: str, ends_at: datetime) -> None:
    """Do what `mark_dirty` does where there is no session."""
    _MARK_LINE.run(connection, {"department_id": department_id, "period": period, "ends_at": ends_at})
