"""Waiting for SQLite's writer: it has one, and whoever waits for it in a web process keeps a thread from the pages.

So a request waits a moment, and only few of a process wait on; the others are told at once to come again. The worker
and commands wait as long as they may. docs/decisions/0030-few-requests-wait-for-the-writer.md
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from app.models.driver import send

PATIENCE = 10_000  # milliseconds; rules.md: busy_timeout
MOMENT = 250  # milliseconds; answers of a flood queue up for less
PLACES = 2  # of a process; deploy/ runs four threads in each

BREATH = 0.12  # seconds; whoever waits looks again after 100 ms at most (SQLite's own busy handler)

_MILLISECONDS = "busy_timeout"


class WaitingRoom:
    """Places for those who wait for longer than a moment."""

    def __init__(self, places: int) -> None:
        """Open a room with so many free places."""
        self._free = places
        self._lock = threading.Lock()

    @property
    def is_full(self) -> bool:
        """Tell whether every place is taken: the writer has been busy for a while."""
        return self._free == 0

    def enter(self) -> bool:
        """Take a place; False where none is free."""
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            return False

    def leave(self) -> None:
        """Give the place back."""
        with self._lock:
            self._free += 1


_room = WaitingRoom(PLACES)
_takes_turns: ContextVar[bool] = ContextVar("database_takes_turns", default=False)


@contextmanager
def taking_turns() -> Iterator[None]:
    """Let the writing transactions of this block wait for long only while the process has a place for it."""
    token = _takes_turns.set(True)
    try:
        yield
    finally:
        _takes_turns.reset(token)


def begin_writing(connection: Connection) -> None:
    """Take SQLite's writer's lock. Raises OperationalError, "database is locked", when the wait was in vain."""
    if not _takes_turns.get():
        _begin(connection, PATIENCE)
        return
    try:
        _begin(connection, 0 if _room.is_full else MOMENT)
    except OperationalError as error:
        if "locked" not in str(error.orig) or not _room.enter():
            raise
    else:
        return
    try:
        _begin(connection, PATIENCE - MOMENT)
    finally:
        _room.leave()


def let_others_write(engine: Engine) -> None:
    """Pause between two transactions of long work, so that somebody who waits for SQLite's writer gets a turn.

    The next one would begin within microseconds otherwise, and those who wait only look now and then.
    """
    if engine.dialect.name == "sqlite":
        time.sleep(BREATH)


def _begin(connection: Connection, patience: int) -> None:
    if connection.info.get(_MILLISECONDS, PATIENCE) != patience:
        send(connection, f"PRAGMA busy_timeout={patience}")
        connection.info[_MILLISECONDS] = patience
    send(connection, "BEGIN IMMEDIATE")
