"""Keeps how much each customers' touchpoint counts for a department, from a quarter on."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.domain.periods import Calendar
from app.foundations.languages import gettext
from app.imports.departments import DepartmentRow
from app.imports.faults import Fault
from app.models.base import SINCE_EVER
from app.models.departments import TouchpointWeight

_Sets = dict[str, dict[str, float]]  # quarter from which they count -> weights


def agree_touchpoints(
    session: Session,
    rows: Sequence[DepartmentRow],
    known: Mapping[str, int],
    moved: set[int],
    *,
    calendar: Calendar,
    now: datetime,
    file: str,
) -> list[Fault]:
    """Store the weights that rows tell and that differ from those in force; add their departments to `moved`.

    They count from the quarter of `valid_from`; without one since ever, or from this quarter on where others are
    agreed already. Returns a fault for each row that empties weights agreed for an earlier quarter.
    """
    telling = [row for row in rows if "touchpoints" in row.given]
    stored = _stored(session, {known[row.code] for row in telling})
    dated = {row.code for row in telling if row.valid_from}
    faults = []
    for row in telling:
        department = known[row.code]
        sets = stored.setdefault(department, {})
        quarter = _quarter(row, sets, calendar, now, has_history=row.code in dated)
        told = dict(row.touchpoints or ())
        if told == _in_force(sets, quarter):
            continue
        if not told and quarter not in sets:
            sentence = gettext("weights agreed for an earlier quarter stay: give others, or end the department")
            faults.append(Fault(file, row.line, "touchpoints", sentence))
            continue
        moved.add(department)
        _replace(session, department, quarter, told)
        sets[quarter] = told
    return faults


def _stored(session: Session, departments: set[int]) -> dict[int, _Sets]:
    found: dict[int, _Sets] = {}
    for weight in session.scalars(select(TouchpointWeight)):
        if weight.department_id in departments:
            sets = found.setdefault(weight.department_id, {})
            sets.setdefault(weight.from_period, {})[weight.touchpoint] = weight.weight
    return found


def _quarter(row: DepartmentRow, sets: _Sets, calendar: Calendar, now: datetime, *, has_history: bool) -> str:
    if row.valid_from is not None:
        return str(calendar.period_of(row.valid_from))
    if not sets or has_history:
        return str(calendar.period_of(SINCE_EVER))
    return max(str(calendar.period_of(now)), *sets)


def _in_force(sets: _Sets, quarter: str) -> dict[str, float]:
    begun = [start for start in sets if start <= quarter]
    return sets[max(begun)] if begun else {}


def _replace(session: Session, department: int, quarter: str, weights: dict[str, float]) -> None:
    session.execute(
        delete(TouchpointWeight).where(
            TouchpointWeight.department_id == department, TouchpointWeight.from_period == quarter
        )
    )
    rows = [
        {"department_id": department, "from_period": quarter, "touchpoint": touchpoint, "weight": weight}
        for touchpoint, weight in weights.items()
    ]
    if rows:
        session.execute(insert(TouchpointWeight), rows)
