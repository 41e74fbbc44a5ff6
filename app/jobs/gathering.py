"""A task that many hints ask for: one run at a time in this process, and one more after it for what came meanwhile."""

import threading
from collections.abc import Callable


class OneAtATime:
    """Runs `work` unless it is running; then that run is followed by another, and the caller goes on at once.

    Otherwise a flood of hints would hold every thread of the worker in the same task, and nothing else would be done.
    """

    def __init__(self, work: Callable[[], object]) -> None:
        """Wrap `work`."""
        self._work = work
        self._running, self._is_wanted = threading.Lock(), threading.Event()

    def __call__(self) -> None:
        """Run the work, again as long as somebody asked for it meanwhile."""
        self._is_wanted.set()
        while self._is_wanted.is_set() and self._running.acquire(blocking=False):
            try:
                self._is_wanted.clear()
                self._work()
            finally:
                self._running.release()
