"""What issuing a quarter costs: pictures, PDF and mail of every department, against drawing them and nothing else.

The floor draws the same files one after the other in one process.
Run alone: `python -m benchmarks.issue [DEPARTMENTS]`.
"""

import json
import os
import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import config
from app.domain.periods import Period
from app.foundations.crypto import Keys
from app.jobs.installation import Installation
from app.jobs.quarters import post_due
from app.models.base import make_engine, make_sessions
from app.models.messages import Message
from app.models.scorecards import ScorecardFile, ScorecardRevision
from app.pipeline.scorecards.drawing import files_of, trend_of_revision
from app.reports.trends import Trend
from tests.builders.departments import department
from tests.builders.issued import issue
from tests.servers.databases import migrate

DEPARTMENTS = 200
SAMPLE = 20  # departments that the floor draws, and that memory is first measured with
PERIOD = Period(2026, 3)
SECRET = "0123456789abcdef0123456789abcdef"


@dataclass(frozen=True)
class Issue:
    """What a department took, and the most memory that this process ever had, after the sample and at the end."""

    departments: int
    drawing: "Cost"  # the floor: one after the other, nothing else
    issuing: "Cost"
    mails: int
    files: int
    early_megabytes: float
    megabytes: float

    @property
    def ratio(self) -> float:
        """Time of issuing by time of bare drawing."""
        return self.issuing.seconds / self.drawing.seconds

    @property
    def processor_ratio(self) -> float:
        """The same by processor time: others may use the machine too."""
        return self.issuing.processor / self.drawing.processor


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock, and of all processors, a department."""

    seconds: float
    processor: float

    @classmethod
    def since(cls, started: tuple[float, float], departments: int) -> "Cost":
        """Return what passed since `started`."""
        clock, processor = _moment()
        return cls((clock - started[0]) / departments, (processor - started[1]) / departments)


def _moment() -> tuple[float, float]:
    """Return clock and processor time, that of ended children with it."""
    used = os.times()
    return time.perf_counter(), used.user + used.system + used.children_user + used.children_system


def prepare(folder: Path, departments: int) -> Installation:
    """Migrate an empty database and freeze a quarter of so many departments, half of which read German."""
    url = f"sqlite:///{folder / 'issue.sqlite3'}"
    migrate(url)
    settings = config.load({"PARITY_SECRET_KEY": SECRET, "PARITY_DATABASE_URL": url, "PARITY_VAR": str(folder)})
    work = Installation(settings, Keys.of(settings), make_sessions(make_engine(url)))
    with work.sessions.begin() as session:
        for number in range(departments):
            language = "de" if number % 2 else "en"
            owner = department(session, f"d{number}", head_email=f"head{number}@example.com", language=language)
            issue(session, owner, name=f"Department {number}", posted=None, calendar=work.calendar)
    return work


def figures(departments: int) -> Issue:
    """Draw a sample, issue the quarter, and return what both took."""
    with tempfile.TemporaryDirectory() as name:
        work = prepare(Path(name), departments)
        drawing = _drawing(work, min(SAMPLE, departments))
        early = _megabytes()
        now = work.calendar.freezes_at(PERIOD) + timedelta(days=3, hours=12)
        started = _moment()
        post_due(work, now=now)
        issuing = Cost.since(started, departments)
        with work.sessions() as session:
            mails = session.scalar(select(func.count()).select_from(Message)) or 0
            files = session.scalar(select(func.count()).select_from(ScorecardFile)) or 0
        return Issue(
            departments,
            drawing,
            issuing,
            mails,
            files,
            early,
            _megabytes(),
        )


def _drawing(work: Installation, departments: int) -> Cost:
    """Return what a department costs of drawing its picture and PDF, the imports of the first one left out."""
    with work.sessions() as session:
        rows = session.scalars(select(ScorecardRevision).limit(departments + 1)).all()
        works = [(json.loads(row.document), _trend(session, row, work)) for row in rows]
    languages = ["de" if number % 2 else "en" for number in range(len(works))]
    files_of(*works[-1], languages[-1])
    started = _moment()
    for (document, trend), language in zip(works[:departments], languages, strict=False):
        files_of(document, trend, language)
    return Cost.since(started, departments)


def _trend(session: Session, row: ScorecardRevision, work: Installation) -> Trend:
    return trend_of_revision(session, row, json.loads(row.document), work.calendar)


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(departments: int = DEPARTMENTS) -> Issue:
    """Measure, print and return."""
    found = figures(departments)
    print(
        f"{found.departments} departments, {found.mails} mails, {found.files} files:"
        f" {found.issuing.seconds:.2f} s a department by the clock, {found.issuing.processor:.2f} s of processors;"
        f" bare drawing {found.drawing.seconds:.2f} s, {found.drawing.processor:.2f} s;"
        f" ratios {found.ratio:.2f} and {found.processor_ratio:.2f};"
        f" {found.early_megabytes:.0f} MB after the sample, {found.megabytes:.0f} MB at the end"
    )
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else DEPARTMENTS)
