"""What a quarter's scorecards cost with few and with many answers behind the same rollups: it must not grow.

Departments hold the rollups that any number of answers leads to (profiles, of which there are few), and the answers
themselves lie in their table. Run alone: `python -m benchmarks.scorecards [FEW MANY]`.
"""

import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, event, insert, text
from sqlalchemy.orm import Session

from app.domain.asking_policy import AskingPolicy
from app.domain.periods import Calendar, Period
from app.models.base import make_engine
from app.models.departments import Department, DepartmentVersion
from app.models.rollups import CellCount, ProfileCell
from app.pipeline import scorecards
from tests.servers.databases import migrate

FEW, MANY = 10_000, 1_000_000
DEPARTMENTS = 12
ITEMS = ("csat_overall", "timeliness", "result_quality", "communication")
PERIOD = Period(2026, 3)
CALENDAR = Calendar(ZoneInfo("UTC"))
NOW = datetime(2026, 10, 15, tzinfo=UTC)
REPEATS = 9

# Everybody's own counts per point, of one to three answers: all the profiles there are.
PROFILES = [counts for counts in product(range(4), repeat=5) if 1 <= sum(counts) <= 3]

_ANSWERS = text("""
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :answers)
    INSERT INTO held_responses (id, department_id, period, requester_cluster_id, was_reopened, month, language,
                                instrument_version, source, state, signals, reason_chips, has_consented, has_thanked,
                                is_published)
    SELECT randomblob(16), 2 + i % :departments, :period, randomblob(16), 0, '2026-08', 'en',
           'parity/1', 'survey', 'accepted', '{}', '[]', 0, 0, 0 FROM n
""")


@dataclass(frozen=True)
class Cost:
    """What building all documents took."""

    seconds: float
    statements: int
    steps: int  # thousands of instructions of SQLite's machine: grows with every row that is read


def prepare(database: str, answers: int) -> None:
    """Migrate an empty database and fill in departments, their rollups and the held answers behind them."""
    migrate(database)
    engine = make_engine(database)
    with Session(engine) as session, session.begin():
        session.add(Department(id=1, code="ALL"))
        session.add_all(Department(id=2 + n, code=f"D{n:02}") for n in range(DEPARTMENTS))
        session.flush()
        session.add(DepartmentVersion(department_id=1, name="All", staff_count=2000))
        session.add_all(
            DepartmentVersion(department_id=2 + n, name=f"D{n}", parent_id=1, staff_count=100)
            for n in range(DEPARTMENTS)
        )
        session.flush()
        for id_, share in [(1, answers), *((2 + n, answers // DEPARTMENTS) for n in range(DEPARTMENTS))]:
            _roll_up(session, id_, share)
        values = {"answers": answers, "departments": DEPARTMENTS, "period": str(PERIOD)}
        session.execute(_ANSWERS, values)
    engine.dispose()


def _roll_up(session: Session, department_id: int, answers: int) -> None:
    """Spread so many answers evenly over all profiles of every item, and count the cell."""
    cell = {"department_id": department_id, "period": str(PERIOD), "is_own": False, "cut": "all", "value": ""}
    each = max(1, answers // sum(map(sum, PROFILES)))
    profiles: list[dict[str, Any]] = [
        cell | {"item": item, "weight_step": 6, "profile": ".".join(map(str, profile)), "requesters": each}
        for item in ITEMS
        for profile in PROFILES
    ]
    session.execute(insert(ProfileCell), profiles)
    people = each * len(PROFILES)
    zero = dict.fromkeys(("imported_responses", "low_ratings", "consents", "thanks"), 0)
    counted = {"requesters": people, "confidential_requesters": people, "responses": answers}
    session.execute(insert(CellCount), [cell | counted | zero])


def cost_of_building(database: str) -> Cost:
    """Build every document of the quarter once and return what that took."""
    engine = make_engine(database)
    statements: list[str] = []
    steps = _count_steps(engine)
    event.listen(engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    with Session(engine) as session:
        began = time.process_time()
        documents = list(scorecards.preview(session, PERIOD, calendar=CALENDAR, policy=AskingPolicy(), now=NOW))
        seconds = time.process_time() - began
        assert len(documents) == DEPARTMENTS + 1, len(documents)
    engine.dispose()
    return Cost(seconds, len(statements), len(steps))


def _count_steps(engine: Engine) -> list[None]:
    steps: list[None] = []

    @event.listens_for(engine, "connect")
    def _watch(connection: Any, _record: object) -> None:
        connection.set_progress_handler(lambda: steps.append(None), 1000)

    return steps


def figures(few: int = FEW, many: int = MANY) -> dict[str, float]:
    """Return processor seconds of both, their ratio (1 is no growth), and what the database did."""
    with tempfile.TemporaryDirectory() as folder:
        databases = [f"sqlite:///{Path(folder) / f'{answers}.sqlite3'}" for answers in (few, many)]
        for database, answers in zip(databases, (few, many), strict=True):
            prepare(database, answers)
        # By turns, so that whatever else the machine does falls on both.
        turns = [[cost_of_building(database) for database in databases] for _ in range(REPEATS)]
        small, large = (min(costs, key=lambda cost: cost.seconds) for costs in zip(*turns, strict=True))
    return {
        "few answers": few,
        "many answers": many,
        "few, processor seconds": small.seconds,
        "many, processor seconds": large.seconds,
        "few, statements": small.statements,
        "many, statements": large.statements,
        "few, thousand steps of SQLite": small.steps,
        "many, thousand steps of SQLite": large.steps,
        "growth": large.seconds / small.seconds,
    }


def main(few: int = FEW, many: int = MANY) -> dict[str, float]:
    """Print one figure a line."""
    found = figures(few, many)
    for name, value in found.items():
        print(f"{name:36} {value:12.3f}")
    return found


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
