"""50,000 issues from a Jira site by `flask trackers backfill`: does memory stay bounded, and the vendor's limit kept?

Run alone: `python -m benchmarks.backfill [ISSUES]`. The site is a process of its own that makes its issues up as it is
asked and notes every call; each backfill is one too, so that its peak memory is its own.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.connectors.atlassian import PACE
from app.domain.states import ConnectionSide
from app.foundations.http import Client, Doors
from app.jobs.installation import Installation
from app.jobs.polling import backfill
from app.models.base import make_engine
from app.models.service_requests import RequestCycle
from app.upkeep.connections.adding import add_connection
from benchmarks.imports import SECRET, _peak_megabytes
from tests.builders.departments import department
from tests.builders.jira import issue, moved, user, written
from tests.servers.databases import migrate, settings_for
from tests.servers.vendor import Asked, Reply, running

ISSUES = 50_000
PEOPLE = 600
PAGE = 100
FIRST = datetime(2025, 7, 1, 8, tzinfo=UTC)
# What a vendor may do with a caller that is a little early on its way through two machines.
TOLERANCE = 2


class Site:
    """A Jira of so many issues, nine in ten done, each with a changelog; it refuses whoever is too fast for it."""

    def __init__(self, issues: int) -> None:
        self.issues = issues
        self.calls: list[float] = []
        self.refused = 0
        self._permits, self._counted_at = float(PACE.burst + TOLERANCE), time.monotonic()
        self._lock = threading.Lock()

    def answer(self, asked: Asked) -> Reply:
        with self._lock:
            now = time.monotonic()
            gained = (now - self._counted_at) * PACE.per_second
            self._permits, self._counted_at = min(PACE.burst + TOLERANCE, self._permits + gained) - 1, now
            self.calls.append(now)
            if self._permits < 0:
                self.refused += 1
                return Reply(status=429)
        wanted = asked.json()
        start = int(wanted.get("nextPageToken", 0))
        end = min(start + min(PAGE, wanted["maxResults"]), self.issues)
        more = {"nextPageToken": str(end)} if end < self.issues else {"isLast": True}
        return Reply({"issues": [made_up(number) for number in range(start, end)], **more})

    def noted(self, _asked: Asked) -> Reply:
        """Return how often it was called, and how often within the busiest second after the first burst."""
        late = self.calls[PACE.burst :]
        busiest = max((sum(1 for other in late if call <= other < call + 1) for call in late), default=0)
        return Reply({"calls": len(self.calls), "refused": self.refused, "busiest second": busiest})


def made_up(number: int) -> dict[str, Any]:
    """Return the issue with this number: taken up, completed, opened again and, mostly, completed."""
    at = FIRST + timedelta(minutes=8 * number)
    person = number % PEOPLE
    steps = [("To Do", "In Progress"), ("In Progress", "Done"), ("Done", "In Progress"), ("In Progress", "Done")]
    histories = [
        {"id": str(turn), "created": written(at - timedelta(hours=4 - turn)), "items": moved(before, after)}
        for turn, (before, after) in enumerate(steps)
    ]
    found = issue(
        "Done" if number % 10 else "In Progress",
        number=100_000 + number,
        at=at,
        created=written(at - timedelta(hours=5)),
        reporter=user(f"u-{person}", f"Person {person}", f"person{person}@example.com"),
    )
    return found | {"changelog": {"total": len(histories), "histories": histories}}


def serve(issues: int) -> None:
    """Be the site until standard input ends; print its address first."""
    with running() as vendor:
        site = Site(issues)
        vendor.asked = _Forgetful()
        vendor.answer("POST", "/rest/api/3/search/jql", site.answer)
        vendor.answer("GET", "/rest/api/3/status", Reply([]))
        vendor.answer("GET", "/noted", site.noted)
        print(vendor.url, flush=True)
        sys.stdin.read()


class _Forgetful(list[Asked]):
    def append(self, _asked: Asked) -> None:
        """Remember nothing: fifty thousand issues must not fill the site either."""


@contextmanager
def _site(issues: int) -> Iterator[str]:
    words = [sys.executable, "-m", "benchmarks.backfill", "serve", str(issues)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()


def fill(database: str, address: str) -> dict[str, float]:
    """Backfill everything into an empty database; return what it took."""
    migrate(database)
    settings = replace(settings_for(database, Path()), secret_key=SECRET, private_hosts=("127.0.0.1",))
    installation = Installation.of(settings)
    known = {
        "base_url": address,
        "deployment": "cloud",
        "email": "parity@example.com",
        "api_token": "t",
        "departments": {"component:Printers": "IT"},
    }
    with installation.sessions.begin() as session:
        department(session, "IT")
        add_connection(
            session,
            installation.keys,
            slug="jira",
            side=ConnectionSide.TRACKER,
            kind="jira",
            settings=known,
            base_url="https://parity.example.com",
            now=datetime.now(UTC),
        )
    begun, used = time.perf_counter(), time.process_time()
    told = sum(len(page.events) for page in backfill(installation, "jira", since=FIRST, now=datetime.now(UTC)))
    took = {"seconds": time.perf_counter() - begun, "processor": time.process_time() - used}
    with Session(make_engine(database)) as session:
        completed = session.scalar(select(func.count()).select_from(RequestCycle)) or 0
    noted = Client(Doors(frozenset({"127.0.0.1"}))).get(f"{address}/noted").json()
    return {**took, **noted, "told": told, "completed": completed, "megabytes": _peak_megabytes()}


def in_own_process(issues: int) -> dict[str, float]:
    """Backfill `issues` in a fresh interpreter from a site in another."""
    with tempfile.TemporaryDirectory() as folder, _site(issues) as address:
        words = [sys.executable, "-m", "benchmarks.backfill", "fill", f"sqlite:///{folder}/filled.sqlite3", address]
        environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
        done = subprocess.run(words, capture_output=True, text=True, check=True, env=environment)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def figures(issues: int = ISSUES) -> dict[str, float]:
    """Return what a backfill takes, and how its peak memory grows from a tenth of the issues to all of them."""
    few, many = in_own_process(issues // 10), in_own_process(issues)
    return {**many, "growth": many["megabytes"] / few["megabytes"]}


def main(issues: int = ISSUES) -> dict[str, float]:
    """Measure, print and return the figures."""
    found = figures(issues)
    print(
        f"backfill of {issues:,} issues, SQLite: {found['seconds']:.0f} s ({found['processor']:.0f} s processor time),"
        f" {found['completed']:,} completed; peak {found['megabytes']:.0f} MB, {found['growth']:.2f} times that of a"
        f" tenth (goal 1.1, most 1.25); {found['calls']:.0f} calls, at most {found['busiest second']:.0f} in a second"
        f" after the first {PACE.burst} (the pace is {PACE.per_second:g}), {found['refused']:.0f} refused"
    )
    return found


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", count]:
            serve(int(count))
        case ["fill", database, address]:
            print(json.dumps(fill(database, address)))
        case words:
            main(int(words[0]) if words else ISSUES)
