"""Start a server's process, as somebody unprivileged where we are root, and end it with the tests."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

READY_SECONDS = 20
UNPRIVILEGED = 65534  # nobody and nogroup: PostgreSQL refuses to run as root


class ServerError(RuntimeError):
    """A server that the tests need is missing or did not start; the message says what to do."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def as_nobody(command: list[str]) -> list[str]:
    """Return the command that drops root's rights first, and stops the server when the tests are killed."""
    dropped = (
        ["--reuid", str(UNPRIVILEGED), "--regid", str(UNPRIVILEGED), "--clear-groups"] if os.geteuid() == 0 else []
    )
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return command
    return [setpriv, *dropped, "--pdeathsig", "INT", "--", *command]


def give_to_nobody(folder: Path) -> None:
    if os.geteuid() == 0:
        os.chown(folder, UNPRIVILEGED, UNPRIVILEGED)


def wait_until(
    is_ready: Callable[[], bool],
    process: subprocess.Popen[bytes],
    log: Path,
    what: str,
    seconds: float = READY_SECONDS,
) -> None:
    """Return once `is_ready`. Raises ServerError with the end of the log when the process dies or hangs."""
    deadline = time.monotonic() + seconds
    while not is_ready():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.wait()
            raise ServerError(f"{what} did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.02)
