"""Marks what has to be counted anew when the tree of departments changes: every quarter that is not frozen."""

from collections.abc import Collection

from sqlalchemy import insert, select, union
from sqlalchemy.orm import Session

from app.domain.periods import Calendar, Period
from app.domain.states import PeriodState
from app.models.departments import tree_at
from app.models.releases import PeriodRecord
from app.models.responses import HeldResponse
from app.models.rollups import DirtyMark
from app.models.service_requests import RequestCycle


def open_periods(session: Session) -> list[str]:
    """Return the quarters that have requests or answers and are not frozen, oldest first."""
    closed = select(PeriodRecord.period).where(PeriodRecord.state != PeriodState.OPEN)
    used = union(select(RequestCycle.period), select(HeldResponse.period)).subquery()
    return sorted(session.scalars(select(used.c.period).where(used.c.period.not_in(closed))))


def mark_open_periods(
    session: Session, departments: Collection[int], calendar: Calendar, *, left: Collection[int] = ()
) -> None:
    """Mark these departments and all above and below them, in every open period that has requests or answers.

    `left` are departments that others stood below until now: they and those above them have lost something.
    """
    rows = []
    for period in open_periods(session):
        tree = tree_at(session, calendar.last_moment(Period.parse(period)))
        lines = {other for here in departments for other in (here, *tree.ancestors(here), *tree.subtree(here))}
        lines |= {other for here in left for other in (here, *tree.ancestors(here))}
        rows += [{"department_id": department, "period": period} for department in sorted(lines)]
    if rows:
        session.execute(insert(DirtyMark), rows)
