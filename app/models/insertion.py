"""INSERT … ON CONFLICT DO NOTHING on both databases: how a row is made once, however many writers try."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.models.base import Base


def insert_missing(session: Session, table: type[Base], rows: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> int:
    """Insert the rows whose unique keys are new and leave the others as they are; return how many were new."""
    if not rows:
        return 0
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement: Insert = insert(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    if isinstance(rows, Mapping):
        rows = [rows]
    return max(session.connection().execute(statement, list(rows)).rowcount, 0)
