from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from app.models.base import UtcDateTime, reading
from app.models.people import Bounce, Person
from app.models.prepared import Prepared
from tests.servers.databases import Database

NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
INSERT = Prepared(insert(Bounce), "address_hash", "status", "received_at")


def test_it_stores_values_as_their_columns_do(database: Database) -> None:
    INSERT.run(database.session.connection(), {"address_hash": b"x", "status": "5.1.1", "received_at": NOW})

    stored = database.session.execute(select(Bounce.address_hash, Bounce.status, Bounce.received_at)).one()

    assert stored == (b"x", "5.1.1", NOW)


def test_it_says_what_the_statement_says_itself_and_counts_the_rows(database: Database) -> None:
    rows = [{"address_hash": name, "status": "5.1.1", "received_at": NOW} for name in (b"x", b"y")]
    INSERT.run_many(database.session.connection(), rows)
    mild = Prepared(update(Bounce).where(Bounce.address_hash == bindparam("this")).values(status="4.2.2"))

    count = mild.run(database.session.connection(), {"this": b"x"}).rowcount

    assert (count, database.session.scalars(select(Bounce.status).order_by(Bounce.address_hash)).all()) == (
        1,
        ["4.2.2", "5.1.1"],
    )


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
