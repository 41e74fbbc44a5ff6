"""What a page does to departments: the same rows as an import's, written by the same function."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.periods import Calendar
from app.foundations.languages import gettext
from app.imports.departments import DepartmentRow
from app.imports.faults import Fault, RowsRefused
from app.imports.people import PersonRow
from app.models.departments import Department, DepartmentVersion, versions_at
from app.models.people import Person, PersonVersion, belonging
from app.upkeep.departments import record_departments
from app.upkeep.people import record_people
from app.upkeep.versions import Tally

MOMENT = timedelta(microseconds=1)


class Orphans(StrEnum):
    """Where departments go that stood below one that ends."""

    UP = "up"  # to what stands above it
    SUCCESSOR = "successor"
    TOP = "top"  # nothing stands above them


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Departments that end together, at the beginning of a day."""

    codes: tuple[str, ...]
    at: datetime
    successor: str | None = None
    orphans: Orphans = Orphans.UP
    move_people: bool = False  # to the successor


@dataclass(frozen=True, slots=True)
class Ended:
    """How many departments and people moved with an end."""

    departments: int
    people: int


def end_departments(session: Session, ending: Ending, *, calendar: Calendar, now: datetime) -> Ended:
    """End departments, and let those below them and their people go where they are told to.

    Raises RowsRefused for a code that nobody knows, one that is not there on that day, one that changes later, and a
    successor that is itself among them.
    """
    ids = {code: id_ for id_, code in session.execute(select(Department.id, Department.code)).tuples()}
    valid = versions_at(session, ending.at - MOMENT)
    faults = list(_faults(session, ending, ids, valid))
    if faults:
        raise RowsRefused(*faults)
    names = {id_: code for code, id_ in ids.items()}
    ended = {ids[code] for code in ending.codes}
    orphans = [
        _orphan(version, names, valid, ended, ending)
        for version in versions_at(session, ending.at).values()
        if version.parent_id in ended and version.department_id not in ended
    ]
    rows = [_ended(code, valid[ids[code]], ending) for code in ending.codes]
    record_departments(session, [*rows, *orphans], calendar=calendar, now=now)
    people = _move_people(session, ended, ending, now=now) if ending.move_people and ending.successor else 0
    return Ended(len(orphans), people)


def take_back_end(session: Session, code: str, *, calendar: Calendar, now: datetime) -> Tally:
    """Let a department go on that has ended, or is to end; what moved with its end stays where it is."""
    last = session.scalars(
        select(DepartmentVersion)
        .join(Department, Department.id == DepartmentVersion.department_id)
        .where(Department.code == code)
        .order_by(DepartmentVersion.valid_from.desc())
    ).first()
    if last is None or last.valid_to is None:
        return Tally(unchanged=1)
    row = DepartmentRow(
        line=0,
        given=frozenset({"code", "name", "valid_from", "valid_to", "successor_code"}),
        code=code,
        name=last.name,
        valid_from=last.valid_from,
    )
    return record_departments(session, [row], calendar=calendar, now=now)


def _faults(
    session: Session, ending: Ending, ids: dict[str, int], valid: dict[int, DepartmentVersion]
) -> Sequence[Fault]:
    found = []
    for code in ending.codes:
        if code not in ids:
            found.append(Fault("", 0, "code", gettext("there is no department '%(code)s'", code=code)))
        elif ids[code] not in valid:
            sentence = gettext("'%(code)s' is not there on the day before", code=code)
            found.append(Fault("", 0, "valid_to", sentence))
        elif _changes_later(session, ids[code], ending.at):
            sentence = gettext("'%(code)s' is told to change on that day or later: choose a later day", code=code)
            found.append(Fault("", 0, "valid_to", sentence))
    if ending.successor in ending.codes:
        found.append(Fault("", 0, "successor_code", gettext("a department cannot follow itself")))
    return found


def _changes_later(session: Session, department: int, moment: datetime) -> bool:
    later = select(DepartmentVersion.id).where(
        DepartmentVersion.department_id == department, DepartmentVersion.valid_from >= moment
    )
    return session.scalar(later.limit(1)) is not None


def _ended(code: str, version: DepartmentVersion, ending: Ending) -> DepartmentRow:
    return DepartmentRow(
        line=0,
        given=frozenset({"code", "name", "valid_from", "valid_to", "successor_code"}),
        code=code,
        name=version.name,
        valid_from=version.valid_from,
        valid_to=ending.at,
        successor_code=ending.successor,
    )


def _orphan(
    version: DepartmentVersion,
    names: dict[int, str],
    valid: dict[int, DepartmentVersion],
    ended: Collection[int],
    ending: Ending,
) -> DepartmentRow:
    code = names[version.department_id]
    parent = None
    if ending.orphans is Orphans.SUCCESSOR and ending.successor != code:
        parent = ending.successor
    elif ending.orphans is not Orphans.TOP:
        above = version.parent_id
        while above is not None and above in ended:
            above = valid[above].parent_id
        parent = names[above] if above is not None else None
    return DepartmentRow(
        line=0,
        given=frozenset({"code", "name", "valid_from", "parent_code"}),
        code=code,
        name=version.name,
        valid_from=ending.at,
        parent_code=parent,
    )


def _move_people(session: Session, ended: Collection[int], ending: Ending, *, now: datetime) -> int:
    """Let everybody who belongs to what ends belong to the successor from that moment on; return how many moved."""
    theirs = belonging(ended, ending.at - MOMENT).join(Person, Person.id == PersonVersion.person_id)
    named = theirs.with_only_columns(Person.email, PersonVersion.name).where(Person.email.is_not(None))
    moved = [
        PersonRow(
            line=0,
            given=frozenset({"email", "department_code", "valid_from"}),
            email=email or "",
            name=name or "",
            department_code=ending.successor or "",
            valid_from=ending.at,
        )
        for email, name in session.execute(named).tuples()
    ]
    tally = record_people(session, moved, now=now)
    return tally.new + tally.changed
