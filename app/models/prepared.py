"""Statements of a hot path, put together once for each database and given to its driver as they are.

SQLAlchemy finds a compiled statement again, describes its execution and describes its result: measured, 20 to 80 µs a
statement, where SQLite needs 10 to run it. Transactions, listeners and the wrapping of errors are SQLAlchemy's as ever.
"""

from collections.abc import Mapping, Sequence
from operator import attrgetter, methodcaller
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement

from app.models.base import is_reading
from app.models.driver import send, send_alone

Values = Mapping[str, Any]
_count, _all = attrgetter("rowcount"), methodcaller("fetchall")


class Prepared:
    """One statement whose `names` are given at each run; everything else stands in it."""

    def __init__(self, statement: ClauseElement, *names: str) -> None:
        self._statement = statement
        self._names = names
        self._written: dict[str, _Written] = {}

    def run(self, connection: Connection, values: Values) -> int:
        """Run an INSERT, UPDATE or DELETE; return how many rows it touched. Raises KeyError for a missing value."""
        written = self._in(connection.dialect)
        _begin(connection)
        count: int = send(connection, written.sql, written.bound(values), _count)
        return count

    def run_whole(self, connection: Connection, values: Values) -> int:
        """Do what `run` does where the statement is all that is written: on PostgreSQL it is its own transaction.

        Of its three trips two are left out. It is stored when this returns, so nothing may have to be taken back with
        it; where a transaction is open, and on SQLite, it stands in that one and waits for the commit as ever.
        """
        if not _goes_alone(connection):
            return self.run(connection, values)
        written = self._in(connection.dialect)
        count: int = send_alone(connection, written.sql, written.bound(values), _count)
        return count

    def rows(self, connection: Connection, values: Values) -> list[Any]:
        """Run a SELECT; return its rows as named tuples. Raises KeyError for a missing value.

        Inside the transaction that is open, in a block of `reading` also without one.
        """
        return self._read(connection, values, is_alone=is_reading() and not connection.in_transaction())

    def glance(self, connection: Connection, values: Values) -> list[Any]:
        """Do what `rows` does for a page that may write afterwards and looks then whether all still stands as read.

        On PostgreSQL no transaction is begun for it. On SQLite one is: who writes takes the writer's turn first.
        """
        is_alone = _goes_alone(connection) or (is_reading() and not connection.in_transaction())
        return self._read(connection, values, is_alone=is_alone)

    def _read(self, connection: Connection, values: Values, *, is_alone: bool) -> list[Any]:
        written = self._in(connection.dialect)
        if is_alone:
            found = send_alone(connection, written.sql, written.bound(values), _all)
        else:
            _begin(connection)
            found = send(connection, written.sql, written.bound(values), _all)
        return [written.loaded(row) for row in found]

    def _in(self, dialect: Dialect) -> "_Written":
        known = self._written.get(dialect.name)
        if known is None:
            known = self._written[dialect.name] = _Written(self._statement, self._names, dialect)
        return known


def _goes_alone(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql" and not is_reading() and not connection.in_transaction()


def _begin(connection: Connection) -> None:
    if not connection.in_transaction():
        connection.begin()


class _Written:
    """The words of a statement in one database, how its values are stored and how its rows are loaded."""

    def __init__(self, statement: ClauseElement, names: Sequence[str], dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect, column_keys=list(names) or None)
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        store = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in binds.items()}
        said = {name: bind.value for name, bind in binds.items() if not bind.required}
        self.sql = str(compiled)
        self._by_place: bool = dialect.positional
        self._used: list[str] = list(compiled.positiontup or binds)
        self._said = {name: store[name](value) if store[name] else value for name, value in said.items()}
        self._stores = [(name, store[name]) for name in binds if store[name] and name not in said]
        columns = list(statement.selected_columns) if isinstance(statement, Select) else []
        loads = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        self._loads = [(place, load) for place, load in enumerate(loads) if load]
        self._row: Any = NamedTuple("Row", [(column.key, Any) for column in columns])  # type: ignore[misc]

    def bound(self, values: Values) -> Any:
        """Return the values as the driver takes them."""
        given = {**values, **self._said}
        for name, store in self._stores:
            given[name] = store(given[name])
        stored = [given[name] for name in self._used]
        return stored if self._by_place else dict(zip(self._used, stored, strict=True))

    def loaded(self, row: Sequence[Any]) -> Any:
        """Return a row of the driver as its columns' types say."""
        values = list(row)
        for place, load in self._loads:
            values[place] = load(values[place])
        return self._row._make(values)
