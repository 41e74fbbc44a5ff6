"""An end to every exchange, however slowly it drips: a time-out of a socket begins anew with each byte.

And an end to a row of exchanges: each may be quick enough and all of them take a day.
"""

import math
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Self


class Deadline:
    """Cuts the connections of this block when its time is over; whoever reads from one then finds it ended."""

    def __init__(self, seconds: float) -> None:
        self.has_passed = False
        self._watched: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        """Let the time begin."""
        self._before = _current.set(self)
        self._timer.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        """Let go of the connections; those that are still good serve the next exchange."""
        self._timer.cancel()
        _current.reset(self._before)
        with self._lock:
            for one in self._watched:
                one.close()
            self._watched.clear()

    def watch(self, sock: Any) -> None:
        """Cut this connection, too. A copy of its descriptor outlives whatever the reader does to the socket."""
        with self._lock:
            self._watched.append(socket.socket(fileno=os.dup(sock.fileno())))
        if self.has_passed:
            self._cut()

    def _cut(self) -> None:
        with self._lock:
            self.has_passed = True
            for one in self._watched:
                with suppress(OSError):  # the other side was faster
                    one.shutdown(socket.SHUT_RDWR)


_current: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


def current() -> Deadline | None:
    """Return the deadline of the block we are in."""
    return _current.get()


_ends_at: ContextVar[float | None] = ContextVar("ends_at", default=None)


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Give all calls of this block so many seconds together; a call that has none left raises TookTooLong."""
    before = _ends_at.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends_at.reset(before)


def left() -> float:
    """Return the seconds that the block we are in has left, infinitely many outside of any."""
    ends_at = _ends_at.get()
    return math.inf if ends_at is None else ends_at - time.monotonic()
