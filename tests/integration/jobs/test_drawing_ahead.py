"""What is about to be posted is drawn in processes beside the worker: same files, nothing twice, nothing lost."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.periods import Period
from app.foundations.crypto import Keys
from app.jobs.installation import Installation
from app.jobs.quarters import draw_ahead, post_due
from app.models.messages import Message
from app.models.scorecards import ScorecardFile, ScorecardRevision
from app.pipeline.scorecards.drawing import files_of, trend_of_revision
from app.pipeline.scorecards.pool import LOT, WORTH_IT
from tests.builders.departments import department
from tests.builders.issued import issue
from tests.servers.databases import Database

PERIOD = Period.parse("2026-Q3")
SOME = 7  # more than the fewest worth a process


def installation(database: Database) -> Installation:
    return Installation(database.settings, Keys.of(database.settings), database.sessions)


def frozen(database: Database, count: int) -> Installation:
    """Freeze scorecards of departments whose heads read German and English."""
    work, session = installation(database), database.session
    for number in range(count):
        owner = department(
            session, f"d{number}", head_email=f"head{number}@example.com", language="de" if number % 2 else "en"
        )
        issue(session, owner, name=f"Department {number}", posted=None, calendar=work.calendar)
    session.commit()
    return work


def posting_moment(work: Installation) -> Any:
    return work.calendar.freezes_at(PERIOD) + timedelta(days=3, hours=12)


def files(database: Database) -> dict[tuple[int, str], bytes]:
    database.session.expire_all()
    rows = database.session.scalars(select(ScorecardFile))
    found = {(row.scorecard_id, row.name): row.content for row in rows}
    database.session.commit()  # a reader that stays would hold the writer's lock
    return found


def test_processes_draw_what_one_after_the_other_would_and_posting_draws_nothing_anew(database: Database) -> None:
    work = frozen(database, SOME)

    drawn = draw_ahead(work, now=posting_moment(work), cores=2)

    stored = files(database)
    row = database.session.scalars(select(ScorecardRevision)).all()[1]
    document = json.loads(row.document)
    alone = files_of(document, trend_of_revision(database.session, row, document, work.calendar), "de")
    database.session.commit()
    assert drawn == SOME
    assert (stored[row.id, "scorecard.de.pdf"], stored[row.id, "trend.de.png"]) == (alone.pdf, alone.picture)
    assert post_due(work, now=posting_moment(work)) == len(database.session.scalars(select(Message)).all()) == SOME
    assert files(database) == stored
    assert {name for _, name in stored} == {"scorecard.de.pdf", "trend.de.png", "scorecard.en.pdf", "trend.en.png"}


def test_what_is_not_due_is_not_drawn(database: Database) -> None:
    work = frozen(database, SOME)

    assert draw_ahead(work, now=posting_moment(work) - timedelta(days=2), cores=2) == 0


def test_one_core_draws_with_the_posting(database: Database) -> None:
    work = frozen(database, SOME)

    assert draw_ahead(work, now=posting_moment(work), cores=1) == 0


def test_a_small_company_draws_with_the_posting(database: Database) -> None:
    work = frozen(database, WORTH_IT - 1)

    assert draw_ahead(work, now=posting_moment(work), cores=2) == 0


class Failing(ThreadPoolExecutor):
    """A pool that draws one lot and no more."""

    def __init__(self, error: Exception) -> None:
        super().__init__(1)
        self.error, self.drawn = error, 0

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **options: Any) -> Future[Any]:
        self.drawn += 1
        if self.drawn > LOT:
            raise self.error
        return super().submit(function, *arguments, **options)


@pytest.mark.parametrize(
    "error", [BrokenProcessPool("killed"), ValueError("a document that resists")], ids=["dies", "resists"]
)
def test_what_cannot_be_drawn_ahead_is_left_to_the_posting(database: Database, error: Exception) -> None:
    work = frozen(database, LOT + 2)

    drawn = draw_ahead(work, now=posting_moment(work), cores=2, processes=lambda _: Failing(error))
    posted = post_due(work, now=posting_moment(work))

    assert drawn == LOT
    assert posted == LOT + 2
    assert len({scorecard_id for scorecard_id, _ in files(database)}) == LOT + 2


KILLED = """
import os, signal
from app.pipeline.scorecards.pool import processes

with processes(2) as pool:
    print(pool.submit(os.getppid).result() == os.getpid(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_no_process_outlives_a_killed_worker() -> None:
    # The pipe ends when the last process that holds it has ended; without that this waits in vain.
    done = subprocess.run([sys.executable, "-c", KILLED], stdout=subprocess.PIPE, check=False, timeout=60)

    assert (done.returncode, done.stdout) == (-signal.SIGKILL, b"True\n")
