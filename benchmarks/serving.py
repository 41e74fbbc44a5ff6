"""Serve a WSGI program as an installation does, with gunicorn's sync workers, and read what the workers cost.

Counted is the processor time of the worker processes alone: neither the client, nor gunicorn's own process, nor
the database server. Linux only, as it reads /proc.
"""

import ctypes
import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.servers.processes import free_port, wait_until

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2
START = 120  # seconds, on a machine that is busy with other things


class Served:
    """A program behind gunicorn."""

    def __init__(self, port: int, master: int) -> None:
        self._port = port
        self._clocks = [_clock_of(pid) for pid in _children(master)]
        assert len(self._clocks) == WORKERS, self._clocks

    def processor_ms(self) -> float:
        """Return the processor time that the workers have used since their start."""
        return sum(time.clock_gettime_ns(clock) for clock in self._clocks) / 1e6

    def ask(self, method: str, path: str, body: str | None = None) -> str:
        """Send one request and return the page. Raises AssertionError unless the answer is 200."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        return self.send(method, path, body.encode() if body else None, headers, expected=200)

    def send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], *, expected: int) -> str:
        """Send one request on a connection of its own. Raises AssertionError unless the answer has this status."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        connection.request(method, path, body, dict(headers))
        answer = connection.getresponse()
        page = answer.read().decode()
        connection.close()
        assert answer.status == expected, (answer.status, page[:500])
        return page


@contextmanager
def serving(program: str, environment: Mapping[str, str], alive: str) -> Iterator[Served]:
    """Serve `program` (gunicorn's `module:app`) once all its workers have started; `alive` is a path it answers."""
    port = free_port()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PARITY_")}
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS)]
    command += ["--worker-class", "sync", "--log-level", "error", program]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, stdout=output, stderr=output, cwd=ROOT, env={**inherited, **environment}
            )
        try:
            wait_until(
                lambda: _answers(port, alive) and len(_children(process.pid)) == WORKERS, process, log, program, START
            )
            yield Served(port, process.pid)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        connection.getresponse().read()
    except OSError:
        return False
    finally:
        connection.close()
    return True


def _children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def _clock_of(pid: int) -> int:
    """Return the clock of a process's processor time, in nanoseconds: /proc/PID/stat counts in steps of 10 ms."""
    clock = ctypes.c_int()
    error = ctypes.CDLL(None).clock_getcpuclockid(pid, ctypes.byref(clock))
    if error:
        raise OSError(error, f"no processor clock of process {pid}")
    return clock.value
