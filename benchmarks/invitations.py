"""Deciding and queueing invitations, against a bare executemany of the same rows on the same kind of file.

Run alone: `python -m benchmarks.invitations [REQUESTS]`. Every request has a requester of its own, so that each one
that is decided also writes an invitation and a message: the dearest case.
"""

import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, insert
from sqlalchemy.orm import Session

from app.domain.states import ConnectionSide, RequestState
from app.models.base import make_engine
from app.models.connections import Connection
from app.models.departments import Department, DepartmentVersion
from app.models.people import Person, PersonVersion
from app.models.service_requests import RequestCycle, ServiceRequest
from app.pipeline.invitations import invite_due
from tests.builders.asking import KEYS, asking
from tests.servers.databases import migrate

REQUESTS = 20_000
DEPARTMENTS = 12
NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
DONE = NOW - timedelta(hours=18)
REPEATS = 3


def prepare(database: str, requests: int) -> None:
    """Migrate an empty database and fill it with requests that wait for this morning."""
    migrate(database)
    engine = make_engine(database)
    with Session(engine) as session, session.begin():
        session.add(
            Connection(id=1, slug="desk", side=ConnectionSide.TRACKER, kind="csv", settings={}, created_at=DONE)
        )
        session.add_all(Department(id=number + 1, code=f"D{number:02}") for number in range(DEPARTMENTS))
        session.flush()
        session.add_all(DepartmentVersion(department_id=number + 1, name=f"D{number}") for number in range(DEPARTMENTS))
        for table, rows in _rows(requests).items():
            session.connection().execute(insert(table), rows)
    engine.dispose()


def _rows(requests: int) -> dict[Any, list[dict[str, Any]]]:
    ids = range(1, requests + 1)
    common = {"created_at": DONE, "state": RequestState.DONE, "state_at": DONE, "updated_at": DONE, "learned_at": DONE}
    cycle = {"number": 1, "completed_at": DONE, "period": "2026-Q1", "month": "2026-03", "learned_at": DONE}
    return {
        Person: [{"id": id_, "email": f"person{id_}@example.com"} for id_ in ids],
        PersonVersion: [{"person_id": id_, "name": f"Person {id_}", "time_zone": "Europe/Berlin"} for id_ in ids],
        ServiceRequest: [
            {"id": id_, "tracker_id": 1, "external_id": f"R-{id_}", "title": f"Request {id_}", "requester_id": id_}
            | {"cycle_count": 1, "reopened_count": 0, "reassignment_count": 0}
            | common
            for id_ in ids
        ],
        RequestCycle: [
            {"id": id_, "request_id": id_, "requester_id": id_, "provider_department_id": id_ % DEPARTMENTS + 1} | cycle
            for id_ in ids
        ],
    }


def run_ours(database: str) -> tuple[float, int]:
    """Return the seconds of one run with its commit, and how many statements it took."""
    engine = make_engine(database)
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    started = time.perf_counter()
    with Session(engine) as session, session.begin():
        invite_due(session, asking("Europe/Berlin", answers_aimed=100_000), KEYS, now=NOW)
    seconds = time.perf_counter() - started
    engine.dispose()
    return seconds, len(statements)


def run_floor(source: Path, target: Path) -> float:
    """Write the rows that our run wrote, as they are, with bare executemany; return the seconds."""
    with closing(sqlite3.connect(source)) as ours:
        decisions = ours.execute("SELECT decision, decided_at, id FROM request_cycles").fetchall()
        tables = {name: ours.execute(f"SELECT * FROM {name}").fetchall() for name in ("invitations", "messages")}
    with closing(sqlite3.connect(target, isolation_level=None)) as bare:
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
            bare.execute(f"PRAGMA {pragma}")
        started = time.perf_counter()
        bare.execute("BEGIN IMMEDIATE")
        bare.executemany("UPDATE request_cycles SET decision = ?, decided_at = ? WHERE id = ?", decisions)
        for name, rows in tables.items():
            places = ", ".join("?" * len(rows[0]))
            bare.executemany(f"INSERT INTO {name} VALUES ({places})", rows)
        bare.execute("COMMIT")
        return time.perf_counter() - started


def figures(requests: int = REQUESTS) -> dict[str, float]:
    """Return the best of some runs of both, and their ratio (1 would be as fast as bare inserts)."""
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.sqlite3"
        prepare(f"sqlite:///{prepared}", requests)
        ours, floor = zip(*_measured(prepared), strict=True)
        seconds = min(one[0] for one in ours)
        return {
            "requests decided and queued": requests,
            "seconds": seconds,
            "a second": requests / seconds,
            "statements": ours[0][1],
            "bare executemany, seconds": min(floor),
            "ratio to bare executemany": min(floor) / seconds,
        }


def _measured(prepared: Path) -> Iterator[tuple[tuple[float, int], float]]:
    for number in range(REPEATS):
        ours, bare = (prepared.with_name(f"{kind}{number}.sqlite3") for kind in ("ours", "bare"))
        shutil.copy(prepared, ours)
        shutil.copy(prepared, bare)
        yield run_ours(f"sqlite:///{ours}"), run_floor(ours, bare)


def main(words: list[str]) -> None:
    """Print one figure a line."""
    for name, value in figures(int(words[0]) if words else REQUESTS).items():
        print(f"{name:36} {value:10.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
