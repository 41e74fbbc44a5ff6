"""Periodic steps: due once a slot, claimed by one machine, one failure does not stop the others."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from app.foundations.crypto import Keys
from app.jobs.installation import Installation
from app.jobs.steps import Step, claim, sweep
from app.upkeep import readiness
from tests.servers.databases import Database

MORNING = datetime(2026, 11, 17, 9, 30, 20, tzinfo=UTC)


def installation(database: Database) -> Installation:
    return Installation(database.settings, Keys.of(database.settings), database.sessions)


def counting(name: str, calls: list[str], every: timedelta | None = timedelta(minutes=1)) -> Step:
    def run(_installation: Installation, *, now: datetime) -> None:
        calls.append(name)

    return Step(name, run, every)


def test_a_slot_is_claimed_by_exactly_one_machine(database: Database) -> None:
    answers = []
    for _machine in range(3):
        with database.sessions() as session, session.begin():
            answers.append(claim(session, "deliver", MORNING))

    assert answers == [True, False, False]


def test_a_sweep_runs_each_step_once_a_slot(database: Database) -> None:
    calls: list[str] = []
    steps = (counting("deliver", calls), counting("roll_up", calls, timedelta(minutes=10)))

    for seconds in (0, 10, 60, 600):
        sweep(installation(database), steps, MORNING + timedelta(seconds=seconds))

    assert calls == ["deliver", "roll_up", "deliver", "deliver", "roll_up"]


def test_a_failing_step_is_logged_and_does_not_stop_the_others(database: Database, expected_errors: list[str]) -> None:
    calls: list[str] = []

    def fail(_installation: Installation, *, now: datetime) -> None:
        raise RuntimeError("the disk is full")

    expected_errors.append("step broken failed")
    done = sweep(installation(database), (Step("broken", fail), counting("deliver", calls)), MORNING)

    assert done == ["deliver"]
    assert calls == ["deliver"]


def test_a_nightly_step_is_due_at_half_past_two_of_the_company(database: Database) -> None:
    warsaw = Installation(
        replace(database.settings, time_zone=ZoneInfo("Europe/Warsaw")), Keys.of(database.settings), database.sessions
    )
    nightly = counting("retain", [], every=None)

    slots = [nightly.slot(warsaw, datetime(2026, 11, 17, hour, 0, tzinfo=UTC)) for hour in (0, 1, 2, 23)]

    assert [slot.isoformat() for slot in slots] == [
        "2026-11-16T01:30:00+00:00",
        "2026-11-16T01:30:00+00:00",
        "2026-11-17T01:30:00+00:00",
        "2026-11-17T01:30:00+00:00",
    ]


def test_a_sweep_shows_that_the_worker_is_alive(database: Database) -> None:
    sweep(installation(database), (), MORNING)

    assert readiness.worker_seen_at(database.session) == MORNING
