"""Statements of a hot path, put together once for each database and given to its driver as they are.

SQLAlchemy finds a compiled statement again, describes its execution and describes its result: measured, 20 to 80 µs a
statement, where SQLite needs 10 to run it. Transactions, listeners and the wrapping of errors are SQLAlchemy's as ever.
"""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter, methodcaller
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement

Values = Mapping[str, Any]
Convert = Callable[[Any], Any]  # how a type stores a value, or loads it

_CURSOR = "cursor of prepared statements"
_count, _all = attrgetter("rowcount"), methodcaller("fetchall")


class Prepared:
    """One statement whose `names` are given at each run; everything else stands in it."""

    def __init__(self, statement: ClauseElement, *names: str) -> None:
        self._statement = statement
        self._names = names
        self._written: dict[str, _Written] = {}

    def run(self, connection: Connection, values: Values) -> int:
        """Run an INSERT, UPDATE or DELETE; return how many rows it touched. Raises KeyError for a missing value."""
        written = self._in(connection)
        count: int = send(connection, written.sql, written.bound(values), _count)
        return count

    def rows(self, connection: Connection, values: Values) -> list[Any]:
        """Run a SELECT; return its rows as named tuples. Raises KeyError for a missing value."""
        written = self._in(connection)
        found = send(connection, written.sql, written.bound(values), _all)
        return [written.loaded(row) for row in found]

    def _in(self, connection: Connection) -> "_Written":
        if not connection.in_transaction():
            connection.begin()
        dialect = connection.dialect
        known = self._written.get(dialect.name)
        if known is None:
            known = self._written[dialect.name] = _Written(self._statement, self._names, dialect)
        return known


def send(connection: Connection, sql: str, values: Any = (), take: Callable[[Any], Any] | None = None) -> Any:
    """Give a statement to the driver; return what `take` finds on the cursor. It does not begin a transaction itself.

    Raises what SQLAlchemy raises: sqlalchemy.exc.OperationalError where the database is locked or away, and so on.
    """
    cursor = _cursor_of(connection)
    try:
        for note in connection.engine.dispatch.before_cursor_execute:
            note(connection, cursor, sql, values, None, False)
        cursor.execute(sql, values)
        return take(cursor) if take else None
    except BaseException as error:  # noqa: BLE001  raised again by SQLAlchemy, which gives up a broken connection
        of_driver = isinstance(error, connection.dialect.loaded_dbapi.Error)
        # Not public, but where every execution of SQLAlchemy ends; tests/integration/models/test_prepared.py holds it.
        connection._handle_dbapi_exception(error, sql if of_driver else None, values, None, None)  # noqa: SLF001


def _cursor_of(connection: Connection) -> Any:
    """Return the one cursor of the driver's connection: psycopg takes as long to make one as to send a statement.

    Safe to share, because a connection serves one thread and every result is taken at once. A connection made anew
    comes with an empty `info`.
    """
    info = connection.info
    cursor = info.get(_CURSOR)
    if cursor is None:
        cursor = info[_CURSOR] = connection.connection.cursor()
    return cursor


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
        self._stores = _where_needed([None if name in said else store[name] for name in self._used])
        columns = list(statement.selected_columns) if isinstance(statement, Select) else []
        loads = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        self._loads = _where_needed(loads)
        self._row: Any = NamedTuple("Row", [(column.key, Any) for column in columns])  # type: ignore[misc]

    def bound(self, values: Values) -> Any:
        """Return the values as the driver takes them."""
        given = {**values, **self._said} if self._said else values
        stored = [given[name] for name in self._used]
        for place, store in self._stores:
            stored[place] = store(stored[place])
        return stored if self._by_place else dict(zip(self._used, stored, strict=True))

    def loaded(self, row: Sequence[Any]) -> Any:
        """Return a row of the driver as its columns' types say."""
        values = list(row)
        for place, load in self._loads:
            values[place] = load(values[place])
        return self._row._make(values)


def _where_needed(converts: Sequence[Convert | None]) -> list[tuple[int, Convert]]:
    return [(place, convert) for place, convert in enumerate(converts) if convert]
