"""Writing statements of a hot path, put together once for each database and sent as they are.

SQLAlchemy finds a compiled statement again in 20 µs, which is more than SQLite needs to run it. Events, transactions
and the wrapping of errors stay as they are. Reading keeps to SQLAlchemy: describing the rows is what costs there.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement

Values = Mapping[str, Any]
Bind = tuple[str, Callable[[Any], Any] | None]  # its name, and how its type stores a value


class Prepared:
    """One INSERT, UPDATE or DELETE whose `names` are given at each run; everything else stands in the statement."""

    def __init__(self, statement: ClauseElement, *names: str) -> None:
        self._statement = statement
        self._names = names
        self._written: dict[str, _Written] = {}

    def run(self, connection: Connection, values: Values) -> CursorResult[Any]:
        """Run once. Raises KeyError for a value that is missing."""
        written = self._in(connection.dialect)
        return connection.exec_driver_sql(written.sql, written.bound(values))

    def run_many(self, connection: Connection, rows: Sequence[Values]) -> CursorResult[Any]:
        """Run for each row."""
        written = self._in(connection.dialect)
        return connection.exec_driver_sql(written.sql, [written.bound(row) for row in rows])

    def _in(self, dialect: Dialect) -> "_Written":
        known = self._written.get(dialect.name)
        if known is None:
            known = self._written[dialect.name] = self._compile(dialect)
        return known

    def _compile(self, dialect: Dialect) -> "_Written":
        compiled: Any = self._statement.compile(dialect=dialect, column_keys=list(self._names) or None)
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        types = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in binds.items()}
        own = {name: bind.value for name, bind in binds.items() if not bind.required}
        said = {name: store(value) if (store := types[name]) else value for name, value in own.items()}
        used = [(name, None if name in own else types[name]) for name in compiled.positiontup or binds]
        return _Written(str(compiled), used, said, by_place=dialect.positional)


class _Written:
    """The words of a statement in one database, and how its values are stored."""

    def __init__(self, sql: str, binds: Sequence[Bind], said: Values, *, by_place: bool) -> None:
        self.sql = sql
        self._binds = binds
        self._said = said  # what the statement says itself
        self._by_place = by_place

    def bound(self, values: Values) -> Any:
        given = {**values, **self._said} if self._said else values
        if self._by_place:
            return tuple(store(given[name]) if store else given[name] for name, store in self._binds)
        return {name: store(given[name]) if store else given[name] for name, store in self._binds}
