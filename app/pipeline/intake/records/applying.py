"""Checks staged rows against the stored requests and writes all of them, or none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any, cast

from sqlalchemy import CursorResult, RowMapping, bindparam, insert, text
from sqlalchemy.orm import Session

from app.domain.departments import DepartmentTree
from app.domain.periods import Calendar, Period
from app.domain.service_requests import NEVER_TOLD
from app.foundations.languages import gettext
from app.imports.faults import Fault, RowsRefused
from app.imports.requests import RequestRow
from app.models.base import UtcDateTime
from app.models.connections import Connection
from app.models.department_names import departments_by_name
from app.models.departments import tree_at
from app.models.rollups import DirtyMark
from app.pipeline.intake.records import statements
from app.pipeline.intake.records.staging import Staged, stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did; `provider_unknown` counts rows without a department that we know."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    completed: int = 0
    reopened: int = 0
    provider_unknown: int = 0
    unknown_providers: tuple[tuple[str, int], ...] = ()  # names that we do not know and their rows, most rows first
    faults: tuple[Fault, ...] = ()  # rows left out with `skip_bad_rows`

    def __add__(self, other: "Imported") -> "Imported":
        names = ("new", "changed", "unchanged", "completed", "reopened", "provider_unknown")
        lists = ("unknown_providers", "faults")
        return Imported(**{name: getattr(self, name) + getattr(other, name) for name in names + lists})


def apply(
    session: Session,
    staged: Staged,
    *,
    tracker: Connection,
    calendar: Calendar,
    now: datetime,
    create_departments: bool = False,
    skip_bad_rows: bool = False,
) -> Imported:
    """Write the staged rows as state reports and return what changed; the same rows again change nothing.

    Raises RowsRefused for rows that contradict a frozen completion or were not staged, unless they are to be skipped.
    """
    if staged.faults and not skip_bad_rows:
        raise RowsRefused(*staged.faults)
    if staged.rows == 0:
        return Imported(faults=tuple(staged.faults))
    told = _Told(session, {"tracker": tracker.id, "slug": tracker.slug, "now": now, "never_told": NEVER_TOLD})
    if session.get_bind().dialect.name == "postgresql":  # events that come in meanwhile wait for the commit
        told.run("LOCK TABLE service_requests IN SHARE ROW EXCLUSIVE MODE")
    told.run(statements.ADD_PEOPLE_BY_ADDRESS)
    told.run(statements.ADD_PEOPLE_BY_KEY)
    _name_departments(told, now=now, settings=tracker.settings, create=create_departments)
    told.run(statements.plan(staged.given))
    faults = _frozen_faults(told, staged)
    if faults and not skip_bad_rows:
        raise RowsRefused(*faults)
    if faults:
        session.execute(text(statements.FORGET_LINE), [{"line": fault.line} for fault in faults])
    tally = replace(_counted(told), faults=(*staged.faults, *faults))
    _write(told, staged.given, calendar)
    for statement in statements.dropping():
        told.run(statement)
    session.expire_all()
    return tally


def record_rows(
    session: Session,
    rows: Iterable[RequestRow],
    *,
    tracker: Connection,
    calendar: Calendar,
    now: datetime,
    create_departments: bool = False,
    skip_bad_rows: bool = False,
) -> Imported:
    """Write a list of rows inside the running transaction; rows that give different columns are taken in turns.

    Raises RowsRefused with the faults of all rows, unless they are to be skipped.
    """
    total = Imported()
    by_columns = sorted(rows, key=lambda row: sorted(row.given))
    for _, alike in groupby(by_columns, key=lambda row: row.given):
        requesters = tracker.settings.get("requesters", {})
        staged = stage(session.connection(), alike, requesters=requesters, calendar=calendar, now=now)
        total += apply(
            session,
            staged,
            tracker=tracker,
            calendar=calendar,
            now=now,
            create_departments=create_departments,
            skip_bad_rows=True,
        )
    if total.faults and not skip_bad_rows:
        raise RowsRefused(*total.faults)
    return total


class _Told:
    """Runs statements with the parameters that all of them may name."""

    def __init__(self, session: Session, parameters: dict[str, Any]) -> None:
        self.session = session
        self._parameters = parameters

    def run(self, statement: str) -> Sequence[RowMapping]:
        named = {name: value for name, value in self._parameters.items() if f":{name}" in statement}
        clause = text(statement)
        moments = [bindparam(name, type_=UtcDateTime) for name in ("now", "never_told") if name in named]
        clause = clause.bindparams(*moments)
        result = cast("CursorResult[Any]", self.session.execute(clause, named))
        return result.mappings().all() if result.returns_rows else []


def _name_departments(told: _Told, *, now: datetime, settings: dict[str, Any], create: bool) -> None:
    names = [row["provider"] for row in told.run(statements.NAMES)]
    found = departments_by_name(told.session, names, table=settings.get("departments", {}), now=now, create=create)
    told.run(statements.NAME_DEPARTMENTS)
    if found:
        rows = [{"name": name, "department_id": department} for name, department in found.items()]
        told.session.execute(text(statements.NAME_DEPARTMENT), rows)


def _frozen_faults(told: _Told, staged: Staged) -> list[Fault]:
    faults = []
    found = text(statements.frozen_differences(staged.given)).columns(frozen_at=UtcDateTime)
    for row in told.session.execute(found).mappings():
        for name, differs in row.items():
            if name.endswith("_differs") and differs:
                moment = row["frozen_at"].strftime("%Y-%m-%d %H:%M")
                sentence = gettext("frozen since the request was completed (%(moment)s UTC)", moment=moment)
                faults.append(Fault(staged.file, row["line"], name.removesuffix("_differs"), sentence))
    return faults


def _counted(told: _Told) -> Imported:
    (row,) = told.run(statements.COUNT)
    return Imported(
        new=row["new"],
        changed=row["changed"],
        unchanged=row["rows"] - row["new"] - row["changed"],
        completed=row["completed"],
        reopened=row["reopened"],
        provider_unknown=row["provider_unknown"],
        unknown_providers=_unknown_providers(told) if row["provider_unknown"] else (),
    )


def _unknown_providers(told: _Told) -> tuple[tuple[str, int], ...]:
    return tuple((row["provider"], row["rows"]) for row in told.run(statements.UNKNOWN_PROVIDERS))


def _write(told: _Told, given: frozenset[str], calendar: Calendar) -> None:
    marks = {(row["department_id"], row["period"]) for row in told.run(statements.MARKS)}
    told.run(statements.change_requests(given))
    told.run(statements.add_requests())
    told.run(statements.UNDO_CYCLES)
    told.run(statements.ADD_CYCLES)
    told.run(statements.COMPLETE_WAITING_CYCLES)
    _mark(told.session, marks, calendar)


def _mark(session: Session, marks: set[tuple[int, str]], calendar: Calendar) -> None:
    """Mark every department-period and the departments above, in the tree of the period's last moment."""
    if not marks:
        return
    trees: dict[str, DepartmentTree] = {}
    marked = set(marks)
    for department, period in marks:
        if period not in trees:
            trees[period] = tree_at(session, calendar.ends_at(Period.parse(period)))
        marked.update((above, period) for above in trees[period].ancestors(department))
    rows = [{"department_id": department, "period": period} for department, period in sorted(marked)]
    session.execute(insert(DirtyMark), rows)
