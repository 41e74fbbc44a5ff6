"""Whether the worker works, what is wrong, and what pages asked it for, on one page."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.domain.states import ChoreKind, Role
from app.jobs.catalogue import STEPS
from app.models.run_marks import move_run_mark
from app.reports import work_lists
from app.upkeep.running import chores, readiness
from tests.builders.issued import staff
from tests.builders.signing_in import Door
from tests.conftest import CAROL
from tests.servers.databases import Database


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database, now: datetime) -> Door:
    staff(sqlite.session, CAROL.email, Role.ADMIN, now=now)
    sqlite.session.commit()
    return Door(sqlite_app, sqlite, now)


def test_a_worker_that_never_ran_is_said_to_be_missing(door: Door) -> None:
    page = door.signed_in(CAROL.email).get("/admin/jobs").text

    assert "The worker does not work." in page
    assert "Nobody has the role hr" in page
    assert "Nothing yet." in page


def test_a_worker_that_runs_is_seen_with_its_steps_and_chores(door: Door) -> None:
    session = door.database.session
    readiness.beat(session, door.moment - timedelta(minutes=1))
    move_run_mark(session, "job:freeze", door.moment)
    move_run_mark(session, "job:of_tomorrow", door.moment)
    chores.ask(session, ChoreKind.CHECK_CONNECTION, "tracker:desk", None, by="staff:1", language="en", now=door.moment)
    about = "policy:staff:1"
    chores.ask(session, ChoreKind.TRY_POLICY, about, None, by="staff:1", language="en", now=door.moment)
    session.commit()

    page = door.signed_in(CAROL.email).get("/admin/jobs").text

    assert "The worker works." in page
    assert page.index("freeze quarters on their day") < page.index("of_tomorrow")
    assert ("tracker desk" in page, f"draft of the policy by {CAROL.email}" in page) == (True, True)


def test_every_step_of_the_worker_has_words() -> None:
    assert [step.name for step in STEPS if step.name not in work_lists.STEPS] == []
