"""The database: declarative base, column types, and transactions that are right on SQLite and PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Engine, Enum, MetaData, create_engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from app.models import silence  # noqa: F401  hears every failing statement
from app.models.driver import send
from app.models.pools import AskedAfterRest, ReadersApart
from app.models.waiting import PATIENCE, begin_writing

SINCE_EVER = datetime(1900, 1, 1, tzinfo=UTC)  # `valid_from` of a first version that names no day

_reading: ContextVar[bool] = ContextVar("database_reading", default=False)


class Base(DeclarativeBase):
    """All tables. Check and unique constraints are named for the rule they keep."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment. Naive values are refused; SQLite keeps UTC without its offset, PostgreSQL timestamptz."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store in UTC. Raises ValueError for a naive moment."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive moment {value!r}: every stored time is aware")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def words(enum: type[StrEnum], rule: str) -> Enum:
    """Return a column type that stores the enum's words under a CHECK constraint named for the rule."""
    return Enum(
        enum,
        name=rule,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda e: [m.value for m in e],
    )


@contextmanager
def reading() -> Iterator[None]:
    """Open the transactions of this block read-only: SQLite without the writer's lock, PostgreSQL READ ONLY."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


@contextmanager
def writing() -> Iterator[None]:
    """Let the transactions of this block write, also where they stand inside a block of `reading`."""
    token = _reading.set(False)
    try:
        yield
    finally:
        _reading.reset(token)


def is_reading() -> bool:
    """Tell whether we are in a block of `reading`."""
    return _reading.get()


class _Pool(ReadersApart):
    wants_to_read = staticmethod(_reading.get)


def engine_options(database_url: str) -> dict[str, Any]:
    """Return what create_engine needs beside the address."""
    # A failing statement is logged; its values may be ratings, comments and addresses.
    quiet = {"hide_parameters": True}
    if database_url.startswith("sqlite"):
        return quiet | {"connect_args": {"timeout": PATIENCE / 1000, "isolation_level": None}, "poolclass": _Pool}
    return quiet | {"pool_pre_ping": True, "poolclass": AskedAfterRest}


def make_engine(database_url: str) -> Engine:
    """Return an engine outside Flask (worker, commands, tests)."""
    return create_engine(database_url, **engine_options(database_url))


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """Return a factory of sessions whose objects stay readable after commit."""
    return sessionmaker(engine, expire_on_commit=False)


@event.listens_for(Engine, "connect")
def _on_connect(connection: Any, _record: Any) -> None:
    if type(connection).__module__.startswith("sqlite3"):
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            f"busy_timeout={PATIENCE}",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _on_begin(connection: Connection) -> None:
    """Take the writer's lock at once: a read that turns into a write fails on SQLite, whatever the time-out."""
    read_only = _reading.get()
    if connection.dialect.name == "sqlite":
        if connection.info.get("query_only", False) != read_only:
            send(connection, f"PRAGMA query_only={'ON' if read_only else 'OFF'}")
            connection.info["query_only"] = read_only
        if read_only:
            send(connection, "BEGIN")
        else:
            begin_writing(connection)
    elif connection.info.get("read_only", False) != read_only:
        # psycopg says it in its BEGIN, without a question of its own.
        driver: Any = connection.connection.dbapi_connection
        driver.read_only = read_only
        connection.info["read_only"] = read_only
