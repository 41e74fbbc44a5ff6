"""The departments that earlier answers name, each name looked up once an import."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.imports.responses import ResponseRow
from app.models.connections import Connection
from app.models.department_names import departments_by_name


class Departments:
    """Finds departments by code, by the source's own table `departments`, or by a name of today."""

    def __init__(self, session: Session, source: Connection, *, now: datetime, create: bool) -> None:
        """Remember where to look; with `create`, an unknown provider becomes a department."""
        self._session = session
        self._table = source.settings.get("departments", {})
        self._now = now
        self._create = create
        self._known: dict[str, int | None] = {}

    def find(self, rows: Sequence[ResponseRow]) -> dict[str, int]:
        """Return the department of every name in the rows that means one."""
        self._look_up({row.provider_department for row in rows}, create=self._create)
        self._look_up({row.requester_department for row in rows if row.requester_department}, create=False)
        return {name: id_ for name, id_ in self._known.items() if id_ is not None}

    def _look_up(self, names: set[str], *, create: bool) -> None:
        unknown = sorted(names - set(self._known))
        if unknown:
            found = departments_by_name(self._session, unknown, table=self._table, now=self._now, create=create)
            self._known |= {name: found.get(name) for name in unknown}
