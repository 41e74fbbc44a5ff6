"""One memory of compiled statements for all databases of a kind, as a process that serves has it.

SQLAlchemy keeps compiled statements by engine and dialect. Every test has an engine of its own, and would write the
same SQL anew: a fifth to a third of the processors' time of a test on a database.
"""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

STATEMENTS = 1500  # kept of a kind; the tests of one folder have some hundreds


class _Alike:
    """Dialects of one class are equal: the tests start all their engines with the same options."""

    compiled: LRUCache[Any, Any]

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        """Let the engine look where its like have put their statements."""
        engine.update_execution_options(compiled_cache=cls.compiled)


class SQLite(_Alike, SQLiteDialect_pysqlite):
    """SQLite as the tests speak it."""

    supports_statement_cache = True
    compiled = LRUCache(STATEMENTS)


class PostgreSQL(_Alike, PGDialect_psycopg):
    """PostgreSQL as the tests speak it."""

    supports_statement_cache = True
    compiled = LRUCache(STATEMENTS)


def register() -> None:
    """Answer to the names in the addresses of databases."""
    registry.register("sqlite", __name__, SQLite.__name__)
    registry.register("postgresql.psycopg", __name__, PostgreSQL.__name__)
