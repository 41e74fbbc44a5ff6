"""What a page does to departments: the same rows as an import's, written by the same function."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app.domain.periods import Calendar
from app.foundations.languages import gettext
from app.imports.departments import DepartmentRow
from app.imports.faults import Fault, RowsRefused
from app.models.departments import Department, DepartmentVersion, TouchpointWeight, tree_of, versions_at
from app.models.people import PersonVersion
from app.upkeep.organisation.departments import codes, record_departments
from app.upkeep.organisation.people import count_people, move_people, move_people_back
from app.upkeep.organisation.versions import Tally

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
    """How many departments and people moved with an end, and how many people stay with what ended."""

    departments: int
    people: int
    staying: int = 0


def end_departments(session: Session, ending: Ending, *, calendar: Calendar, now: datetime) -> Ended:
    """End departments, and let those below them and their people go where they are told to, on later days too.

    Raises RowsRefused for a code that nobody knows, one that is not there on that day, one that changes later, and a
    successor that is itself among them or not there from that day on.
    """
    ids = codes(session)
    valid = versions_at(session, ending.at - MOMENT)
    faults = faults_of(session, ending)
    if faults:
        raise RowsRefused(*faults)
    names = {id_: code for code, id_ in ids.items()}
    ended = {ids[code] for code in ending.codes}
    orphans = [_orphan(version, names, valid, ended, ending) for version in _below(session, ended, ending.at)]
    rows = [_ended(code, valid[ids[code]], ending) for code in ending.codes]
    record_departments(session, [*rows, *orphans], calendar=calendar, now=now)
    people = count_people(session, ended, ending.at)
    moved = len({row.code for row in orphans})
    if not (ending.move_people and ending.successor):
        return Ended(moved, 0, people)
    move_people(session, ended, ids[ending.successor], ending.at)
    return Ended(moved, people)


def take_back_end(session: Session, code: str, *, calendar: Calendar, now: datetime) -> Tally:
    """Let a department go on that has ended, or is to end.

    Where its last day has not come, the departments and people that were to move with its end stay, too; else what
    moved stays where it is.
    """
    last = session.scalars(
        select(DepartmentVersion)
        .join(Department, Department.id == DepartmentVersion.department_id)
        .where(Department.code == code)
        .order_by(DepartmentVersion.valid_from.desc())
    ).first()
    if last is None or last.valid_to is None:
        return Tally(unchanged=1)
    at, follower = last.valid_to, last.successor_id
    row = DepartmentRow(
        line=0,
        given=frozenset({"code", "name", "valid_from", "valid_to", "successor_code"}),
        code=code,
        name=last.name,
        valid_from=last.valid_from,
    )
    rows = [row]
    if at > now:
        rows += _coming_back(session, last, at)
        if follower is not None:
            move_people_back(session, last.department_id, follower, at)
    return record_departments(session, rows, calendar=calendar, now=now)


def take_back_merger(session: Session, department: Department, *, calendar: Calendar, now: datetime) -> bool:
    """Let every department go on that is to become this one, and forget this one where it has not begun.

    Returns whether it is forgotten: it stays where anybody else is told to belong to it or to stand below it.
    """
    for code in becoming(session, department.id, now):
        take_back_end(session, code, calendar=calendar, now=now)
    session.flush()
    own = DepartmentVersion.department_id == department.id
    keeping = (
        select(DepartmentVersion.id).where(own, DepartmentVersion.valid_from <= now),
        select(DepartmentVersion.id).where(DepartmentVersion.parent_id == department.id),
        select(DepartmentVersion.id).where(DepartmentVersion.successor_id == department.id),
        select(PersonVersion.id).where(PersonVersion.department_id == department.id),
    )
    if any(session.scalar(query.limit(1)) is not None for query in keeping):
        return False
    session.execute(delete(DepartmentVersion).where(own))
    session.execute(delete(TouchpointWeight).where(TouchpointWeight.department_id == department.id))
    return True


def becoming(session: Session, department: int, now: datetime) -> list[str]:
    """Return the codes of the departments that are to end and that this one is to follow."""
    to_come = (
        select(Department.code)
        .join(DepartmentVersion, DepartmentVersion.department_id == Department.id)
        .where(DepartmentVersion.successor_id == department, DepartmentVersion.valid_to > now)
    )
    return list(session.scalars(to_come.distinct().order_by(Department.code)))


def _coming_back(session: Session, last: DepartmentVersion, at: datetime) -> list[DepartmentRow]:
    """Return the rows that put below a department again what its end moved: up, to its successor or to the top."""
    names = {id_: code for code, id_ in codes(session).items()}
    before = versions_at(session, at - MOMENT)
    away = {None, last.successor_id, *tree_of(before).ancestors(last.department_id)}
    below = [id_ for id_, one in before.items() if one.parent_id == last.department_id]
    told = select(DepartmentVersion).where(
        DepartmentVersion.department_id.in_(below), DepartmentVersion.valid_from >= at
    )
    return [
        _below_row(names[one.department_id], one, one.valid_from, names[last.department_id])
        for one in session.scalars(told)
        if one.parent_id in away
    ]


def faults_of(session: Session, ending: Ending) -> Sequence[Fault]:
    """Return everything for which departments cannot end like that."""
    ids, valid = codes(session), versions_at(session, ending.at - MOMENT)
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
    elif ending.successor in ids and ids[ending.successor] not in versions_at(session, ending.at):
        sentence = gettext("'%(code)s' is not there on that day", code=ending.successor)
        found.append(Fault("", 0, "successor_code", sentence))
    return found


def _changes_later(session: Session, department: int, moment: datetime) -> bool:
    later = select(DepartmentVersion.id).where(
        DepartmentVersion.department_id == department, DepartmentVersion.valid_from >= moment
    )
    return session.scalar(later.limit(1)) is not None


def _below(session: Session, ended: Collection[int], at: datetime) -> Sequence[DepartmentVersion]:
    """Return what others are told to be at a moment or later, below a department that has ended by then."""
    told = select(DepartmentVersion).where(
        DepartmentVersion.parent_id.in_(ended),
        DepartmentVersion.department_id.not_in(ended),
        or_(DepartmentVersion.valid_to.is_(None), DepartmentVersion.valid_to > at),
    )
    return session.scalars(told.order_by(DepartmentVersion.department_id, DepartmentVersion.valid_from)).all()


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
    return _below_row(code, version, max(version.valid_from, ending.at), parent)


def _below_row(code: str, version: DepartmentVersion, at: datetime, parent: str | None) -> DepartmentRow:
    return DepartmentRow(
        line=0,
        given=frozenset({"code", "name", "valid_from", "parent_code"}),
        code=code,
        name=version.name,
        valid_from=at,
        parent_code=parent,
    )
