"""`flask invitations`: one pass, its mark, and why a request was not asked about."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.conftest import ALICE
from tests.servers.databases import Database

MONDAY = datetime(2026, 3, 2, 14, tzinfo=UTC)


@pytest.fixture
def _request(database: Database) -> None:
    desk = department(database.session, "IT")
    completed_request(database.session, desk, person(database.session, ALICE.email), MONDAY)
    database.session.commit()


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    with app.app_context():
        done = app.test_cli_runner().invoke(args=["invitations", *arguments])
    return done.exit_code, done.output


@pytest.mark.usefixtures("_request")
def test_a_pass_says_what_it_decided(app: Flask) -> None:
    assert run(app, "run", "--now", "2026-03-03T09:00:00") == (
        0,
        "1 request decided\n       1  invited                 The requester is asked.\n",
    )
    assert run(app, "run", "--now", "2026-03-03T09:00:00Z") == (0, "0 requests decided\n")


@pytest.mark.usefixtures("_request")
def test_a_pass_before_the_last_one_exits_1_and_names_it(app: Flask) -> None:
    run(app, "run", "--now", "2026-03-03T09:00:00")

    assert run(app, "run", "--now", "2026-03-03T08:59:59") == (
        1,
        "Error: The last run was for 2026-03-03T09:00:00+00:00. Choose that moment or a later one.\n",
    )


def test_a_moment_that_is_none_is_refused(app: Flask) -> None:
    code, printed = run(app, "run", "--now", "tomorrow")

    assert code == 2
    assert "--now 'tomorrow': write it as 2026-03-31T09:00:00" in printed


@pytest.mark.usefixtures("_request")
def test_a_decision_is_told_in_words(app: Flask) -> None:
    run(app, "run", "--now", "2026-03-03T09:00:00")

    code, printed = run(app, "decision", "desk", "R-1")

    assert code == 0
    assert printed == (
        "desk R-1  A new badge\n"
        "completed         department  decision  decided           planned\n"
        "2026-03-02 14:00  IT          invited   2026-03-03 09:00  2026-03-03 09:00\n"
        "The requester is asked.\n"
    )


def test_a_request_that_nobody_told_of_exits_1(app: Flask) -> None:
    assert run(app, "decision", "desk", "R-404") == (
        1,
        "Error: The tracker desk has told of no request R-404.\n",
    )
