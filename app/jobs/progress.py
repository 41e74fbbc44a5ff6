"""How far a chore is, told to the page that asked for it; telling it also keeps the chore ours."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from app.jobs.installation import Installation
from app.models.base import writing
from app.models.chores import Chore
from app.upkeep import chores


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
