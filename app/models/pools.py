"""Pools of connections, each with one habit that saves a survey page much of its cost.

SQLite: connections for reading and for writing are kept apart. `PRAGMA query_only` makes every prepared statement of
its connection void, so a connection that reads now and writes then would prepare each statement anew: measured, a sixth
of what a survey page and its answer cost. PostgreSQL: a connection is asked whether it still lives after a rest only.
"""

import time
from collections.abc import Callable
from typing import Any, cast

from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

REST = 5.0  # seconds; a database that restarts takes as long


class AskedAfterRest(QueuePool):
    """A pool that pings (`pool_pre_ping`) only what has not been used for a while."""

    def _do_get(self) -> ConnectionPoolEntry:
        record: Any = super()._do_get()
        if time.monotonic() - record.info.get("used_at", 0.0) < REST:
            record.fresh = True  # SQLAlchemy's word for: needs no ping
        return cast(ConnectionPoolEntry, record)

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        record.info["used_at"] = time.monotonic()
        super()._do_return_conn(record)


class ReadersApart(QueuePool):
    """A pool with a second one inside, which serves whoever `wants_to_read`."""

    wants_to_read: Callable[[], bool] = staticmethod(lambda: False)

    def __init__(self, creator: Any, **options: Any) -> None:
        super().__init__(creator, **options)
        self._readers = QueuePool(creator, **{name: value for name, value in options.items() if name != "_dispatch"})
        self._readers.dispatch = self.dispatch  # what happens on connecting happens to both

    def _do_get(self) -> ConnectionPoolEntry:
        # The entry belongs to the inner pool and goes back there by itself.
        return self._readers._do_get() if self.wants_to_read() else super()._do_get()  # noqa: SLF001

    def dispose(self) -> None:
        """Close the idle connections of both."""
        self._readers.dispose()
        super().dispose()
