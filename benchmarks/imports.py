"""100,000 requests through `flask import`, against a bare executemany of the same rows on the same kind of file.

Run alone: `python -m benchmarks.imports [ROWS]`. Every run is a process of its own, so that its peak memory is its own.
"""

import csv
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app import create_app
from app.models.base import make_engine
from app.models.connections import Connection
from app.settings import Settings
from tests.servers.databases import migrate

ROWS = 100_000
PEOPLE = 600
DEPARTMENTS = 12
SECRET = "0123456789abcdef0123456789abcdef"
COLUMNS = (
    "external_id",
    "requester_email",
    "provider_department",
    "created_at",
    "completed_at",
    "first_response_at",
    "due_at",
    "request_type",
    "title",
    "status",
    "reassignment_count",
    "url",
)


def write_table(path: Path, rows: int) -> None:
    """Write requests of a year, nine in ten completed."""
    start = datetime(2025, 7, 1, 8, tzinfo=UTC)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number in range(rows):
            created = start + timedelta(seconds=300 * number)
            done = created + timedelta(minutes=37 * (number % 97))
            writer.writerow(
                (
                    f"REQ-{number:07}",
                    f"person{number % PEOPLE}@example.com",
                    f"D{number % DEPARTMENTS:02}",
                    created.isoformat(),
                    done.isoformat() if number % 10 else "",
                    (created + timedelta(minutes=number % 60)).isoformat(),
                    (created + timedelta(hours=24)).isoformat(),
                    f"type {number % 9}",
                    f"Something that somebody needs, number {number}",
                    "Closed" if number % 10 else "Open",
                    number % 4,
                    f"https://desk.example.com/{number}",
                )
            )


def prepare(database: str) -> dict[str, float]:
    """Migrate an empty database and add the tracker."""
    migrate(database)
    engine = make_engine(database)
    with Session(engine) as session:
        session.add(
            Connection(
                slug="desk", side="tracker", kind="csv", settings={}, created_at=datetime(2025, 1, 1, tzinfo=UTC)
            )
        )
        session.commit()
    return {}


def run_import(database: str, table: str) -> dict[str, float]:
    """Import the table by the command and return seconds of wall and processor and peak memory in MB."""
    app = create_app(Settings(secret_key=SECRET, database_url=database, var=Path(table).parent))
    command = ["import", "requests", table, "--tracker", "desk", "--create-departments"]
    held = watch_transactions()
    begun, used = time.perf_counter(), time.process_time()
    result = app.test_cli_runner().invoke(args=command)
    took = {"seconds": time.perf_counter() - begun, "processor": time.process_time() - used}
    assert result.exit_code == 0, result.output
    return {**took, "writer": max(held), "megabytes": _peak_megabytes()}


def _peak_megabytes() -> float:
    """Return this process's own peak. Linux hands ru_maxrss on through exec, so it would be that of who started us."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def watch_transactions() -> list[float]:
    """Return a list that grows by the seconds of every transaction from now on."""
    begun: list[float] = []
    held: list[float] = [0.0]
    event.listen(Engine, "begin", lambda _: begun.append(time.perf_counter()))
    event.listen(Engine, "commit", lambda _: held.append(time.perf_counter() - begun[-1]))
    return held


def run_floor(database: str, filled: str) -> dict[str, float]:
    """Insert the rows that an import wrote to `filled` again, by nothing but executemany in one transaction."""
    source = sqlite3.connect(filled)
    tables: dict[str, list[tuple[Any, ...]]] = {
        name: source.execute(f"SELECT * FROM {name}").fetchall()
        for name in ("departments", "people", "service_requests", "request_cycles")
    }
    target = sqlite3.connect(database, isolation_level=None)
    target.execute("PRAGMA journal_mode=WAL")
    target.execute("PRAGMA synchronous=NORMAL")
    seconds, processor = {}, {}
    for name, rows in tables.items():
        begun, used = time.perf_counter(), time.process_time()
        target.execute("BEGIN IMMEDIATE")
        target.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        target.execute("COMMIT")
        seconds[name] = time.perf_counter() - begun
        processor[name] = time.process_time() - used
    written = ("service_requests", "request_cycles")
    return {
        "requests_processor": processor["service_requests"],
        "seconds": sum(seconds[name] for name in written),
        "processor": sum(processor[name] for name in written),
    }


def in_own_process(*words: str) -> dict[str, float]:
    """Run one of the functions above in a fresh interpreter."""
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.imports", *words],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def figures(rows: int = ROWS) -> dict[str, float]:
    """Return what an import of `rows` requests takes on SQLite, and the floor of the same run."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "requests.csv"
        write_table(table, rows)
        filled, empty = (f"{folder}/{name}.sqlite3" for name in ("filled", "empty"))
        for database in (filled, empty):
            in_own_process("prepare", f"sqlite:///{database}")
        first = in_own_process("import", f"sqlite:///{filled}", str(table))
        again = in_own_process("import", f"sqlite:///{filled}", str(table))
        floor = in_own_process("floor", empty, filled)
    return {
        "rows": rows,
        "import, seconds": first["seconds"],
        "import, processor seconds": first["processor"],
        "the same again, processor seconds": again["processor"],
        "writer held, seconds": first["writer"],
        "peak memory, MB": first["megabytes"],
        "floor, seconds": floor["seconds"],
        "floor, processor seconds": floor["processor"],
        "ratio by processor": floor["processor"] / first["processor"],
        "ratio to the requests alone": floor["requests_processor"] / first["processor"],
    }


def main(rows: int = ROWS) -> dict[str, float]:
    """Measure, print and return the figures."""
    found = figures(rows)
    print(
        f"import of {rows:,} requests, SQLite: {found['import, processor seconds']:.2f} s processor time,"
        f" bare executemany {found['floor, processor seconds']:.2f} s,"
        f" ratio {found['ratio by processor']:.2f} (goal 0.2, least 0.05);"
        f" to the requests alone {found['ratio to the requests alone']:.2f};"
        f" peak {found['peak memory, MB']:.0f} MB (goal 200, most 300);"
        f" writer held {found['writer held, seconds']:.1f} s (goal 5)"
    )
    return found


def part(words: list[str]) -> dict[str, float]:
    """Do one part of the measurement in this process."""
    name, *rest = words
    if name == "prepare":
        return prepare(rest[0])
    return run_import(*rest) if name == "import" else run_floor(*rest)


if __name__ == "__main__":
    if sys.argv[1:2] in (["prepare"], ["import"], ["floor"]):
        print(json.dumps(part(sys.argv[1:])))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
