"""Hooks acknowledged: signed deliveries of 1 kB, each new, through the full stack against a bare Flask route.

Parity verifies the signature, reads the body, keeps it under its delivery key and hints to the worker; the floor
(benchmarks/hooks_floor.py) keeps it with one insert. gunicorn serves both with two sync workers, each on a database of
its own. Compared is the workers' processor time a delivery, in the median of turns; then eight clients at once say how
many are acknowledged a second and how long the slowest hundredth waits.
Run alone: `python -m benchmarks.hooks [DELIVERIES]`.
"""

import base64
import hashlib
import hmac
import json
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from sqlalchemy import text

from app.domain.states import ConnectionSide
from app.foundations import clock
from app.foundations.crypto import Keys
from app.models.base import make_engine, make_sessions
from app.settings import Settings
from app.upkeep.connections.adding import add_connection
from benchmarks import hooks_floor
from benchmarks.serving import Served, serving
from benchmarks.survey import WARM_UP, databases, in_turns
from benchmarks.survey_floor import DATABASE
from tests.servers.databases import migrate

DELIVERIES = 2000
CLIENTS = 8

Program = tuple[Served, Callable[[int], None]]


@dataclass(frozen=True)
class Found:
    """What one program did: milliseconds of its workers a delivery, deliveries a second, the 99th percentile in ms."""

    cost_ms: float
    a_second: float
    p99_ms: float


@contextmanager
def parity(url: str, folder: Path, count: int) -> Iterator[Program]:
    """Serve the application as it is installed; afterwards every delivery must be stored, once."""
    migrate(url)
    settings = Settings(secret_key=secrets.token_urlsafe(32), database_url=url, var=folder)
    engine = make_engine(url)
    with make_sessions(engine).begin() as session:
        made = add_connection(
            session,
            Keys.of(settings),
            slug="desk",
            side=ConnectionSide.TRACKER,
            kind="signed",
            settings={},
            base_url="http://parity.test",
            now=clock.now(),
        )
    environment = {"DATABASE_URL": url, "SECRET_KEY": settings.secret_key, "VAR": str(folder)}
    named = {f"PARITY_{name}": value for name, value in environment.items()}
    with serving("wsgi:app", named, "/healthz") as served:
        yield served, _sender(served, f"/hooks/desk/{made.hook_key}", made.secret or "")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM deliveries")).scalar_one() == count
    engine.dispose()


@contextmanager
def floor(url: str, count: int) -> Iterator[Program]:
    """Serve the bare route; afterwards every delivery must be stored."""
    hooks_floor.prepare(url)
    with serving("benchmarks.hooks_floor:program()", {DATABASE: url}, "/") as served:
        yield served, _sender(served, "/hooks/desk/key", "")
    assert hooks_floor.stored(url) == count


def _sender(served: Served, path: str, secret: str) -> Callable[[int], None]:
    key = base64.b64decode(secret.removeprefix("whsec_"))

    def send(number: int) -> None:
        body, moment = _body(number), str(int(time.time()))
        signed = hmac.digest(key, f"msg_{number}.{moment}.".encode() + body, hashlib.sha256)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": f"msg_{number}",
            "webhook-timestamp": moment,
            "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
        }
        served.send("POST", path, body, headers, expected=202)

    return send


def _body(number: int) -> bytes:
    event = {
        "event": "completed",
        "external_id": f"REQ-{number}",
        "completed_at": clock.now().isoformat(),
        "title": "A new badge for a colleague who begins on Monday" + "." * 700,
        "requester": {"email": f"p{number}@example.com", "name": "Alice Example"},
        "department": "ACCESS",
        "request_type": "access",
    }
    return json.dumps(event).encode()


def _at_once(program: Program, first: int, count: int) -> tuple[float, float]:
    """Send `count` deliveries from eight clients; return how many a second and the 99th percentile in milliseconds."""
    _, send = program

    def timed(number: int) -> float:
        began = time.perf_counter()
        send(number)
        return (time.perf_counter() - began) * 1000

    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        waits = list(clients.map(timed, range(first, first + count)))
    return count / (time.perf_counter() - began), quantiles(waits, n=100)[98]


def measure(our_url: str, bare_url: str, folder: Path, deliveries: int) -> tuple[Found, Found]:
    """Return what the bare route and Parity did, in this order."""
    in_all = WARM_UP + 2 * deliveries
    with floor(bare_url, in_all) as bare, parity(our_url, folder, in_all) as ours:
        costs = in_turns(deliveries, bare, ours)
        rates = [_at_once(program, WARM_UP + deliveries, deliveries) for program in (bare, ours)]
    bare_found, our_found = (Found(cost, *rate) for cost, rate in zip(costs, rates, strict=True))
    return bare_found, our_found


def main(deliveries: int = DELIVERIES) -> list[tuple[str, Found, Found]]:
    """Measure both databases; return and print (database, the bare route, Parity)."""
    found = []
    with tempfile.TemporaryDirectory() as name, databases(Path(name)) as kinds:
        for kind, (our_url, bare_url) in kinds.items():
            folder = Path(name) / kind
            folder.mkdir()
            bare, ours = measure(our_url, bare_url, folder, deliveries)
            found.append((kind, bare, ours))
            print(
                f"hook acknowledged, {kind}: {ours.cost_ms:.2f} ms of the workers' processor time, bare Flask"
                f" {bare.cost_ms:.2f} ms, ratio {ours.cost_ms / bare.cost_ms:.2f} (goal 2, least 3)"
            )
            for name_of, program in (("Parity", ours), ("bare Flask", bare)):
                print(f"  {name_of}, {CLIENTS} clients: {program.a_second:.0f} a second, p99 {program.p99_ms:.0f} ms")
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else DELIVERIES)
