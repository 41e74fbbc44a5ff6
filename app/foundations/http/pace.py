"""How fast a vendor lets us call: one bucket of permits for each of its hosts and accounts, shared by all threads."""

import threading
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """At most `burst` calls at once, and `per_second` on average (a token bucket)."""

    per_second: float
    burst: int


class Bucket:
    """The permits of one vendor. Times are seconds of a monotonic clock."""

    def __init__(self, pace: Pace, clock: Callable[[], float]) -> None:
        self._pace = pace
        self._clock = clock
        self._permits = float(pace.burst)
        self._counted_at = clock()
        self._lock = threading.Lock()

    def take(self) -> float:
        """Take one permit and return how many seconds to wait before using it: whoever comes later waits longer."""
        with self._lock:
            now = self._clock()
            gained = (now - self._counted_at) * self._pace.per_second
            self._permits = min(float(self._pace.burst), self._permits + gained) - 1.0
            self._counted_at = now
            return max(0.0, -self._permits / self._pace.per_second)


class Buckets:
    """One bucket for each key, made when it is first asked for."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._made: dict[str, Bucket] = {}
        self._lock = threading.Lock()

    def of(self, key: str, pace: Pace) -> Bucket:
        """Return the bucket that all calls under this key share."""
        with self._lock:
            return self._made.setdefault(key, Bucket(pace, self._clock))
