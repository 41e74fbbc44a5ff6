"""The periodic steps of an installation, each one call into the pipeline or upkeep, and how often each is due.

What a step did stands in the log in one line, in numbers; of one that found nothing to do there is none.

Every step is safe to run twice and on two machines at once; the claim only saves the second machine the work.
"""

import logging
import time as clocks
from collections.abc import Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Protocol

from sqlalchemy.orm import Session

from app.jobs.installation import Installation
from app.jobs.progress import running_from
from app.models.run_marks import forget_marks_ahead, move_run_mark
from app.upkeep.running import readiness

log = logging.getLogger(__name__)

NIGHT = time(2, 30)  # company-local: after midnight's expiries, before anybody works


class Work(Protocol):
    """One call into the pipeline or upkeep, which commits for itself."""

    def __call__(self, installation: Installation, /, *, now: datetime) -> object:
        """Do what is due at `now`; safe to run twice."""


@dataclass(frozen=True)
class Step:
    """A piece of periodic work. `every` is None for what is done once a night; `did` says what its count counts."""

    name: str
    run: Work
    every: timedelta | None = timedelta(minutes=1)
    did: str = "done"

    def slot(self, installation: Installation, now: datetime) -> datetime:
        """Return the moment from which the present run counts as done."""
        if self.every is not None:
            seconds = int(self.every.total_seconds())
            return datetime.fromtimestamp(now.timestamp() // seconds * seconds, tz=UTC)
        zone = installation.settings.time_zone
        local = now.astimezone(zone)
        day = local.date() if local.time() >= NIGHT else local.date() - timedelta(days=1)
        return datetime.combine(day, NIGHT, tzinfo=zone).astimezone(UTC)

    def do(self, installation: Installation, now: datetime) -> None:
        """Run once, and log in one line what that did and how long it took. Raises what the work raises."""
        began = clocks.monotonic()
        done = in_numbers(self.run(installation, now=now), self.did)
        if done:
            log.info("%s: %s in %.1f s", self.name, done, clocks.monotonic() - began)


def in_numbers(result: object, did: str) -> str:
    """Return the counts of a step's result that are not 0, each after what it counts; never its words."""
    if is_dataclass(result) and not isinstance(result, type):
        counts: Mapping[str, object] = asdict(result)
    else:
        counts = result if isinstance(result, Mapping) else {did: result}
    told = ((name, count) for name, count in counts.items() if isinstance(count, int) and count)
    return ", ".join(f"{name} {count}" for name, count in told)


def claim(session: Session, name: str, slot: datetime) -> bool:
    """Return True for exactly one caller per step and slot, on however many machines."""
    return move_run_mark(session, f"job:{name}", slot)


def sweep(installation: Installation, steps: tuple[Step, ...], now: datetime) -> list[str]:
    """Run every step that is due and not claimed by another machine; return the names of those that ran.

    A step that fails is logged with its reason and tried again in its next slot; the others go on.
    """
    with installation.sessions() as session, session.begin():
        ahead = forget_marks_ahead(session, now)
        readiness.beat(session, now)
        due = [step for step in steps if claim(session, step.name, step.slot(installation, now))]
    if ahead is not None:
        log.warning("a step was noted for %s, which is still to come: some clock was wrong; the steps go on", ahead)
    done, moment = [], running_from(now)
    for step in due:
        try:
            # an earlier step may take minutes, and what this one notes has its own time
            step.do(installation, moment())
        except Exception:
            log.exception("step %s failed; it is tried again in its next slot", step.name)
        else:
            done.append(step.name)
    return done
