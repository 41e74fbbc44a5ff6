"""Where messages are kept, and the hints that web and commands send by a task's name without knowing the task."""

import logging
import threading
import time
from typing import Any

from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.serializer import SignedSerializer

from app.foundations.crypto import derive
from app.settings import Settings

log = logging.getLogger(__name__)

QUEUE = "parity"
#: What may be hinted at; a test holds it against the worker's tasks.
TASK_NAMES = ("process_deliveries", "deliver_mail", "tell_webhooks", "run_chores", "sweep_now")

GATHERING = 1  # seconds for which many hints at one task become one message


def storage_of(settings: Settings) -> Huey:
    """Return the queue of an installation without any task."""
    serializer = SignedSerializer(secret=derive(settings.secret_key, "queue").hex())
    options: dict[str, Any] = {"serializer": serializer, "results": False, "utc": True}
    url = settings.broker_url
    if not url:
        return SqliteHuey(QUEUE, filename=str(settings.var / "queue.sqlite3"), timeout=10, **options)
    if url.startswith(("redis://", "rediss://", "unix://")):
        return RedisHuey(QUEUE, url=url, **options)
    return PostgresHuey(QUEUE, dsn=url.replace("postgresql+psycopg://", "postgresql://"), **options)


def only_enqueued(*_arguments: object) -> None:
    """Stand in for a task where it is only enqueued; the worker finds the real one by its name."""
    raise RuntimeError("a task ran in a process that only enqueues")


class Hints:
    """Sends hints to the worker by a task's name; the queue is opened with the first one."""

    def __init__(self, settings: Settings) -> None:
        """Remember the settings; nothing is opened yet."""
        self._settings = settings
        self._queue: Huey | None = None
        self._tasks: dict[str, Any] = {}
        self._opening = threading.Lock()
        self._runs_at: dict[str, float] = {}  # of the message that was sent last, by time.monotonic

    def send(self, name: str, *arguments: Any) -> bool:
        """Ask the worker to run the task `name` soon. A queue that is down costs speed, not work: returns False."""
        return self._sent(name, arguments, delay=None)

    def send_gathered(self, name: str) -> bool:
        """Ask for the task in a second, which is after everything that this process commits until then.

        So a flood of hooks becomes one message a second, and none of them comes too late for the message it relies on.
        """
        if time.monotonic() < self._runs_at.get(name, 0):
            return True
        self._runs_at[name] = time.monotonic() + GATHERING
        if not (is_sent := self._sent(name, (), delay=GATHERING)):
            del self._runs_at[name]
        return is_sent

    def _sent(self, name: str, arguments: tuple[Any, ...], *, delay: int | None) -> bool:
        try:
            with self._opening:
                self._open()
            if delay is None:
                self._tasks[name](*arguments)
            else:
                self._tasks[name].schedule(arguments, delay=delay)
        except Exception as error:  # noqa: BLE001  whatever stops a hint, the sweep finds its row
            log.warning("the queue did not take %s%r: %s; the next sweep finds the work", name, arguments, error)
            return False
        return True

    def trouble(self) -> str | None:
        """Return why the queue cannot be used, None when it can."""
        try:
            with self._opening:
                self._open()
            assert self._queue is not None
            self._queue.pending_count()
        except Exception as error:  # noqa: BLE001  every kind of queue has errors of its own
            return str(error)
        finally:
            self.close()
        return None

    def close(self) -> None:
        """Close the connection to the queue; the next hint opens it again."""
        if self._queue is not None:
            self._queue.storage.close()
            self._queue, self._tasks = None, {}

    def _open(self) -> None:
        if self._queue is None:
            queue = storage_of(self._settings)
            self._tasks = {name: queue.task(name=name)(only_enqueued) for name in TASK_NAMES}
            self._queue = queue
