"""Child processes that must not outlive whoever started them."""

import multiprocessing
import os
import signal
import threading


def end_with_the_parent() -> None:
    """Let this spawned process get SIGTERM when its parent is gone, however that ended."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
