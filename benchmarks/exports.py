"""A whole quarter's figures as CSV, against csv.writer over a cursor that already holds the finished rows.

The documents are the size of a sample company's (some 220 rows each). Each size is a process of its own, so that its
peak memory is its own. Run alone: `python -m benchmarks.exports [DEPARTMENTS]`.
"""

import csv
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.domain.periods import Period
from app.foundations.languages import speaking
from app.models.base import make_engine
from app.models.departments import Department
from app.models.scorecards import ScorecardRevision
from app.reports.exports import HEAD, export_rows, write_csv
from app.reports.quarter_documents import quarter_documents
from benchmarks.imports import _peak_megabytes
from tests.builders.issued import CUTS
from tests.builders.scorecards import CALENDAR, a_document, figure
from tests.servers.databases import migrate

DEPARTMENTS = 2_000
PERIOD = Period(2026, 3)
FROZEN_AT = datetime(2026, 10, 16, tzinfo=UTC)
TURNS = 5


def _document(number: int) -> dict[str, Any]:
    """Return a scorecard with cuts and quarters as large departments have them."""
    share = (1 + number % 90) / 100
    cuts = {
        "by_requester_department": [{"value": f"D{n}", "top_two_box": figure(share, 0.0, 1.0, 30)} for n in range(60)],
        "by_request_type": [{"value": f"type {n}", "top_two_box": figure(share, 0.0, 1.0, 30)} for n in range(12)],
        "trend": [
            {"period": f"{2024 + n // 4}-Q{1 + n % 4}", "top_two_box": figure(share, 0.0, 1.0)} for n in range(8)
        ],
        "trend_months": [{"value": f"2026-{n:02}", "top_two_box": figure(share, 0.0, 1.0)} for n in range(1, 13)],
    }
    document = {**a_document(f"Department {number}"), **CUTS, **cuts}
    return document | {"department": {"code": f"D{number}", "name": f"Department {number}"}}


def prepare(folder: Path, departments: int) -> str:
    """Fill a database with a quarter's scorecards, and another with the rows that they become; return the first."""
    database = f"sqlite:///{folder / 'parity.sqlite3'}"
    migrate(database)
    engine = make_engine(database)
    rows = sqlite3.connect(folder / "rows.sqlite3")
    rows.execute(f"CREATE TABLE figures ({', '.join(HEAD)})")
    with Session(engine) as session, session.begin(), speaking("en"):
        for number in range(departments):
            document = _document(number)
            session.add(Department(id=number + 1, code=f"D{number}"))
            session.flush()
            session.add(
                ScorecardRevision(
                    department_id=number + 1,
                    period=str(PERIOD),
                    revision=1,
                    frozen_at=FROZEN_AT,
                    digest=document["digest"],
                    document=json.dumps(document, sort_keys=True, separators=(",", ":")),
                )
            )
            places = ", ".join("?" * len(HEAD))
            rows.executemany(f"INSERT INTO figures VALUES ({places})", export_rows(document, CALENDAR))
    rows.commit()
    rows.close()
    engine.dispose()
    return database


def export(database: str, file: Path) -> tuple[float, int]:
    """Write the quarter as the command does; return processor seconds and rows."""
    engine = make_engine(database)
    began = time.process_time()
    with Session(engine) as session, file.open("w", encoding="utf-8-sig", newline="") as opened, speaking("en"):
        count = write_csv(quarter_documents(session, PERIOD), CALENDAR, opened)
    seconds = time.process_time() - began
    engine.dispose()
    return seconds, count


def floor(folder: Path, file: Path) -> float:
    """Write the finished rows with a bare csv.writer over a cursor; return processor seconds."""
    rows = sqlite3.connect(folder / "rows.sqlite3")
    began = time.process_time()
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(HEAD)
        writer.writerows(rows.execute("SELECT * FROM figures"))
    seconds = time.process_time() - began
    rows.close()
    return seconds


def measured(departments: int) -> dict[str, float]:
    """Export by turns with the floor and return the best of both."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = prepare(folder, departments)
        turns = [(export(database, folder / "ours.csv"), floor(folder, folder / "bare.csv")) for _ in range(TURNS)]
        sizes = [(folder / kind).stat().st_size for kind in ("ours.csv", "bare.csv")]
    assert sizes[0] == sizes[1], sizes
    ours, bare = min(seconds for (seconds, _), _ in turns), min(seconds for _, seconds in turns)
    return {"rows": turns[0][0][1], "seconds": ours, "floor seconds": bare, "ratio": bare / ours}


def _memory(departments: int) -> float:
    """Return the peak memory of a process that exports a quarter of so many departments."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = prepare(folder, departments)
        command = [sys.executable, "-m", "benchmarks.exports", "alone", database, str(folder / "ours.csv")]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout)


def figures(departments: int = DEPARTMENTS) -> dict[str, float]:
    """Return rows, seconds and ratio of a quarter, and what a tenth of it takes of memory and time."""
    many, few = measured(departments), measured(max(1, departments // 10))
    growth = (many["seconds"] / many["rows"]) / (few["seconds"] / few["rows"])
    large, small = _memory(departments), _memory(max(1, departments // 10))
    return {**many, "growth a row": growth, "megabytes": large, "memory growth": large / small}


def main(words: list[str]) -> None:
    """Print one figure a line; `alone DATABASE FILE` is what the memory of a process is taken of."""
    if words[:1] == ["alone"]:
        export(words[1], Path(words[2]))
        print(_peak_megabytes())
        return
    for name, value in figures(*map(int, words[:1])).items():
        print(f"{name:16} {value:12.3f}")
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main(sys.argv[1:])
