"""Make a quarter's answers unlinkable, in one transaction for the whole quarter.

After it the database holds, per response, a department, a quarter and the always-asked items, under new random ids;
links, held rows, hidden cells and the quarter's salt are gone. Afterwards call `checkpoint` (SQLite's write-ahead log).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from app.domain.periods import RELEASE_AFTER, Calendar, Period
from app.domain.releasing import Placement
from app.domain.states import PeriodState
from app.foundations.crypto import Keys
from app.models.quarter_salts import close_salt
from app.models.releases import PeriodRecord, ReleaseTally, refuse_moved_periods
from app.models.responses import ImportedPeriod
from app.pipeline.release.destroying import close_invitations, destroy_held
from app.pipeline.release.keeping import keep_comments, keep_rows
from app.pipeline.release.sealing import seal_cells

__all__ = ["NotFrozen", "NotYetReleasable", "Released", "checkpoint", "due_periods", "release"]


class NotFrozen(Exception):
    """A quarter is released only after its scorecards are frozen."""

    def __init__(self, period: Period) -> None:
        super().__init__(f"{period} is not frozen: its scorecards come first")
        self.period = period


class NotYetReleasable(Exception):
    """Late answers may still reach a second revision; `releases_at` is when they may not any more."""

    def __init__(self, period: Period, releases_at: datetime) -> None:
        super().__init__(f"{period} is released from {releases_at:%Y-%m-%d} on")
        self.period, self.releases_at = period, releases_at


@dataclass(frozen=True)
class Released:
    """What the release did, summed over departments."""

    kept: int
    surplus: int
    dropped: int
    sealed_cells: int


def release(
    session: Session,
    period: Period,
    *,
    calendar: Calendar,
    keys: Keys,
    minimum_group: int,
    now: datetime,
    force: bool = False,
) -> Released:
    """Release one quarter. Raises NotFrozen, and NotYetReleasable before its date (`force`: a historical quarter).

    Safe to run twice: a released quarter has nothing left to release.
    """
    refuse_moved_periods(session, calendar)
    record = session.get(PeriodRecord, str(period))
    if record is None or record.state is PeriodState.OPEN:
        raise NotFrozen(period)
    if record.state is PeriodState.RELEASED:
        return Released(0, 0, 0, 0)
    releases_at = _releases_at(session, record, calendar, period)
    if now < releases_at and not (force and record.is_historical):
        raise NotYetReleasable(period, releases_at)
    claimed = session.execute(
        update(PeriodRecord)
        .where(PeriodRecord.period == str(period), PeriodRecord.state == PeriodState.FROZEN)
        .values(state=PeriodState.RELEASED, released_at=now)
        .returning(PeriodRecord.period)
        .execution_options(synchronize_session=False)
    ).first()
    if claimed is None:
        return Released(0, 0, 0, 0)
    close_salt(session, str(period))
    placements = keep_rows(session, period, calendar=calendar, keys=keys, minimum_group=minimum_group)
    keep_comments(session, period, placements)
    sealed = seal_cells(session, str(period))
    destroy_held(session, str(period))
    close_invitations(session, str(period))
    return _tallied(session, str(period), placements, sealed)


def _tallied(session: Session, period: str, placements: Sequence[Placement], sealed: int) -> Released:
    """Note per department what became of its rows, and return the sums."""
    for placement in placements:
        session.add(
            ReleaseTally(
                department_id=placement.department_id,
                period=period,
                kept=len(placement.kept),
                surplus=placement.surplus,
                moved_up=placement.moved_up,
                dropped=placement.dropped,
            )
        )
    session.flush()
    return Released(
        kept=sum(len(placement.kept) for placement in placements),
        surplus=sum(placement.surplus for placement in placements),
        dropped=sum(placement.dropped for placement in placements),
        sealed_cells=sealed,
    )


def due_periods(session: Session, *, calendar: Calendar, now: datetime) -> list[Period]:
    """Return frozen quarters whose release date has come."""
    records = session.scalars(select(PeriodRecord).where(PeriodRecord.state == PeriodState.FROZEN)).all()
    return [
        Period.parse(record.period)
        for record in records
        if now >= _releases_at(session, record, calendar, Period.parse(record.period))
    ]


def _releases_at(session: Session, record: PeriodRecord, calendar: Calendar, period: Period) -> datetime:
    if not record.is_historical:
        return calendar.releases_at(period)
    last = session.scalar(select(ImportedPeriod.last_import_at).where(ImportedPeriod.period == str(period)))
    return (last or record.frozen_at or calendar.releases_at(period)) + timedelta(days=RELEASE_AFTER.days)


def checkpoint(engine: Engine, *, attempts: int = 20) -> bool:
    """Fold SQLite's write-ahead log into the file and empty it, so that nothing deleted stays readable in it.

    Returns False when readers kept it busy for all attempts: try again later. PostgreSQL needs nothing here.
    """
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()  # outside any transaction: a checkpoint cannot run inside one
    try:
        cursor = connection.cursor()
        for _ in range(attempts):
            busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not busy:
                return True
    finally:
        connection.close()
    return False
