"""The worker's queue with every task registered under its name."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from huey import Huey, crontab

from app.foundations import clock
from app.jobs.catalogue import STEPS, TASKS
from app.jobs.gathering import OneAtATime
from app.jobs.hints import only_enqueued, storage_of
from app.jobs.installation import Installation
from app.jobs.steps import Step, sweep
from app.settings import Settings


def build_queue(settings: Settings) -> Huey:
    """Return the installation's queue with every task registered under its name.

    Embedded (SQLite in `settings.var`) where no broker is set, else Redis or PostgreSQL by the address of
    `PARITY_BROKER_URL`. Messages are pickles, so each is signed with a key of its own.
    """
    queue = storage_of(settings)
    _register(queue, settings)
    return queue


def _register(queue: Huey, settings: Settings) -> dict[str, Any]:
    """Register all tasks; calling a returned one enqueues it."""
    made: dict[str, Installation] = {}
    sweeping = threading.Lock()

    def installation() -> Installation:
        # The engine is made by the process that runs tasks, never by one that only enqueues.
        return made.setdefault("one", made.get("one") or Installation.of(settings))

    def once(step: Step) -> OneAtATime:
        return OneAtATime(lambda: step.do(installation(), clock.now()))

    def task(steps: Sequence[Step]) -> Callable[..., None]:
        lines = [once(step) for step in steps]

        def run() -> None:
            for line in lines:
                line()

        run.__module__ = only_enqueued.__module__  # part of the name by which a message finds its task
        return run

    def sweep_once() -> None:
        # A sweep that takes longer than a minute is not overtaken by the next one in this process.
        if sweeping.acquire(blocking=False):
            try:
                sweep(installation(), STEPS, clock.now())
            finally:
                sweeping.release()

    sweep_once.__module__ = only_enqueued.__module__
    tasks = {name: queue.task(name=name)(task(steps)) for name, steps in TASKS.items()}
    tasks["sweep_now"] = queue.task(name="sweep_now")(sweep_once)
    queue.periodic_task(crontab(minute="*"), name="sweep")(sweep_once)
    return tasks
