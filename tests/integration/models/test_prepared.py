"""What is sent past SQLAlchemy's own execution keeps its types, its transactions and its errors."""

from datetime import UTC, datetime
from typing import Any

import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Integer,
    String,
    bindparam,
    event,
    insert,
    literal_column,
    null,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from app.domain.states import PeriodState
from app.models.base import UtcDateTime, reading
from app.models.people import Bounce, Person
from app.models.prepared import Prepared
from app.models.releases import PeriodRecord
from tests.servers.databases import Database

NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
INSERT = Prepared(insert(Bounce), "address_hash", "status", "received_at")


def test_it_stores_values_as_their_columns_do(database: Database) -> None:
    INSERT.run(database.session.connection(), {"address_hash": b"x", "status": "5.1.1", "received_at": NOW})

    stored = database.session.execute(select(Bounce.address_hash, Bounce.status, Bounce.received_at)).one()

    assert stored == (b"x", "5.1.1", NOW)


def test_it_says_what_the_statement_says_itself_and_counts_the_rows(database: Database) -> None:
    for name in (b"x", b"y"):
        INSERT.run(database.session.connection(), {"address_hash": name, "status": "5.1.1", "received_at": NOW})
    mild = Prepared(update(Bounce).where(Bounce.address_hash == bindparam("this")).values(status="4.2.2"))

    count = mild.run(database.session.connection(), {"this": b"x"})

    assert (count, database.session.scalars(select(Bounce.status).order_by(Bounce.address_hash)).all()) == (
        1,
        ["4.2.2", "5.1.1"],
    )


def test_it_loads_rows_as_their_columns_do(database: Database) -> None:
    values = {"department": "it", "state": PeriodState.FROZEN, "chips": ["too_slow"], "yes": True, "ends_at": NOW}
    typed = (
        bindparam("department", type_=String),
        bindparam("state", type_=PeriodRecord.__table__.c.state.type),
        bindparam("chips", type_=JSON),
        bindparam("yes", type_=Boolean),
        bindparam("ends_at", type_=UtcDateTime),
    )
    echo = Prepared(select(*(bind.label(bind.key) for bind in typed), null().label("absent")))

    (row,) = echo.rows(database.session.connection(), values)

    assert row._asdict() == {**values, "absent": None}


def test_a_lone_reader_needs_no_transaction_and_leaves_none(database: Database) -> None:
    numbers = Prepared(select(bindparam("number", type_=Integer).label("number")))

    with reading(), database.engine.connect() as connection:
        (row,) = numbers.rows(connection, {"number": 7})
        was_open = connection.in_transaction(), _has_begun(connection)
        with pytest.raises(DBAPIError, match=r"read-?only"):
            connection.exec_driver_sql("DELETE FROM page_times")

    assert (row.number, was_open) == (7, (False, False))


def test_a_reader_whose_statement_fails_reads_on(database: Database) -> None:
    broken = Prepared(select(literal_column("no_such_column")))

    with reading(), database.engine.connect() as connection:
        for _ in range(2):
            with pytest.raises(DBAPIError, match="no_such_column"):
                broken.rows(connection, {})
        left_open = _has_begun(connection)

    assert not left_open


def test_a_select_inside_a_transaction_stays_inside(database: Database) -> None:
    statuses = Prepared(select(Bounce.status))

    with database.engine.connect() as connection:
        INSERT.run(connection, {"address_hash": b"x", "status": "5.1.1", "received_at": NOW})
        seen = statuses.rows(connection, {})
        connection.rollback()
        gone = statuses.rows(connection, {})
        begun = _has_begun(connection)

    assert (seen, gone, begun) == ([("5.1.1",)], [], True)


def _has_begun(connection: Connection) -> bool:
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        return bool(driver.in_transaction)
    return bool(driver.info.transaction_status != TransactionStatus.IDLE)


def test_a_connection_without_a_transaction_begins_one(database: Database) -> None:
    with database.engine.connect() as connection:
        INSERT.run(connection, {"address_hash": b"x", "status": "5.1.1", "received_at": NOW})
        connection.rollback()

    assert database.session.scalars(select(Bounce.status)).all() == []


def test_a_statement_that_is_all_that_is_written_needs_no_commit_on_postgresql(database: Database) -> None:
    row = {"address_hash": b"x", "status": "5.1.1", "received_at": NOW}
    is_whole = database.kind == "postgresql"

    with database.engine.connect() as connection:
        count = INSERT.run_whole(connection, row)
        was_open = _has_begun(connection)
        connection.rollback()

    stored = database.session.scalars(select(Bounce.status)).all()
    assert (count, was_open, stored) == (1, not is_whole, ["5.1.1"] if is_whole else [])


def test_it_waits_for_the_commit_where_a_transaction_is_open_and_is_refused_where_only_reading_is_allowed(
    database: Database,
) -> None:
    row = {"address_hash": b"x", "status": "5.1.1", "received_at": NOW}

    with database.engine.connect() as connection:
        connection.begin()
        INSERT.run_whole(connection, row)
        connection.rollback()
    with reading(), database.engine.connect() as reader, pytest.raises(DBAPIError, match=r"read-?only"):
        INSERT.run_whole(reader, row)

    assert database.session.scalars(select(Bounce.status)).all() == []


def test_a_glance_begins_a_transaction_on_sqlite_alone(database: Database) -> None:
    statuses = Prepared(select(Bounce.status))

    with database.engine.connect() as connection:
        seen = statuses.glance(connection, {})
        begun = _has_begun(connection)

    assert (seen, begun) == ([], database.kind == "sqlite")


def test_a_listener_hears_of_it_as_of_any_statement(database: Database) -> None:
    heard: list[str] = []
    event.listen(
        database.engine, "before_cursor_execute", lambda _connection, _cursor, sql, *_: heard.append(sql.split(" (")[0])
    )

    INSERT.run(database.session.connection(), {"address_hash": b"x", "status": "5.1.1", "received_at": NOW})

    assert heard[-1:] == ["INSERT INTO bounces"]


def test_a_refused_row_is_named_as_ever_and_without_its_values(database: Database) -> None:
    values = {"address_hash": b"x", "status": None, "received_at": NOW}

    with pytest.raises(IntegrityError, match="INSERT INTO bounces") as caught:
        INSERT.run(database.session.connection(), values)

    assert "parameters hidden" in str(caught.value)
    assert "DETAIL" not in str(caught.value)


def test_a_statement_after_a_refused_one_runs(database: Database) -> None:
    row = {"address_hash": b"x", "status": "5.1.1", "received_at": NOW}
    with pytest.raises(IntegrityError):
        INSERT.run(database.session.connection(), row | {"status": None})
    database.session.rollback()

    assert INSERT.run(database.session.connection(), row) == 1


def test_a_locked_database_is_an_operational_error(sqlite: Database) -> None:
    with sqlite.engine.connect() as first, sqlite.engine.connect() as second:
        for connection in (first, second):
            driver: Any = connection.connection.dbapi_connection
            driver.execute("PRAGMA busy_timeout=0")
        first.begin()

        with pytest.raises(OperationalError, match="database is locked"):
            second.begin()


def test_a_broken_connection_is_given_up_and_the_next_statement_gets_another(database: Database) -> None:
    row = {"address_hash": b"x", "status": "5.1.1", "received_at": NOW}

    with database.engine.connect() as connection:
        INSERT.run(connection, row)
        _break(connection)
        with pytest.raises(DBAPIError) as caught:
            INSERT.run(connection, row)
        connection.rollback()
        count = INSERT.run(connection, row)

    assert (caught.value.connection_invalidated, count) == (True, 1)


def _break(connection: Connection) -> None:
    """End the connection as a server that restarts does; SQLite has none, so it is closed here."""
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        driver.close()
        return
    with connection.engine.connect() as other:
        other.exec_driver_sql(f"SELECT pg_terminate_backend({driver.info.backend_pid})")


def test_a_missing_value_is_named(database: Database) -> None:
    with pytest.raises(KeyError, match="received_at"):
        INSERT.run(database.session.connection(), {"address_hash": b"x", "status": "5.1.1"})


def test_a_naive_moment_is_refused_as_everywhere(database: Database) -> None:
    words = text("INSERT INTO people (email, created_at) VALUES ('a', :at)")
    statement = Prepared(words.bindparams(bindparam("at", type_=UtcDateTime)))

    with pytest.raises(ValueError, match="naive moment"):
        statement.run(database.session.connection(), {"at": NOW.replace(tzinfo=None)})


def test_a_connection_that_read_writes_again(database: Database) -> None:
    with reading(), database.sessions.begin() as session, pytest.raises(DBAPIError, match=r"read-?only"):
        session.execute(insert(Person).values(email="a@example.com"))

    with database.sessions.begin() as session:
        session.add(Person(email="a@example.com"))

    assert database.session.scalars(select(Person.email)).all() == ["a@example.com"]
