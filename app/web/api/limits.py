"""How often a key may call: 600 times a minute, 60 of them with lists; an address without a key 30 times.

Counted in windows of a minute, in Redis where the queue is one, so for all processes together; else in each process.
"""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import cast

from flask import Flask, Response, current_app, g, request
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from app.foundations.languages import gettext
from app.web.frame.problems import Problem

log = logging.getLogger(__name__)

CALLS, LISTS, STRANGERS = 600, 60, 30  # a minute
_SCHEMES = {"redis": "redis", "rediss": "rediss", "unix": "redis+unix"}


@dataclass(frozen=True)
class Rate:
    """What is left of a minute's calls."""

    limit: int
    left: int
    seconds: int  # until the next minute begins

    def headers(self) -> Iterator[tuple[str, str]]:
        """Yield what a caller reads to go slower in time (draft-ietf-httpapi-ratelimit-headers-07)."""
        yield "RateLimit-Limit", str(self.limit)
        yield "RateLimit-Remaining", str(self.left)
        yield "RateLimit-Reset", str(self.seconds)


class Limits:
    """The counters of one application."""

    def __init__(self, broker_url: str) -> None:
        """Count in the queue's Redis where there is one."""
        scheme, _, rest = broker_url.partition("://")
        self._own = FixedWindowRateLimiter(MemoryStorage())
        self._common = None
        if scheme in _SCHEMES:
            storage = storage_from_string(f"{_SCHEMES[scheme]}://{rest}", wrap_exceptions=True)
            self._common = FixedWindowRateLimiter(storage)

    def take(self, who: str, per_minute: int) -> tuple[bool, Rate]:
        """Count a call of `who`; return whether it may go on, and what is left."""
        item = RateLimitItemPerMinute(per_minute)
        if self._common is not None:
            try:
                return _taken(self._common, item, who)
            except StorageError as error:  # a Redis that is away must not close the API
                log.warning("calls are counted in this process alone: %s", error)
        return _taken(self._own, item, who)


def _taken(limiter: FixedWindowRateLimiter, item: RateLimitItem, who: str) -> tuple[bool, Rate]:
    may_go_on = limiter.hit(item, "parity", who)
    window = limiter.get_window_stats(item, "parity", who)
    return may_go_on, Rate(item.amount, max(window.remaining, 0), max(ceil(window.reset_time - time.time()), 1))


def register(app: Flask, broker_url: str) -> None:
    """Count the calls of this application, and tell each caller what is left."""
    app.extensions["parity_limits"] = Limits(broker_url)
    app.after_request(_tell)


def count_call(key_id: int) -> None:
    """Count a call with a key. Raises Problem 429 where a minute's calls are used up."""
    _count(f"key:{key_id}", CALLS)


def count_list(key_id: int) -> None:
    """Count a list that a key sends. Raises Problem 429."""
    _count(f"lists:{key_id}", LISTS)


def count_stranger() -> None:
    """Count a call without a key of ours by its address. Raises Problem 429: nobody tries keys by the thousand."""
    _count(f"address:{request.remote_addr}", STRANGERS)


def _count(who: str, per_minute: int) -> None:
    limits = cast(Limits, current_app.extensions["parity_limits"])
    may_go_on, g.rate = limits.take(who, per_minute)
    if not may_go_on:
        rate: Rate = g.rate
        words = {"number": per_minute, "seconds": rate.seconds}
        sentence = gettext("at most %(number)s such calls a minute; go on in %(seconds)s s", **words)
        raise Problem(429, sentence, headers={"Retry-After": str(rate.seconds)})


def _tell(response: Response) -> Response:
    rate: Rate | None = g.get("rate")
    if rate is not None:
        response.headers.update(rate.headers())
    return response
