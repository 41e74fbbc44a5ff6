"""The worker: a huey consumer in a child process, watched by `flask work`.

The child ends gracefully on SIGTERM and when its parent dies; the parent starts a new one when it crashes.
"""

import logging
import multiprocessing
import os
import signal
import threading
import time
from multiprocessing.context import SpawnProcess
from types import FrameType

from app.foundations.processes import end_with_the_parent
from app.jobs.hints import Hints
from app.jobs.queue import build_queue
from app.settings import Settings

log = logging.getLogger(__name__)

THREADS = 4  # one may be held by a chore for an hour, one by a short one, one by a sweep, and mail goes on
RESTART_SECONDS = 1.0
STOP_SECONDS = 20.0  # a task in flight may finish; what does not is swept by the next worker


def consume(settings: Settings) -> None:
    """Run the consumer in this process until SIGTERM, beginning with a sweep of all that is due."""
    os.setsid()  # Ctrl-C on the terminal reaches the parent only, which stops us gracefully
    end_with_the_parent()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("huey").setLevel(logging.WARNING)
    queue = build_queue(settings)
    log.info("the worker has begun: it sweeps now and every minute, and says here what it did")
    Hints(settings).send("sweep_now")
    consumer = queue.create_consumer(
        workers=THREADS, max_delay=0.5, graceful_signal="TERM", shutdown_timeout=STOP_SECONDS, flush_locks=True
    )
    consumer.run()


class Worker:
    """Keeps one consumer alive until it is told to stop."""

    def __init__(self, settings: Settings) -> None:
        """Prepare; `run` starts the consumer."""
        self._settings = settings
        self._stopping = threading.Event()

    def stop(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        """End the consumer gracefully; also the handler of SIGTERM and SIGINT."""
        self._stopping.set()

    def run(self) -> None:
        """Run until `stop`; a consumer that died is replaced after a moment."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        child = self._start()
        while not self._stopping.wait(0.1):
            if not child.is_alive():
                log.warning("the worker's process ended with %s; starting another", child.exitcode)
                time.sleep(RESTART_SECONDS)
                child = self._start()
        child.terminate()
        child.join(STOP_SECONDS + 5)
        if child.is_alive():
            child.kill()
            child.join()

    def _start(self) -> SpawnProcess:
        child = multiprocessing.get_context("spawn").Process(
            target=consume, args=(self._settings,), name="parity-worker"
        )
        child.start()
        return child
