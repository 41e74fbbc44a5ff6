"""The queue and the worker for real: embedded, on Redis, on PostgreSQL; stopped, killed, with a queue that is down."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete

from app.jobs.catalogue import TASKS
from app.jobs.hints import GATHERING, TASK_NAMES, Hints, storage_of
from app.models.run_marks import RunMark, move_run_mark
from app.settings import Settings
from app.upkeep.running import readiness
from tests.repository.tree import ROOT
from tests.servers.databases import Database
from tests.servers.postgresql import PostgreSQL

PATIENCE_SECONDS = 120.0  # of a busy machine; an idle one needs three


def wait_until(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


@contextmanager
def working(settings: Settings) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {
        "PATH": os.environ["PATH"],
        "PARITY_SECRET_KEY": settings.secret_key,
        "PARITY_DATABASE_URL": settings.database_url,
        "PARITY_BROKER_URL": settings.broker_url,
        "PARITY_VAR": str(settings.var),
    }
    process = subprocess.Popen([sys.executable, "-m", "flask", "work"], env=environment, cwd=ROOT)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def descendants(pid: int) -> set[int]:
    found = set()
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, tasks.read_text().split()):
            found |= {child} | descendants(child)
    return found


def is_running(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def swept_at(database: Database) -> datetime | None:
    with database.sessions() as session:
        return readiness.worker_seen_at(session)


def forget_sweeps(database: Database) -> None:
    with database.sessions() as session, session.begin():
        session.execute(delete(RunMark))


@pytest.fixture(params=["embedded", "redis", "postgresql"])
def queued(request: pytest.FixtureRequest, sqlite: Database) -> Iterator[Settings]:
    """Settings of an installation on SQLite with each kind of queue."""
    if request.param == "embedded":
        yield sqlite.settings
    elif request.param == "redis":
        yield replace(sqlite.settings, broker_url=request.getfixturevalue("redis_url"))
    else:
        server: PostgreSQL = request.getfixturevalue("postgresql_server")
        name = server.clone("template1")
        yield replace(sqlite.settings, broker_url=server.url(name))
        server.drop(name)


def test_the_worker_sweeps_at_start_and_follows_hints(queued: Settings, sqlite: Database) -> None:
    with working(queued):
        wait_until(lambda: swept_at(sqlite) is not None)
        forget_sweeps(sqlite)

        with closing(Hints(queued)) as hints:
            is_sent = hints.send("sweep_now")

        wait_until(lambda: swept_at(sqlite) is not None)
    assert is_sent is True


def test_hints_at_one_task_within_a_second_are_one_message_that_runs_after_them(sqlite: Database) -> None:
    with closing(Hints(sqlite.settings)) as hints:
        first = [hints.send_gathered("sweep_now") for _ in range(100)]
        time.sleep(GATHERING)
        later = hints.send_gathered("sweep_now")

    waiting = storage_of(sqlite.settings)
    assert (set(first), later, waiting.pending_count()) == ({True}, True, 2)
    with working(sqlite.settings):
        wait_until(lambda: waiting.pending_count() + waiting.scheduled_count() == 0)


def test_a_gathered_hint_that_failed_is_tried_again(sqlite: Database, caplog: pytest.LogCaptureFixture) -> None:
    nowhere = replace(sqlite.settings, broker_url="redis://127.0.0.1:1/0")

    with closing(Hints(nowhere)) as hints:
        sent = [hints.send_gathered("sweep_now") for _ in range(2)]

    assert sent == [False, False]
    assert len(caplog.records) == 2


def test_a_killed_worker_is_replaced(sqlite: Database) -> None:
    with working(sqlite.settings) as process:
        wait_until(lambda: swept_at(sqlite) is not None)
        for pid in descendants(process.pid):
            os.kill(pid, signal.SIGKILL)
        forget_sweeps(sqlite)

        wait_until(lambda: swept_at(sqlite) is not None)

        assert process.poll() is None


def test_the_worker_stops_gracefully(sqlite: Database) -> None:
    with working(sqlite.settings) as process:
        wait_until(lambda: swept_at(sqlite) is not None)

    assert process.returncode == 0


def test_a_worker_ends_with_its_parent(sqlite: Database) -> None:
    with working(sqlite.settings) as process:
        wait_until(lambda: swept_at(sqlite) is not None)
        children = descendants(process.pid)

        process.kill()

        wait_until(lambda: not any(is_running(pid) for pid in children))
    assert len(children) >= 1


def test_a_queue_that_is_down_costs_no_request(sqlite: Database, caplog: pytest.LogCaptureFixture) -> None:
    nowhere = replace(sqlite.settings, broker_url="redis://127.0.0.1:1/0")

    with closing(Hints(nowhere)) as hints:
        is_sent = hints.send("sweep_now")

    assert is_sent is False
    assert "the next sweep finds the work" in caplog.text


def test_a_mark_never_moves_back(database: Database) -> None:
    later, earlier = datetime(2026, 11, 17, 10, tzinfo=UTC), datetime(2026, 11, 17, 9, tzinfo=UTC)
    with database.sessions() as session, session.begin():
        moved = [move_run_mark(session, "invite", moment) for moment in (later, earlier, later)]

    assert moved == [True, False, False]


def test_every_hint_names_a_task_of_the_worker() -> None:
    assert set(TASK_NAMES) == {*TASKS, "sweep_now"}
