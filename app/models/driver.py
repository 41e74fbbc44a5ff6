"""Statements given to the database's driver as they are, past SQLAlchemy's own execution.

Listeners, transactions, errors and what becomes of a broken connection are SQLAlchemy's as ever.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

_CURSOR = "cursor of prepared statements"


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


def send_alone(connection: Connection, sql: str, values: Any, take: Callable[[Any], Any]) -> Any:
    """Send one statement with no transaction round it, where none was begun: it sees one state, stores all or nothing.

    On PostgreSQL BEGIN and COMMIT are two of three trips. SQLite's driver begins nothing by itself (see base).
    """
    if connection.dialect.name == "sqlite":
        return send(connection, sql, values, take)
    driver: Any = connection.connection.dbapi_connection
    driver.autocommit = True
    try:
        return send(connection, sql, values, take)
    finally:
        if not driver.closed:
            driver.autocommit = False


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
