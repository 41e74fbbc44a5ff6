"""What the application asks of its database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from app.models.base import db


@contextmanager
def counting(app: Flask) -> Iterator[list[str]]:
    """Collect the statements of the block besides BEGIN, COMMIT, SET and PRAGMA."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.split(None, 1)[0] not in {"BEGIN", "COMMIT", "ROLLBACK", "SET", "PRAGMA"}:
            found.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
