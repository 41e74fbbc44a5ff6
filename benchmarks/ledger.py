"""What the disclosure ledger costs: rows and seconds of a quarter, and of the same quarter's further revisions.

Run alone: `python -m benchmarks.ledger [DEPARTMENTS]`. The documents are the full samples of the tests.
"""

import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import select

from app.models.departments import Department
from app.pipeline.scorecards import keep_ledger
from app.reports.department_scores import read_disclosed
from benchmarks.issue import DEPARTMENTS, PERIOD, prepare
from tests.builders.issued import issue

REVISIONS = 3


def main(departments: int = DEPARTMENTS) -> None:
    """Measure and print: a line per revision, and what reading all of it takes."""
    with tempfile.TemporaryDirectory() as name:
        work = prepare(Path(name), departments)
        for revision in range(1, REVISIONS + 1):
            with work.sessions.begin() as session:
                if revision > 1:
                    for owner in session.scalars(select(Department)):
                        issue(session, owner, revision=revision, posted=None, calendar=work.calendar)
                started = time.perf_counter()
                rows = keep_ledger(session, str(PERIOD))
                print(f"revision {revision}: {rows} rows in {time.perf_counter() - started:.2f} s")
        with work.sessions() as session:
            started = time.perf_counter()
            found = read_disclosed(session, str(PERIOD), {}, ())
            told = sum(len(printed) for printed in found.printed.values())
            print(f"{told} figures of {len(found.printed)} departments read in {time.perf_counter() - started:.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else DEPARTMENTS)
