"""Quarters as they close: bounds fixed in UTC, sealed cells, tallies of the release, the disclosure ledger."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ColumnElement, ForeignKey, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.departments import DepartmentTree
from app.domain.periods import Calendar, Period
from app.domain.states import DocumentKind, PeriodState
from app.models.base import Base, UtcDateTime, words
from app.models.external_scores import ExternalResponse
from app.models.responses import HeldResponse
from app.models.service_requests import RequestCycle


class PeriodRecord(Base):
    """A quarter with its bounds, stored once they must not move any more."""

    __tablename__ = "periods"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="period_ends_after_it_starts"),)

    period: Mapped[str] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    time_zone: Mapped[str]
    fiscal_year_start: Mapped[int]
    state: Mapped[PeriodState] = mapped_column(words(PeriodState, "period_state_is_known"), default=PeriodState.OPEN)
    is_historical: Mapped[bool] = mapped_column(default=False)
    family: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # p-values by `CODE|item`, fixed at revision 1
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tree: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # parents by id, fixed at revision 1
    posting_stopped: Mapped[bool] = mapped_column(default=False)
    posted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    posting_approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    posting_approved_by: Mapped[str | None]  # `staff:3`, as in the audit log
    missing_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # who has no mail yet is to get one
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_written(self) -> bool:
        """True when no mail of the quarter is left for the worker to write."""
        return self.posted_at is not None and self.missing_asked_at is None


class SealedCell(Base):
    """A cell that was shown, with its figures as published, kept for good after its answers became unlinkable."""

    __tablename__ = "sealed_cells"

    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"), primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    cut: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str]


class ReleaseTally(Base):
    """What the release did to a department-period: rows kept, deleted as surplus, moved to an ancestor or dropped."""

    __tablename__ = "release_tallies"

    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"), primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    kept: Mapped[int]
    surplus: Mapped[int]
    moved_up: Mapped[int]
    dropped: Mapped[int]


class Disclosure(Base):
    """One figure of one frozen document, told or hidden: what later documents of the quarter are judged by.

    `department_id` is COMPANY_ID for HR's document. A hidden figure has neither value nor people.
    """

    __tablename__ = "disclosures"
    __table_args__ = ({"sqlite_with_rowid": False},)

    period: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[DocumentKind] = mapped_column(words(DocumentKind, "document_kind_is_known"), primary_key=True)
    department_id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    block: Mapped[str] = mapped_column(primary_key=True)
    figure: Mapped[str] = mapped_column(primary_key=True)  # the item, the value of a cut, the step, within its block
    part: Mapped[str] = mapped_column(primary_key=True)  # top_two_box, distribution, median
    is_hidden: Mapped[bool]
    people: Mapped[int | None]  # distinct requesters behind it, where they were counted
    printed: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)


def unwritten() -> ColumnElement[bool]:
    """Choose the quarters of which the worker has mails to write: all of them, or those to who has none."""
    return or_(PeriodRecord.posted_at.is_(None), PeriodRecord.missing_asked_at.is_not(None))


def fix_period(session: Session, calendar: Calendar, period: Period) -> None:
    """Store a quarter's bounds as they are now, if they are not stored yet; they never move afterwards."""
    values = {
        "period": str(period),
        "starts_at": calendar.starts_at(period),
        "ends_at": calendar.ends_at(period),
        "time_zone": str(calendar.time_zone),
        "fiscal_year_start": calendar.fiscal_year_start,
        "state": PeriodState.OPEN,
        "is_historical": False,
        "posting_stopped": False,
    }
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(PeriodRecord).values(values).on_conflict_do_nothing())


def lock_period(session: Session, period: str) -> PeriodRecord | None:
    """Return the quarter's record as it is now and keep others from it until this transaction ends; None if none is.

    Freezing takes it, and so does whoever changes what documents tell, before they look: a freeze may last minutes.
    On PostgreSQL the row is locked, SQLite has one writer anyway.
    """
    return session.get(PeriodRecord, period, with_for_update=True, populate_existing=True)


def lock_fixed_period(session: Session, calendar: Calendar, period: Period) -> PeriodRecord:
    """Do what `lock_period` does with a quarter that need not be stored yet."""
    fix_period(session, calendar, period)
    return session.get_one(PeriodRecord, str(period), with_for_update=True, populate_existing=True)


def fix_tree(record: PeriodRecord, tree: DepartmentTree) -> None:
    """Store the tree with which a quarter was frozen first; it never moves afterwards."""
    if record.tree is None:
        record.tree = _parents(tree)


def is_tree_of_quarter(record: PeriodRecord, tree: DepartmentTree) -> bool:
    """Tell whether departments stand below each other as they did when the quarter was frozen first.

    Where one was moved since, with effect from before the quarter's end, sums with and without it would say its own.
    """
    return record.tree is None or record.tree == _parents(tree)


def _parents(tree: DepartmentTree) -> dict[str, Any]:
    return {str(id_): parent for id_, parent in sorted(tree.parents.items())}


class PeriodsMoved(Exception):
    """Quarters are stored with another time zone or fiscal year than the settings have: nothing is issued."""


class PeriodsMisfiled(PeriodsMoved):
    """The settings were changed before any quarter was fixed, and what is stored was not filed anew yet."""


def quarters_are_fixed(session: Session) -> bool:
    """Tell whether the bounds of a quarter stand already: since the first invitation or the first freeze."""
    return session.scalar(select(PeriodRecord.period).limit(1)) is not None


def is_misfiled(session: Session, calendar: Calendar) -> bool:
    """Tell whether a completion, a score or a held answer stands under another quarter or month than in `calendar`."""
    completed = (func.min(RequestCycle.completed_at), func.max(RequestCycle.completed_at))
    completions = select(RequestCycle.period, RequestCycle.month, *completed)
    for period, month, first, last in session.execute(completions.group_by(RequestCycle.period, RequestCycle.month)):
        if any((str(calendar.period_of(at)), calendar.month_of(at)) != (period, month) for at in (first, last)):
            return True
    answered = (func.min(ExternalResponse.answered_at), func.max(ExternalResponse.answered_at))
    scores = select(ExternalResponse.period, *answered).group_by(ExternalResponse.period)
    for period, first, last in session.execute(scores):
        if any(str(calendar.period_of(at)) != period for at in (first, last)):
            return True
    held = session.execute(select(HeldResponse.period, HeldResponse.month).distinct()).tuples()
    return any(str(calendar.period_of_month(month)) != period for period, month in held)


def refuse_moved_periods(session: Session, calendar: Calendar) -> None:
    """Raise PeriodsMoved if any stored quarter, or what is filed before one is, is another than in `calendar`."""
    stored = session.execute(select(PeriodRecord.time_zone, PeriodRecord.fiscal_year_start).distinct()).tuples().all()
    here = (str(calendar.time_zone), calendar.fiscal_year_start)
    for zone, start in stored:
        if (zone, start) != here:
            raise PeriodsMoved(f"quarters stand in {zone} from month {start}, the settings say {here[0]}, {here[1]}")
    if not stored and is_misfiled(session, calendar):
        raise PeriodsMisfiled(f"stored completions, scores or answers are not filed by {here[0]}, {here[1]}")


def is_released(session: Session, period: str) -> bool:
    """Tell whether answers of the quarter are refused because it was released."""
    state = session.scalar(select(PeriodRecord.state).where(PeriodRecord.period == period))
    return state is PeriodState.RELEASED
