"""What is asked of a database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event

from app.models.base import db


@contextmanager
def counting(asked: Flask | Engine) -> Iterator[list[str]]:
    """Collect the statements of the block besides BEGIN, COMMIT, SET and PRAGMA."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.split(None, 1)[0] not in {"BEGIN", "COMMIT", "ROLLBACK", "SET", "PRAGMA"}:
            found.append(statement)

    engine = asked if isinstance(asked, Engine) else _engine_of(asked)
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _engine_of(app: Flask) -> Engine:
    with app.app_context():
        return db.engine
