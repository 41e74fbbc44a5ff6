"""Keeps people and their departments over time, from rows of a table or of the API."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Select, delete, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from app.imports.faults import Fault, RowsRefused
from app.imports.people import PersonRow
from app.models.base import SINCE_EVER, UtcDateTime
from app.models.department_names import DepartmentNames
from app.models.department_names import create_departments as create
from app.models.insertion import insert_missing
from app.models.people import Person, PersonVersion, belonging
from app.upkeep.organisation.departments import nowhere
from app.upkeep.organisation.versions import Placed, Placement, Tally, Version, placed

BATCH = 500  # people looked up and written at once
_VERSIONED = ("name", "department_id", "language", "time_zone")
_Stored = dict[str, tuple[int, list[tuple[int, Version]]]]  # address -> person, its (id, version)s in order


def record_people(
    session: Session,
    rows: Iterable[PersonRow],
    *,
    now: datetime,
    create_departments: bool = False,
    skip_bad_rows: bool = False,
    file: str = "",
) -> Tally:
    """Upsert people by (address, valid_from) and return what changed; the same rows again change nothing.

    Departments go by their code, or by the name that only one of them has today. Raises RowsRefused for one that
    nobody knows, unless it is to be created or such rows to be skipped; one that may be meant is never made twice.
    """
    ordered = sorted(rows, key=lambda row: (row.email, row.valid_from or SINCE_EVER))
    names = DepartmentNames(session, now)
    meant = {code: names.find(code) for code in sorted({row.department_code for row in ordered})}
    known = {code: id_ for code, id_ in meant.items() if id_ is not None}
    if create_departments:
        known |= create(session, [code for code in meant if code not in known and not names.near(code)])
    faults = [
        nowhere(row.department_code, names, Fault(file, row.line, "department_code", ""))
        for row in ordered
        if row.department_code not in known
    ]
    if faults and not skip_bad_rows:
        raise RowsRefused(*faults)
    ordered = [row for row in ordered if row.department_code in known]
    dated = {row.email for row in ordered if row.valid_from}
    tally = Tally(faults=tuple(faults))
    for batch in _batches(ordered):
        stored = _stored(session, {row.email for row in batch})
        writer = _Writer(stored, known)
        for row in batch:
            tally = tally.counting(writer.take(row, has_history=row.email in dated, now=now))
        writer.write(session)
    return tally


def count_people(session: Session, departments: Collection[int], at: datetime) -> int:
    """Return how many people belong to these departments at a moment or are told to later."""
    there = belonging(departments, at).with_only_columns(PersonVersion.id)
    theirs = or_(PersonVersion.id.in_(there), PersonVersion.valid_from >= at)
    told = select(func.count(PersonVersion.person_id.distinct())).where(PersonVersion.department_id.in_(departments))
    return session.scalar(told.where(theirs)) or 0


def move_people(session: Session, departments: Collection[int], to: int, at: datetime) -> None:
    """Let everybody who belongs to these departments at a moment, or is told to later, belong to another one."""
    values = (PersonVersion.person_id, PersonVersion.name, PersonVersion.language, PersonVersion.time_zone)
    there: Select[Any] = belonging(departments, at).where(PersonVersion.valid_from < at)
    moving = there.with_only_columns(literal(at, UtcDateTime), literal(to), *values)
    into = ["valid_from", "department_id", "person_id", "name", "language", "time_zone"]
    session.execute(insert(PersonVersion).from_select(into, moving))
    told = PersonVersion.department_id.in_(departments), PersonVersion.valid_from >= at
    session.execute(update(PersonVersion).where(*told).values(department_id=to))


def move_people_back(session: Session, department: int, moved_to: int, at: datetime) -> None:
    """Forget that people of a department were to belong to another one from a moment on.

    What the move added goes; what was told otherwise of later days stays, in this department.
    """
    before = belonging([department], at - datetime.resolution).subquery()
    theirs = PersonVersion.person_id.in_(select(before.c.person_id)), PersonVersion.department_id == moved_to
    same = [
        getattr(PersonVersion, name).is_not_distinct_from(before.c[name]) for name in ("name", "language", "time_zone")
    ]
    as_before = select(before.c.id).where(before.c.person_id == PersonVersion.person_id, *same).exists()
    added = delete(PersonVersion).where(*theirs, PersonVersion.valid_from == at, as_before)
    told = update(PersonVersion).where(*theirs, PersonVersion.valid_from >= at).values(department_id=department)
    for statement in (added, told):
        session.execute(statement, execution_options={"synchronize_session": False})


def _batches(rows: Sequence[PersonRow]) -> Iterator[list[PersonRow]]:
    """Cut the rows into batches that never part two rows of one person."""
    batch: list[PersonRow] = []
    for _, of_one_person in groupby(rows, key=lambda row: row.email):
        batch.extend(of_one_person)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _stored(session: Session, addresses: set[str]) -> _Stored:
    insert_missing(session, Person, [{"email": address} for address in sorted(addresses)])
    found: _Stored = {}
    versions = (
        select(Person.email, Person.id, PersonVersion)
        .outerjoin(PersonVersion, PersonVersion.person_id == Person.id)
        .where(Person.email.in_(addresses))
        .order_by(Person.id, PersonVersion.valid_from)
    )
    for email, person, version in session.execute(versions).tuples():
        _, known = found.setdefault(email or "", (person, []))
        if version is not None:
            values = {name: getattr(version, name) for name in _VERSIONED}
            known.append((version.id, Version(version.valid_from, values)))
            session.expunge(version)
    return found


class _Writer:
    """Collects what a batch of rows does, to be written with few statements."""

    def __init__(self, stored: _Stored, known: dict[str, int]) -> None:
        self._stored = stored
        self._known = known
        self._new: dict[tuple[int, datetime], dict[str, Any]] = {}
        self._changed: defaultdict[int, dict[str, Any]] = defaultdict(dict)

    def take(self, row: PersonRow, *, has_history: bool, now: datetime) -> Placement:
        person, versions = self._stored[row.email]
        told: dict[str, Any] = {name: getattr(row, name) for name in _VERSIONED if name in row.given}
        told["department_id"] = self._known[row.department_code]
        place = placed([version for _, version in versions], told, row.valid_from, has_history=has_history, now=now)
        if place.placement is Placement.UNCHANGED:
            return place.placement
        for position, (version_id, version) in enumerate(versions):
            if version.valid_from == place.valid_from:
                self._changed[version_id] |= dict(place.values)
                versions[position] = (version_id, Version(place.valid_from, place.values))
                return place.placement
        self._add(person, versions, place)
        return place.placement

    def _add(self, person: int, versions: list[tuple[int, Version]], place: Placed) -> None:
        empty: dict[str, Any] = dict.fromkeys(_VERSIONED)
        self._new[person, place.valid_from] = {
            "person_id": person,
            "valid_from": place.valid_from,
            **empty,
            **place.values,
        }
        versions.append((0, Version(place.valid_from, place.values)))
        versions.sort(key=lambda pair: pair[1].valid_from)

    def write(self, session: Session) -> None:
        if self._changed:
            session.execute(
                update(PersonVersion), [{"id": version, **values} for version, values in self._changed.items()]
            )
        if self._new:
            session.execute(insert(PersonVersion), list(self._new.values()))
