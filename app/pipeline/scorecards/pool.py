"""Draw many revisions before they are posted, in processes beside this one.

Two spawned processes take half the time of one after the other; threads take twice as long (matplotlib keeps Python's
lock). Plain values go in and bytes come out, in small lots, so that memory does not grow with the company.
"""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context

from sqlalchemy.orm import Session

from app.domain.periods import Calendar
from app.foundations.processes import end_with_the_parent
from app.models.scorecards import ScorecardRevision
from app.pipeline.scorecards.drawing import Document, Drawn, files_of, is_drawn, store_files, trend_of_revision
from app.reports.trends import Trend

PROCESSES = 2  # at most: the web server draws no breath of its own while all cores draw
LOT = 8  # revisions whose documents and files are held at once
WORTH_IT = 6  # revisions: a process takes as long to start as three of them to draw


@dataclass(frozen=True)
class Work:
    """What drawing one revision in one language takes."""

    scorecard_id: int
    language: str
    document: Document
    trend: Trend


def lots(wanted: Sequence[tuple[int, str]]) -> Iterator[Sequence[tuple[int, str]]]:
    """Yield revisions a lot at a time."""
    for start in range(0, len(wanted), LOT):
        yield wanted[start : start + LOT]


def read_works(session: Session, wanted: Sequence[tuple[int, str]], calendar: Calendar) -> list[Work]:
    """Return what drawing takes, as plain values."""
    works = []
    for scorecard_id, language in wanted:
        row = session.get_one(ScorecardRevision, scorecard_id)
        document: Document = json.loads(row.document)
        works.append(Work(row.id, language, document, trend_of_revision(session, row, document, calendar)))
    return works


def draw_works(pool: Executor, works: Sequence[Work]) -> list[Drawn]:
    """Return the files of every work, in its order; raises BrokenProcessPool where a process died."""
    return list(pool.map(draw_work, works))


def draw_work(work: Work) -> Drawn:
    """Draw one revision; runs in a process of the pool."""
    return files_of(work.document, work.trend, work.language)


def store_works(session: Session, works: Sequence[Work], drawn: Sequence[Drawn]) -> int:
    """Keep what was drawn and is not there yet; return how many revisions."""
    count = 0
    for work, files in zip(works, drawn, strict=True):
        if not is_drawn(session, work.scorecard_id, work.language):
            store_files(session, work.scorecard_id, work.language, files)
            count += 1
    return count


@contextmanager
def processes(count: int) -> Iterator[Executor]:
    """Give a pool of at most two processes; they end with the block, and with a parent that is killed in it."""
    pool = ProcessPoolExecutor(min(PROCESSES, count), mp_context=get_context("spawn"), initializer=end_with_the_parent)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
