"""The departments of one day as a tree to read, and everything that is known of one of them."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.base import SINCE_EVER
from app.models.departments import Department, DepartmentVersion, TouchpointWeight, tree_of
from app.models.people import belonging


@dataclass(frozen=True, slots=True)
class Branch:
    """A department as a row of the tree; `depth` is how many stand above it."""

    number: int
    code: str
    name: str
    depth: int
    head_email: str | None
    staff_count: int | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Absent:
    """A department that is not there on this day: it ended before (`ended_at`), or begins later."""

    number: int
    code: str
    name: str
    ended_at: datetime | None
    begins_at: datetime | None
    successor: str | None  # code


@dataclass(frozen=True, slots=True)
class Tree:
    """All departments, seen from one moment."""

    branches: tuple[Branch, ...]
    absent: tuple[Absent, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A department as it was or will be from `valid_from` on; None: since ever, and until further notice."""

    name: str
    valid_from: datetime | None
    valid_to: datetime | None
    parent: str | None  # codes
    successor: str | None
    head_email: str | None
    staff_count: int | None
    language: str | None
    is_now: bool
    is_to_come: bool


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of one department: all its versions, newest first, and the weights of its touchpoints."""

    number: int
    code: str
    entries: tuple[Entry, ...]
    touchpoints: tuple[tuple[str, Mapping[str, float]], ...]  # from which quarter on -> weights
    below: int  # departments directly below it now
    people: int  # who belong to it now

    @property
    def present(self) -> Entry | None:
        """How it is now; None before it begins and after its end."""
        return next((entry for entry in self.entries if entry.is_now), None)

    @property
    def upcoming(self) -> Entry | None:
        """How it begins, where it is not there now and begins later."""
        to_come = [entry for entry in self.entries if entry.is_to_come]
        return to_come[-1] if to_come and self.present is None else None

    @property
    def has_end(self) -> bool:
        """True where it has ended, or is to end."""
        return bool(self.entries) and self.entries[0].valid_to is not None

    @property
    def name(self) -> str:
        """The name of now, else the last one."""
        return (self.present or self.upcoming or self.entries[0]).name if self.entries else self.code


def read_tree(session: Session, moment: datetime) -> Tree:
    """Return the tree as it stands at `moment`, siblings by name, and who is not in it."""
    codes = _codes(session)
    histories: dict[int, list[DepartmentVersion]] = {}
    for version in session.scalars(select(DepartmentVersion).order_by(DepartmentVersion.valid_from)):
        histories.setdefault(version.department_id, []).append(version)
    valid = {id_: found for id_, own in histories.items() if (found := _valid(own, moment)) is not None}
    absent = [_absent(id_, codes, own, moment) for id_, own in histories.items() if id_ not in valid]
    return Tree(tuple(_branches(valid, codes)), tuple(sorted(absent, key=lambda one: (one.name.casefold(), one.code))))


def read_record(session: Session, number: int, moment: datetime) -> Record | None:
    """Return everything known of a department; None where there is none with this number."""
    codes = _codes(session)
    if number not in codes:
        return None
    own = session.scalars(
        select(DepartmentVersion)
        .where(DepartmentVersion.department_id == number)
        .order_by(DepartmentVersion.valid_from.desc())
    ).all()
    now = _valid(own[::-1], moment)
    return Record(
        number,
        codes[number],
        tuple(_entry(version, codes, is_now=version is now, is_to_come=version.valid_from > moment) for version in own),
        _touchpoints(session, number),
        _below(session, number, moment),
        session.scalar(select(func.count()).select_from(belonging([number], moment).subquery())) or 0,
    )


def department_names(session: Session, moment: datetime) -> list[tuple[str, str]]:
    """Return code and name of every department that is there at `moment`, by name: what a form offers."""
    tree = read_tree(session, moment)
    return sorted(((one.code, one.name) for one in tree.branches), key=lambda pair: (pair[1].casefold(), pair[0]))


def last_names(session: Session) -> dict[str, str]:
    """Return the newest name of every department there ever was, by code: what pages say instead of the code."""
    query = select(Department.code, DepartmentVersion.name).join(
        DepartmentVersion, DepartmentVersion.department_id == Department.id
    )
    return dict(session.execute(query.order_by(DepartmentVersion.valid_from)).tuples().all())


def as_choices(codes: Collection[str], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return code and name of departments, by name: of two with one name each says its code, too."""
    held = Counter(names[code] for code in codes)
    told = {code: names[code] if held[names[code]] == 1 else f"{names[code]} ({code})" for code in codes}
    return sorted(told.items(), key=lambda pair: (pair[1].casefold(), pair[0]))


def _codes(session: Session) -> dict[int, str]:
    return dict(session.execute(select(Department.id, Department.code)).tuples().all())


def _valid(versions: Sequence[DepartmentVersion], moment: datetime) -> DepartmentVersion | None:
    """Return the version of this moment, of those that are in order."""
    begun = [one for one in versions if one.valid_from <= moment and (one.valid_to is None or one.valid_to > moment)]
    return begun[-1] if begun else None


def _branches(valid: Mapping[int, DepartmentVersion], codes: Mapping[int, str]) -> Iterator[Branch]:
    tree = tree_of(valid)

    def sort(id_: int) -> tuple[str, str]:
        return valid[id_].name.casefold(), codes[id_]

    waiting = [(id_, 0) for id_ in sorted(tree.roots, key=sort, reverse=True)]
    while waiting:
        id_, depth = waiting.pop()
        own = valid[id_]
        yield Branch(id_, codes[id_], own.name, depth, own.head_email, own.staff_count, own.valid_to)
        waiting += [(child, depth + 1) for child in sorted(tree.children(id_), key=sort, reverse=True)]


def _absent(id_: int, codes: Mapping[int, str], own: Sequence[DepartmentVersion], moment: datetime) -> Absent:
    begun = [version for version in own if version.valid_from <= moment]
    last = begun[-1] if begun else own[0]
    successor = codes.get(last.successor_id) if last.successor_id is not None else None
    later = [version.valid_from for version in own if version.valid_from > moment]
    return Absent(id_, codes[id_], last.name, last.valid_to if begun else None, later[0] if later else None, successor)


def _entry(version: DepartmentVersion, codes: Mapping[int, str], *, is_now: bool, is_to_come: bool) -> Entry:
    return Entry(
        version.name,
        None if version.valid_from == SINCE_EVER else version.valid_from,
        version.valid_to,
        codes.get(version.parent_id) if version.parent_id is not None else None,
        codes.get(version.successor_id) if version.successor_id is not None else None,
        version.head_email,
        version.staff_count,
        version.language,
        is_now,
        is_to_come,
    )


def _touchpoints(session: Session, number: int) -> tuple[tuple[str, Mapping[str, float]], ...]:
    sets: dict[str, dict[str, float]] = {}
    of_it = select(TouchpointWeight).where(TouchpointWeight.department_id == number)
    for weight in session.scalars(of_it.order_by(TouchpointWeight.from_period.desc(), TouchpointWeight.touchpoint)):
        sets.setdefault(weight.from_period, {})[weight.touchpoint] = weight.weight
    return tuple(sets.items())


def _below(session: Session, number: int, moment: datetime) -> int:
    children = select(DepartmentVersion.department_id).where(
        DepartmentVersion.parent_id == number,
        DepartmentVersion.valid_from <= moment,
        (DepartmentVersion.valid_to.is_(None)) | (DepartmentVersion.valid_to > moment),
    )
    return len(set(session.scalars(children)))
