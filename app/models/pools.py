"""SQLite connections for reading and for writing, kept apart.

`PRAGMA query_only` makes every prepared statement of its connection void, so a connection that reads now and writes
then would prepare each statement anew: measured, a sixth of what a survey page and its answer cost.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy.pool import ConnectionPoolEntry, QueuePool


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
