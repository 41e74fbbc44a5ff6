"""Behind the real server a sender sees our answer, however much of its body we did not want."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.api_scopes import OF_NOBODY
from app.foundations import clock
from app.upkeep.programs.keys import add_api_key
from tests.repository.tree import ROOT
from tests.servers.databases import Database
from tests.servers.processes import free_port

SIZE = 8 * 1024 * 1024
PATIENCE_SECONDS = 60.0


@pytest.fixture(params=["sync", "gthread"])
def port(request: pytest.FixtureRequest, sqlite: Database) -> Iterator[int]:
    """Where gunicorn serves, with each kind of worker."""
    port = free_port()
    command = [str(Path(sys.executable).parent / "gunicorn"), "--bind", f"127.0.0.1:{port}"]
    settings = sqlite.settings
    environment = {
        "PATH": os.environ["PATH"],
        "PARITY_SECRET_KEY": settings.secret_key,
        "PARITY_DATABASE_URL": settings.database_url,
        "PARITY_VAR": str(settings.var),
    }
    server = subprocess.Popen(
        [*command, "--worker-class", request.param, "--threads", "2", "wsgi:app"], cwd=ROOT, env=environment
    )
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_listening(port):
        assert time.monotonic() < deadline, "gunicorn did not start"
        time.sleep(0.1)
    yield port
    server.terminate()
    server.wait(PATIENCE_SECONDS)


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def post(port: int, key: str, *, chunked: bool) -> bytes:
    """Send everything before reading anything, as simple senders do; return what came back."""
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {SIZE}"
    head = f"POST /api/v1/people HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n{length}\r\n"
    body = b"x" * SIZE
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as caller:
        caller.sendall(f"{head}Content-Type: application/json\r\nConnection: close\r\n\r\n".encode())
        caller.sendall(b"%x\r\n%s\r\n0\r\n\r\n" % (SIZE, body) if chunked else body)
        answer = b""
        while piece := caller.recv(65_536):
            answer += piece
    return answer


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_too_large_is_answered_and_not_cut_off(sqlite: Database, port: int, chunked: bool) -> None:
    key = add_api_key(sqlite.session, "script", OF_NOBODY, now=clock.now())
    sqlite.session.commit()

    refused, stranger = post(port, key, chunked=chunked), post(port, "nobody", chunked=chunked)

    assert refused.startswith(b"HTTP/1.1 413 ")
    assert b"at most 5 MB are taken" in refused
    assert stranger.startswith(b"HTTP/1.1 401 ")
