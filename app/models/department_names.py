"""Which departments the names of a table mean: by the tracker's own table, by code, then by a name of today."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.foundations.languages import gettext, mark
from app.models.base import SINCE_EVER
from app.models.departments import Department, DepartmentVersion, versions_at


class DepartmentNames:
    """What departments are called by code and name, read once for a table."""

    def __init__(self, session: Session, now: datetime) -> None:
        """Read codes and the names of today."""
        self._session = session
        self.codes = dict(session.execute(select(Department.code, Department.id)).tuples().all())
        self._called: defaultdict[str, set[int]] = defaultdict(set)
        for id_, version in versions_at(session, now).items():
            self._called[version.name].add(id_)
        self._expected: list[tuple[str, str]] = []
        self._ever: dict[str, dict[str, str]] | None = None  # name or code in lower case -> codes with their last name

    def expect(self, told: Iterable[tuple[str, str]]) -> None:
        """Take codes and names into account that the table itself is about to tell."""
        self._expected += told

    def find(self, name: str) -> int | None:
        """Return the department with this code, else the only one that has this name today, else None."""
        meant = {self.codes[name]} if name in self.codes else self._called.get(name, set())
        return next(iter(meant)) if len(meant) == 1 else None

    def near(self, name: str) -> Mapping[str, str]:
        """Return which departments a name that `find` does not know may mean, by code, with their names.

        They are called so in other letters, at another time, or several are: a new one would be their twin.
        """
        if self._ever is None:
            self._ever = self._read_ever()
        # A row of the table may have this very code, and be left out for a fault of its own.
        return {code: called for code, called in self._ever.get(name.casefold(), {}).items() if code != name}

    def doubt(self, name: str) -> str:
        """Say that a name is unknown, and what it may mean."""
        near = [f"{code} ({called})" for code, called in sorted(self.near(name).items())]
        if not near:
            return gettext("there is no department '%(code)s'", code=name)
        sentence = mark("'%(name)s' is no department's code. Did you mean %(near)s? Write its code.")
        return gettext(sentence, name=name, near=", ".join(near))

    def _read_ever(self) -> dict[str, dict[str, str]]:
        query = select(Department.code, DepartmentVersion.name).outerjoin(
            DepartmentVersion, DepartmentVersion.department_id == Department.id
        )
        stored = self._session.execute(query.order_by(DepartmentVersion.valid_from)).tuples()
        rows = [*stored, *self._expected]
        last = dict(rows)
        found: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for code, called in rows:
            for word in filter(None, (code, called)):
                found[word.casefold()][code] = last[code] or code
        return found


def departments_by_name(
    session: Session, names: Iterable[str], *, table: Mapping[str, str], now: datetime, create: bool
) -> dict[str, int]:
    """Return the department of every name that means one, in a fixed number of statements.

    `table` maps a name, or `provider_department:name`, to a code. With `create`, a name that can mean none becomes
    the code and name of a new department since ever.
    """
    known = DepartmentNames(session, now)
    meant = {name: known.find(table.get(f"provider_department:{name}") or table.get(name) or name) for name in names}
    found = {name: id_ for name, id_ in meant.items() if id_ is not None}
    new = [name for name, id_ in meant.items() if id_ is None and not known.near(name)] if create else []
    return found | create_departments(session, new)


def create_departments(session: Session, names: Sequence[str]) -> dict[str, int]:
    """Add departments whose code and name is this, since ever (`--create-departments`); return their ids."""
    if not names:
        return {}
    added = insert(Department).returning(Department.code, Department.id, sort_by_parameter_order=True)
    created = dict(session.execute(added, [{"code": name} for name in names]).tuples().all())
    versions = [{"department_id": id_, "name": name, "valid_from": SINCE_EVER} for name, id_ in created.items()]
    session.execute(insert(DepartmentVersion), versions)
    return created
