"""How far a chore is, told to the page that asked for it; and the beat that keeps a chore ours while we live."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError

from app.jobs.installation import Installation
from app.models.base import writing
from app.models.chores import Chore
from app.upkeep.running import chores

log = logging.getLogger(__name__)

BEATS = 5  # in the time of a lease
RETRY = timedelta(seconds=1)  # after a beat that the database did not take: on SQLite the work itself may be writing


class LostChore(RuntimeError):
    """The lease ended before the work did, and another worker has the chore."""


class Progress:
    """Tells how far a chore is, which begins its lease anew."""

    def __init__(self, installation: Installation, chore: Chore, moment: Callable[[], datetime]) -> None:
        """Remember whose progress it is, and the clock."""
        self._installation, self._chore, self._moment = installation, chore, moment

    def __call__(self, done: int, total: int | None = None) -> None:
        """Say that so much is done. Raises LostChore."""
        with writing(), self._installation.sessions.begin() as session:  # the work itself may only read
            if not chores.report(session, self._chore, done, total, now=self._moment()):
                raise LostChore(f"chore {self._chore.id} ({self._chore.kind})")


def running_from(now: datetime) -> Callable[[], datetime]:
    """Return a clock that stands at `now` and goes on from there."""
    began = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - began)


@contextmanager
def held(installation: Installation, chore: Chore, moment: Callable[[], datetime]) -> Iterator[None]:
    """Keep a chore ours while the block runs, on a connection of its own: much of the work tells nothing for long.

    Only a process that is gone stops to beat.
    """
    is_over = threading.Event()
    beating = threading.Thread(
        target=_beat, args=(installation, chore, moment, is_over), name=f"chore-{chore.id}", daemon=True
    )
    beating.start()
    try:
        yield
    finally:
        is_over.set()
        beating.join()


def _beat(installation: Installation, chore: Chore, moment: Callable[[], datetime], is_over: threading.Event) -> None:
    pause = regularly = chores.LEASE / BEATS
    while not is_over.wait(pause.total_seconds()):
        try:
            with installation.sessions.begin() as session:
                if not chores.beat(session, chore, now=moment()):
                    return
        except DBAPIError as error:
            if pause == regularly:
                log.warning("chore %d (%s) cannot be held at the moment: %s", chore.id, chore.kind, error.orig)
            pause = min(RETRY, regularly)
        else:
            pause = regularly
