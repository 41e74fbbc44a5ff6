"""Cases of requesters who asked to be contacted: what has become of them. Commands see no names."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.domain.states import FollowUpState
from app.models.departments import Department
from app.models.follow_ups import FollowUp


@dataclass(frozen=True)
class OpenCase:
    """A case that is not done, without the name."""

    number: int
    department: str  # code
    period: str
    state: FollowUpState
    asked_at: datetime


class NoSuchCase(LookupError):
    """No case of these departments has the number."""


def mark_contacted(session: Session, number: int, departments: Collection[int], *, now: datetime) -> bool:
    """Note that the department got in touch; False where that was noted before. Raises NoSuchCase."""
    theirs = (FollowUp.id == number, FollowUp.department_id.in_(departments))
    if session.scalar(select(FollowUp.id).where(*theirs)) is None:
        raise NoSuchCase(number)
    waiting = update(FollowUp).where(*theirs, FollowUp.state == FollowUpState.WAITING)
    noted = waiting.values(state=FollowUpState.CONTACTED, contacted_at=now).returning(FollowUp.id)
    return session.scalar(noted) is not None


def mark_done(session: Session, number: int, *, now: datetime) -> bool:
    """Close a case; who was never noted as contacted counts as contacted now. False for an unknown number."""
    known = update(FollowUp).where(FollowUp.id == number)
    contacted = func.coalesce(FollowUp.contacted_at, now)
    closed = known.values(state=FollowUpState.DONE, contacted_at=contacted).returning(FollowUp.id)
    return session.scalar(closed) is not None


def open_cases(session: Session) -> list[OpenCase]:
    """Return the cases that are not done, the oldest first."""
    query = (
        select(FollowUp.id, Department.code, FollowUp.period, FollowUp.state, FollowUp.created_at)
        .join(Department, Department.id == FollowUp.department_id)
        .where(FollowUp.state != FollowUpState.DONE)
        .order_by(FollowUp.created_at, FollowUp.id)
    )
    return [OpenCase(*row) for row in session.execute(query)]
