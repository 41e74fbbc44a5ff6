"""The people behind the requesters of earlier answers, looked up for many rows at a time."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.imports.responses import ResponseRow
from app.models.connections import Connection
from app.models.insertion import insert_missing
from app.models.people import Person, PersonVersion


class Requesters:
    """Who a row's requester is: a known address, else a person without address under the source's key."""

    def __init__(self, session: Session, source: Connection, rows: Sequence[ResponseRow]) -> None:
        """Find everybody whom the rows name; add those who are not known."""
        names = {row.requester for row in rows}
        addresses = {name.lower() for name in names if "@" in name}
        known = select(Person.email, Person.id).where(Person.email.in_(addresses))
        self._by_address = dict(session.execute(known).tuples().all())
        keys = sorted(name for name in names if name.lower() not in self._by_address)
        mine = select(Person.source_key, Person.id).where(Person.source == source.slug, Person.source_key.in_(keys))
        self._by_key = dict(session.execute(mine).tuples().all())
        unknown = [{"source": source.slug, "source_key": key} for key in keys if key not in self._by_key]
        if insert_missing(session, Person, unknown):
            self._by_key = dict(session.execute(mine).tuples().all())
        self._versions = _versions(session, {*self._by_address.values(), *self._by_key.values()})

    def person(self, row: ResponseRow) -> int:
        """Return the person's id."""
        known = self._by_address.get(row.requester.lower())
        return self._by_key[row.requester] if known is None else known

    def department_at(self, person: int, moment: datetime) -> int | None:
        """Return the department to which a person belonged at `moment`, or None."""
        versions = self._versions.get(person, [])
        position = bisect_right([valid_from for valid_from, _ in versions], moment)
        return versions[position - 1][1] if position else None


def _versions(session: Session, people: set[int]) -> dict[int, list[tuple[datetime, int | None]]]:
    columns = (PersonVersion.person_id, PersonVersion.valid_from, PersonVersion.department_id)
    found = select(*columns).where(PersonVersion.person_id.in_(people)).order_by(PersonVersion.valid_from)
    versions: defaultdict[int, list[tuple[datetime, int | None]]] = defaultdict(list)
    for person, valid_from, department in session.execute(found).tuples():
        versions[person].append((valid_from, department))
    return dict(versions)
