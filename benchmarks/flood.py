"""20,000 events of one tracker at once, read by the worker: what one costs against a tenth of them, and the memory.

They tell of a tenth as many requests, which are opened again and completed in turns. Each size is a process of its own,
so that its peak memory is its own. Run alone: `python -m benchmarks.flood [DELIVERIES]`.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from app.connectors.hooks import Hook
from app.domain.states import ConnectionSide, DeliveryState
from app.jobs.deliveries import process_deliveries
from app.jobs.installation import Installation
from app.models.connections import Connection
from app.models.deliveries import Delivery
from app.models.service_requests import RequestCycle
from app.pipeline.intake import deliveries
from benchmarks.imports import _peak_megabytes
from tests.servers.databases import migrate, settings_for

DELIVERIES = 20_000
EACH = 10  # events of one request
FIRST = datetime(2026, 9, 1, 8, tzinfo=UTC)


def _body(number: int, requests: int) -> bytes:
    turn, request = divmod(number, requests)
    at = FIRST + timedelta(hours=turn, seconds=request)
    event = {"event": "reopened" if turn % 2 else "completed", "external_id": f"R-{request}", "title": "A badge" * 80}
    return json.dumps({**event, "occurred_at": at.isoformat(), "requester": f"p{request}@example.com"}).encode()


def read(database: str, count: int) -> dict[str, float]:
    """Store so many deliveries in an empty database and read them all; return what reading took."""
    migrate(database)
    installation = Installation.of(settings_for(database, Path()))
    with installation.sessions.begin() as session:
        desk = Connection(slug="desk", side=ConnectionSide.TRACKER, kind="signed", settings={}, created_at=FIRST)
        session.add(desk)
        session.flush()
        for number in range(count):
            hook = Hook(body=_body(number, count // EACH), headers={}, received_at=datetime.now(UTC))
            deliveries.store(session.connection(), desk, hook, f"d{number}")
    begun, used, done, runs = time.perf_counter(), time.process_time(), 0, 0
    while some := process_deliveries(installation, now=datetime.now(UTC)):
        done, runs = done + some, runs + 1
    took = {"seconds": time.perf_counter() - begun, "processor": time.process_time() - used, "runs": runs}
    with installation.sessions() as session:
        is_processed = Delivery.state == DeliveryState.PROCESSED
        processed = session.scalar(select(func.count()).select_from(Delivery).where(is_processed)) or 0
        cycles = session.scalar(select(func.count()).select_from(RequestCycle)) or 0
    assert (done, processed, cycles) == (count, count, count // 2), (done, processed, cycles)
    return {**took, "ms each": took["processor"] * 1000 / count, "megabytes": _peak_megabytes()}


def in_own_process(count: int) -> dict[str, float]:
    """Read `count` deliveries in a fresh interpreter."""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "benchmarks.flood", "read", f"sqlite:///{folder}/flood.sqlite3", str(count)]
        environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
        done = subprocess.run(words, capture_output=True, text=True, check=True, env=environment)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def figures(count: int = DELIVERIES) -> dict[str, float]:
    """Return what reading takes, and how cost and peak memory grow from a tenth of the deliveries to all of them."""
    few, many = in_own_process(count // 10), in_own_process(count)
    growth = many["ms each"] / few["ms each"]
    return {**many, "growth": growth, "memory growth": many["megabytes"] / few["megabytes"]}


def main(count: int = DELIVERIES) -> dict[str, float]:
    """Measure, print and return the figures."""
    found = figures(count)
    print(
        f"flood of {count:,} events, SQLite: read in {found['seconds']:.0f} s and {found['runs']:.0f} runs,"
        f" {found['ms each']:.1f} ms of processor time each, {found['growth']:.2f} times that of a tenth (goal 1.1,"
        f" most 1.25); peak {found['megabytes']:.0f} MB, {found['memory growth']:.2f} times that of a tenth"
    )
    return found


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["read", database, count]:
            print(json.dumps(read(database, int(count))))
        case words:
            main(int(words[0]) if words else DELIVERIES)
