"""The queue and its tasks. Nothing is registered at import; `build_queue` does it for one installation.

The database is the truth and a queue message only a hint: a lost or doubled one is harmless, because due rows
are swept at start and every minute.
"""

import logging
import threading
from collections.abc import Callable
from typing import Any

from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey, crontab
from huey.serializer import SignedSerializer

from app.foundations import clock
from app.foundations.crypto import derive
from app.jobs.catalogue import STEPS, TASKS
from app.jobs.installation import Installation
from app.jobs.steps import sweep
from app.settings import Settings

log = logging.getLogger(__name__)

QUEUE = "parity"


def build_queue(settings: Settings) -> Huey:
    """Return the installation's queue with every task registered under its name.

    Embedded (SQLite in `settings.var`) where no broker is set, else Redis or PostgreSQL by the address of
    `PARITY_BROKER_URL`. Messages are pickles, so each is signed with a key of its own.
    """
    queue = _storage(settings)
    _register(queue, settings)
    return queue


def _register(queue: Huey, settings: Settings) -> dict[str, Any]:
    """Register all tasks; calling a returned one enqueues it."""
    made: dict[str, Installation] = {}
    sweeping = threading.Lock()

    def installation() -> Installation:
        # The engine is made by the process that runs tasks, never by one that only enqueues.
        return made.setdefault("one", made.get("one") or Installation.of(settings))

    def task(function: Callable[..., object]) -> Callable[..., None]:
        def run(*arguments: Any) -> None:
            function(installation(), *arguments, now=clock.now())

        return run

    def sweep_once() -> None:
        # A sweep that takes longer than a minute is not overtaken by the next one in this process.
        if sweeping.acquire(blocking=False):
            try:
                sweep(installation(), STEPS, clock.now())
            finally:
                sweeping.release()

    tasks = {name: queue.task(name=name)(task(function)) for name, function in TASKS.items()}
    tasks["sweep_now"] = queue.task(name="sweep_now")(sweep_once)
    queue.periodic_task(crontab(minute="*"), name="sweep")(sweep_once)
    return tasks


def _storage(settings: Settings) -> Huey:
    serializer = SignedSerializer(secret=derive(settings.secret_key, "queue").hex())
    options: dict[str, Any] = {"serializer": serializer, "results": False, "utc": True}
    url = settings.broker_url
    if not url:
        return SqliteHuey(QUEUE, filename=str(settings.var / "queue.sqlite3"), timeout=10, **options)
    if url.startswith(("redis://", "rediss://", "unix://")):
        return RedisHuey(QUEUE, url=url, **options)
    return PostgresHuey(QUEUE, dsn=url.replace("postgresql+psycopg://", "postgresql://"), **options)


class Hints:
    """Sends hints to the worker by a task's name; the queue is opened with the first one."""

    def __init__(self, settings: Settings) -> None:
        """Remember the settings; nothing is opened yet."""
        self._settings = settings
        self._queue: Huey | None = None
        self._tasks: dict[str, Any] = {}
        self._opening = threading.Lock()

    def send(self, name: str, *arguments: Any) -> bool:
        """Ask the worker to run the task `name` soon. A queue that is down costs speed, not work: returns False."""
        try:
            with self._opening:
                self._open()
            self._tasks[name](*arguments)
        except Exception as error:  # noqa: BLE001  whatever stops a hint, the sweep finds its row
            log.warning("the queue did not take %s%r: %s; the next sweep finds the work", name, arguments, error)
            return False
        return True

    def close(self) -> None:
        """Close the connection to the queue; the next hint opens it again."""
        if self._queue is not None:
            self._queue.storage.close()
            self._queue, self._tasks = None, {}

    def _open(self) -> None:
        if self._queue is None:
            queue = _storage(self._settings)
            self._tasks = _register(queue, self._settings)
            self._queue = queue
