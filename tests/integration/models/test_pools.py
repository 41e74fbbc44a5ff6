"""Readers and writers of SQLite have connections of their own; PostgreSQL needs no such thing."""

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from app.models.base import reading
from tests.servers.databases import Database


def test_a_connection_never_changes_between_reading_and_writing(sqlite: Database) -> None:
    statements: list[str] = []
    event.listen(
        sqlite.engine, "before_cursor_execute", lambda _connection, _cursor, statement, *_: statements.append(statement)
    )

    for _ in range(3):
        with reading(), sqlite.sessions() as session:
            session.execute(text("SELECT 1"))
        with sqlite.sessions.begin() as session:
            session.execute(text("INSERT INTO page_times (period, bin, count) VALUES (random(), 1, 1)"))

    assert statements.count("PRAGMA query_only=ON") == 1
    assert statements.count("PRAGMA query_only=OFF") == 0


def test_a_reader_cannot_write_and_sees_what_was_written(database: Database) -> None:
    with database.sessions.begin() as session:
        session.execute(text("INSERT INTO page_times (period, bin, count) VALUES ('2026-Q4', 1, 1)"))

    with reading(), database.sessions() as session:
        seen = session.execute(text("SELECT count FROM page_times")).scalars().all()
        with pytest.raises(DBAPIError, match=r"readonly|read-only"):
            session.execute(text("DELETE FROM page_times"))

    assert seen == [1]


def test_disposing_closes_the_readers_too(sqlite: Database) -> None:
    with reading(), sqlite.sessions() as session:
        session.execute(text("SELECT 1"))

    sqlite.engine.dispose()

    with reading(), sqlite.sessions() as session:
        assert session.execute(text("SELECT 1")).scalar_one() == 1
