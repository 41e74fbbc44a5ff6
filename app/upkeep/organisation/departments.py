"""Keeps departments, their tree over time and their touchpoints, from rows of a table or of the API."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.domain.departments import DepartmentCycle, Stay, refuse_loops_in_time
from app.domain.periods import Calendar
from app.foundations.languages import gettext
from app.imports.departments import DepartmentRow
from app.imports.faults import Fault, RowsRefused
from app.models.base import SINCE_EVER
from app.models.department_names import DepartmentNames
from app.models.department_names import create_departments as create
from app.models.departments import Department, DepartmentVersion
from app.upkeep.organisation.open_periods import mark_open_periods
from app.upkeep.organisation.touchpoints import agree_touchpoints
from app.upkeep.organisation.versions import Placed, Placement, Tally, Version, placed

_VERSIONED = ("name", "parent_id", "successor_id", "head_email", "staff_count", "language")


def record_departments(
    session: Session,
    rows: Iterable[DepartmentRow],
    *,
    calendar: Calendar,
    now: datetime,
    skip_bad_rows: bool = False,
    refused: Iterable[str] = (),
    create_departments: bool = False,
    file: str = "",
) -> Tally:
    """Upsert departments by (code, valid_from) and return what changed; the same rows again change nothing.

    With `create_departments` parents and successors that nobody knows are made, with their code as name. `refused` are
    codes of rows that are refused already: that others name them is no fault of their own.

    Raises RowsRefused for a parent or successor that nobody knows, unless such rows are to be skipped, and for a
    department above itself.
    """
    ordered = sorted(rows, key=lambda row: (row.code, row.valid_from or SINCE_EVER))
    names = DepartmentNames(session, now)
    names.expect((row.code, row.name) for row in ordered)
    ordered, known = _named_by_code(ordered, names), names.codes
    if create_departments:
        told = {code for row in ordered for code in (row.parent_code, row.successor_code) if code}
        new = sorted(told - known.keys() - {row.code for row in ordered})
        known |= create(session, [code for code in new if not names.near(code)])
    ordered, unknown = _without_unknown_codes(ordered, names, set(refused), file)
    known |= add_departments(session, [row.code for row in ordered if row.code not in known])
    history = _History(session, known, file)
    dated = {row.code for row in ordered if row.valid_from}
    found = [history.take(row, has_history=row.code in dated, now=now) for row in ordered]
    unknown += history.faults
    if unknown and not skip_bad_rows:
        raise RowsRefused(*unknown)
    history.end_versions()
    session.flush()
    _refuse_loops(ordered, history, file)
    faults = agree_touchpoints(session, ordered, known, history.moved, calendar=calendar, now=now, file=file)
    if faults:
        raise RowsRefused(*faults)
    if history.moved:
        mark_open_periods(session, history.moved, calendar, left=history.left())
    tally = Tally(faults=tuple(unknown))
    for row, placement in zip(ordered, found, strict=True):
        changed_otherwise = placement is Placement.UNCHANGED and known[row.code] in history.moved
        tally = tally.counting(Placement.CHANGED if changed_otherwise else placement)
    return tally


def codes(session: Session) -> dict[str, int]:
    """Return the id of every department by its code."""
    return dict(session.execute(select(Department.code, Department.id)).tuples().all())


def add_departments(session: Session, new: Iterable[str]) -> dict[str, int]:
    """Add departments without versions and return their ids by code."""
    rows = [{"code": code} for code in dict.fromkeys(new)]
    if not rows:
        return {}
    added = insert(Department).returning(Department.code, Department.id, sort_by_parameter_order=True)
    return dict(session.execute(added, rows).tuples().all())


def _named_by_code(rows: Sequence[DepartmentRow], names: DepartmentNames) -> list[DepartmentRow]:
    """Return the rows with the code of each parent and successor that they call by the only name of today."""
    own = {row.code for row in rows}
    by_id = {id_: code for code, id_ in names.codes.items()}

    def code(row: DepartmentRow, told: str | None) -> str | None:
        meant = None if told is None or told in own else names.find(told)
        return told if meant is None or by_id[meant] == row.code else by_id[meant]

    return [
        replace(row, parent_code=code(row, row.parent_code), successor_code=code(row, row.successor_code))
        for row in rows
    ]


def _without_unknown_codes(
    rows: list[DepartmentRow], names: DepartmentNames, refused: set[str], file: str
) -> tuple[list[DepartmentRow], list[Fault]]:
    """Part the rows from the faults of those that name nobody; leaving one out may orphan another."""
    faults: list[Fault] = []
    while found := list(_unknown_codes(rows, names, file)):
        faults += [fault for code, fault in found if code not in refused]
        lines = {fault.line for _, fault in found}
        if refused:
            refused |= {row.code for row in rows if row.line in lines}
        rows = [row for row in rows if row.line not in lines]
    return rows, sorted(faults, key=lambda fault: fault.line)


def _unknown_codes(rows: Sequence[DepartmentRow], names: DepartmentNames, file: str) -> Iterable[tuple[str, Fault]]:
    known = names.codes.keys() | {row.code for row in rows}
    for row in rows:
        for column, code in (("parent_code", row.parent_code), ("successor_code", row.successor_code)):
            if code is not None and code not in known:
                yield code, nowhere(code, names, Fault(file, row.line, column, ""))


def nowhere(told: str, names: DepartmentNames, place: Fault) -> Fault:
    """Return the fault of naming a department that nobody knows; one that may be meant is not added, it is named."""
    return replace(place, sentence=names.doubt(told), mend="" if names.near(told) else "--create-departments")


@dataclass
class _History:
    """The stored versions of all departments, as rows are put in their place."""

    session: Session
    known: Mapping[str, int]
    file: str
    faults: list[Fault] = field(default_factory=list)  # of rows that could not be put anywhere
    moved: set[int] = field(default_factory=set)  # departments of which anything changed

    def __post_init__(self) -> None:
        self._versions: defaultdict[int, list[DepartmentVersion]] = defaultdict(list)
        for version in self.session.scalars(select(DepartmentVersion).order_by(DepartmentVersion.valid_from)):
            self._versions[version.department_id].append(version)
        self._ends: dict[int, dict[datetime, datetime | None]] = defaultdict(dict)
        self._touched: set[int] = set()
        self._stood_below = {id_: {version.parent_id for version in own} for id_, own in self._versions.items()}

    def take(self, row: DepartmentRow, *, has_history: bool, now: datetime) -> Placement:
        """Put one row in its place and return what that did."""
        department = self.known[row.code]
        self._touched.add(department)
        versions = self._versions[department]
        stored = [
            Version(version.valid_from, {name: getattr(version, name) for name in _VERSIONED}) for version in versions
        ]
        valid_from = self._ended_version(stored, row, now) if row.valid_from is None else row.valid_from
        place = placed(stored, self._told(row), valid_from, has_history=has_history, now=now)
        if row.valid_to and row.valid_to <= place.valid_from:
            sentence = gettext("it ends before it begins (valid_from)")
            self.faults.append(Fault(self.file, row.line, "valid_to", sentence))
            return Placement.UNCHANGED
        if place.placement is not Placement.UNCHANGED:
            self.moved.add(department)
            self._write(department, place)
        if "valid_to" in row.given:
            self._ends[department][place.valid_from] = row.valid_to
        return place.placement

    @staticmethod
    def _ended_version(stored: Sequence[Version], row: DepartmentRow, now: datetime) -> datetime | None:
        """Return where the version begins that a row without `valid_from` ends in the past: it tells of that one."""
        if row.valid_to is None or row.valid_to > now:
            return None
        begun = [version.valid_from for version in stored if version.valid_from < row.valid_to]
        return begun[-1] if begun else None

    def end_versions(self) -> None:
        """Let every version end where its row says, and at the latest where the next one begins."""
        for department in self._touched:
            versions = self._versions[department]
            told = self._ends[department]
            for version, following in zip(versions, [*versions[1:], None], strict=True):
                end = told.get(version.valid_from, version.valid_to)
                if following is not None:
                    end = min(end or following.valid_from, following.valid_from)
                if end != version.valid_to:
                    version.valid_to = end
                    self.moved.add(department)

    def left(self) -> set[int]:
        """Return the departments below which a changed one stood before, in any of its versions."""
        parents = {parent for department in self.moved for parent in self._stood_below.get(department, ())}
        return {parent for parent in parents if parent is not None}

    def stays(self) -> dict[int, list[Stay]]:
        """Return below what every department is told to stand, over all time."""
        return {
            id_: [Stay(version.valid_from, version.valid_to, version.parent_id) for version in own]
            for id_, own in self._versions.items()
        }

    def _told(self, row: DepartmentRow) -> dict[str, Any]:
        told: dict[str, Any] = {
            name: getattr(row, name) for name in ("name", "head_email", "staff_count", "language") if name in row.given
        }
        if "parent_code" in row.given:
            told["parent_id"] = self.known[row.parent_code] if row.parent_code else None
        if "successor_code" in row.given:
            told["successor_id"] = self.known[row.successor_code] if row.successor_code else None
        return told

    def _write(self, department: int, place: Placed) -> None:
        versions = self._versions[department]
        for version in versions:
            if version.valid_from == place.valid_from:
                for name, value in place.values.items():
                    setattr(version, name, value)
                return
        surveyed = versions[-1].is_surveyed if versions else True
        new = DepartmentVersion(department_id=department, valid_from=place.valid_from, is_surveyed=surveyed)
        begun = [one.valid_to for one in versions if one.valid_from < place.valid_from]
        if begun and begun[-1] is not None and begun[-1] > place.valid_from:
            new.valid_to = begun[-1]  # a change within what is to end leaves the end as it is told
        for name, value in place.values.items():
            setattr(new, name, value)
        self.session.add(new)
        versions.append(new)
        versions.sort(key=lambda version: version.valid_from)


def _refuse_loops(rows: Sequence[DepartmentRow], history: _History, file: str) -> None:
    try:
        refuse_loops_in_time(history.stays(), history.moved)
    except DepartmentCycle as loop:
        by_id = {id_: code for code, id_ in history.known.items()}
        names = [by_id[id_] for id_ in loop.ids]
        first = names.index(min(names))
        names = [*names[first:], *names[:first]]
        line = next((row.line for row in rows if row.code in names and row.parent_code), 0)
        sentence = gettext("departments would stand above themselves: %(codes)s", codes=" → ".join([*names, names[0]]))
        raise RowsRefused(Fault(file, line, "parent_code", sentence)) from loop
