"""When each periodic step last ran, so that one machine runs it once; and what a wrong clock left behind there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.clocks import CLOCKS_DIFFER
from app.models.base import Base, UtcDateTime

# Whoever moves the mark first has it; another finds it moved. Right on both databases without reading first.
_MOVE_RUN_MARK = text(
    "INSERT INTO run_marks (name, at) VALUES (:name, :at)"
    " ON CONFLICT (name) DO UPDATE SET at = excluded.at WHERE run_marks.at < excluded.at"
).bindparams(bindparam("at", type_=UtcDateTime))

_FOUND, _AHEAD = "clock fault found", "clock fault ahead"  # two rows, so that doctor can tell it for some days


class RunMark(Base):
    """The last `now` of a periodic step; an earlier one is refused."""

    __tablename__ = "run_marks"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True)
class ClockFault:
    """A mark that lay ahead of every sane clock: when that was noticed, and which moment it named."""

    found_at: datetime
    ahead: datetime


def move_run_mark(session: Session, name: str, at: datetime) -> bool:
    """Move a mark forward to `at`; True for exactly one caller per moment, however many machines try."""
    result = session.execute(_MOVE_RUN_MARK, {"name": name, "at": at})
    return int(getattr(result, "rowcount", 0)) == 1


def furthest_ahead(session: Session, now: datetime) -> datetime | None:
    """Return the furthest moment of the marks that a wrong clock wrote; None where every clock is right."""
    latest = select(RunMark.at).where(RunMark.at > now + CLOCKS_DIFFER, RunMark.name.not_in([_FOUND, _AHEAD]))
    return session.scalar(latest.order_by(RunMark.at.desc()).limit(1))


def forget_marks_ahead(session: Session, now: datetime) -> datetime | None:
    """Delete the marks that a wrong clock wrote, which would hold every step up until then, and note the fault.

    Return the furthest moment found; None where every clock is right. What a step did at that moment stands in its own
    rows, and every step is safe to run twice.
    """
    ahead = furthest_ahead(session, now)
    if ahead is None:
        return None
    wrong = RunMark.at > now + CLOCKS_DIFFER
    session.execute(delete(RunMark).where(wrong).execution_options(synchronize_session="fetch"))
    session.execute(delete(RunMark).where(RunMark.name == _AHEAD))
    for name, at in ((_FOUND, now), (_AHEAD, ahead)):
        move_run_mark(session, name, at)
    return ahead


def last_clock_fault(session: Session) -> ClockFault | None:
    """Return the last fault that was noted."""
    query = select(RunMark.name, RunMark.at).where(RunMark.name.in_([_FOUND, _AHEAD]))
    noted = dict(session.execute(query).tuples().all())
    return ClockFault(noted[_FOUND], noted[_AHEAD]) if len(noted) == len((_FOUND, _AHEAD)) else None
