"""Periodic steps: due once a slot, claimed by one machine, one failure does not stop the others."""

import logging
import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.foundations.crypto import Keys
from app.jobs.catalogue import STEPS
from app.jobs.installation import Installation
from app.jobs.steps import Step, claim, sweep
from app.mail.outbox import Tally
from app.models.run_marks import ClockFault, last_clock_fault
from app.upkeep.running import readiness
from tests.builders.messages import waiting_invitation
from tests.conftest import ALICE
from tests.servers.databases import Database
from tests.servers.smtp import SmtpServer

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


def test_each_step_has_the_moment_at_which_it_begins(sqlite: Database) -> None:
    moments: list[datetime] = []

    def take_long(_installation: Installation, *, now: datetime) -> None:
        time.sleep(0.02)
        moments.append(now)

    sweep(installation(sqlite), (Step("freeze", take_long), Step("release", take_long)), MORNING)

    assert moments[1] - moments[0] >= timedelta(seconds=0.02)


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


def test_a_clock_that_was_ahead_once_stops_no_step(database: Database) -> None:
    calls: list[str] = []
    steps = (counting("deliver", calls), counting("retain", calls, every=None))
    here = installation(database)
    sweep(here, steps, MORNING + timedelta(days=400))

    done = [sweep(here, steps, MORNING + timedelta(seconds=seconds)) for seconds in (0, 30, 60)]

    assert done == [["deliver", "retain"], [], ["deliver"]]
    assert calls == ["deliver", "retain"] * 2 + ["deliver"]
    assert readiness.worker_seen_at(database.session) == MORNING + timedelta(seconds=60)


def test_a_machine_whose_clock_is_minutes_ahead_is_waited_for(database: Database) -> None:
    calls: list[str] = []
    here = installation(database)
    sweep(here, (counting("deliver", calls),), MORNING + timedelta(minutes=59))

    done = sweep(here, (counting("deliver", calls),), MORNING)

    assert done == []
    assert last_clock_fault(database.session) is None


def test_a_clock_fault_is_noted_with_both_moments(database: Database) -> None:
    for days in (400, 30, 0):  # the wrong clock was set back in two steps
        sweep(installation(database), (counting("deliver", []),), MORNING + timedelta(days=days))

    assert last_clock_fault(database.session) == ClockFault(MORNING, MORNING + timedelta(days=30))


def test_a_worker_that_a_wrong_clock_saw_does_not_count_as_alive(database: Database) -> None:
    sweep(installation(database), (), MORNING + timedelta(days=400))

    told = readiness.check(database.session, database.settings, now=MORNING)

    assert told == {"database": True, "migrations": True, "worker": False, "mail": False}


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return our lines of the log without the seconds."""
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("app.")]
    return [re.sub(r"\d+\.\d s$", "… s", line) for line in ours]


def test_what_a_step_did_is_one_line_in_numbers_and_nothing_is_silence(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    mailed = Tally(sent=12, delayed=1, trouble="451 alice@example.com: come back later")
    results: dict[str, object] = {"invitations": 3, "mail": mailed, "retain": {"links": 2, "answers": 0}, "idle": 0}
    steps = tuple(
        Step(name, lambda _installation, *, now, result=result: result, did="written")  # noqa: ARG005
        for name, result in results.items()
    )

    with caplog.at_level(logging.INFO, logger="app.jobs.steps"):
        sweep(installation(database), steps, MORNING)

    assert said(caplog) == [
        "invitations: written 3 in … s",
        "mail: sent 12, delayed 1 in … s",
        "retain: links 2 in … s",
    ]


def test_the_log_of_a_posting_names_no_recipient(
    database: Database, smtp: SmtpServer, caplog: pytest.LogCaptureFixture
) -> None:
    waiting_invitation(database.session, ALICE.email, due_at=MORNING)
    database.session.commit()
    settings = replace(database.settings, mail=smtp.settings)
    there = Installation(settings, Keys.of(settings), database.sessions)
    step = next(step for step in STEPS if step.name == "deliver_mail")

    with caplog.at_level(logging.INFO):
        step.do(there, MORNING)

    assert [received.rcpt_tos for received in smtp.received] == [(ALICE.email,)]
    assert said(caplog) == ["deliver_mail: sent 1 in … s"]
