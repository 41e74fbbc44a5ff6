"""`flask invitations`: one pass, its mark, and why a request was not asked about."""

import json
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.models.departments import Department
from app.models.people import Person
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
        (
            "Error: A run was made for 2026-03-03T09:00:00+00:00, so nothing runs before that moment. Wait until then,"
            " or name it or a later one with --now.\n"
        ),
    )


def test_a_named_moment_before_a_trial_of_a_later_one_exits_1_too(app: Flask) -> None:
    assert run(app, "run", "--now", "2999-03-03T09:00:00Z")[0] == 0

    named = run(app, "run", "--now", "2999-03-02T09:00:00Z")
    by_the_clock = run(app, "run")

    assert named == (
        1,
        (
            "This run is for 2999-03-02T09:00:00+00:00, which is still to come: other runs wait for it, but an hour at"
            " most.\n"
            "Error: A run was made for 2999-03-03T09:00:00+00:00, so nothing runs before that moment. Wait until then,"
            " or name it or a later one with --now.\n"
        ),
    )
    assert by_the_clock == (0, "0 requests decided\n")


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


@pytest.fixture
def _decided(database: Database, app: Flask) -> None:
    session = database.session
    it, law = department(session, "IT"), department(session, "LAW")
    alice, nobody = person(session, ALICE.email), Person(source="desk", source_key="u-17")
    session.add(nobody)
    session.flush()
    for provider, asker, day, hour in ((it, alice, 2, 14), (it, alice, 3, 14), (law, nobody, 3, 15)):
        completed_request(session, provider, asker, datetime(2026, 3, day, hour, tzinfo=UTC))
    session.commit()
    for day in (3, 4):
        run(app, "run", "--now", f"2026-03-0{day}T09:00:00")


@pytest.mark.usefixtures("_decided")
def test_decisions_are_counted_by_reason(app: Flask) -> None:
    code, printed = run(app, "decisions")

    assert (code, printed) == (
        0,
        (
            "3 completed requests\n"
            "       1  no_address              There is no e-mail address to which the requester could be written.\n"
            "       1  quarantine              The requester was asked about another request a short time before.\n"
            "       1  invited                 The requester is asked.\n"
        ),
    )
    assert run(app, "decisions", "--department", "LAW", "--from", "2026-03-04")[1] == "0 completed requests\n"


@pytest.mark.usefixtures("_decided")
def test_who_has_no_address_is_listed_with_the_key_that_the_tracker_uses(app: Flask) -> None:
    _, printed = run(app, "decisions", "--reason", "no_address", "--to", "2026-03-03")

    assert printed.splitlines()[3:] == [
        "tracker  request  completed         department  requester  decided",
        "desk     R-3      2026-03-03 15:00  LAW         u-17       2026-03-04 09:00",
    ]


@pytest.mark.usefixtures("_decided")
def test_a_long_list_says_what_it_leaves_out_and_a_program_gets_json(app: Flask) -> None:
    document = json.loads(run(app, "decisions", "--tracker", "desk", "--limit", "1", "--json")[1])

    assert document == {
        "completed": 3,
        "reasons": {"no_address": 1, "quarantine": 1, "invited": 1},
        "requests": [
            {
                "tracker": "desk",
                "external_id": "R-3",
                "completed_at": "2026-03-03T15:00:00+00:00",
                "department": "LAW",
                "requester": "u-17",
                "decision": "no_address",
                "decided_at": "2026-03-04T09:00:00+00:00",
            }
        ],
    }


@pytest.mark.usefixtures("_decided")
def test_the_list_is_cut_at_its_limit(app: Flask, database: Database) -> None:
    asker = person(database.session, "bob@example.com")
    law = database.session.scalars(select(Department).where(Department.code == "LAW")).one()
    for hour in (8, 9):
        completed_request(database.session, law, asker, datetime(2026, 3, 20, hour, tzinfo=UTC))
    database.session.commit()

    _, printed = run(app, "decisions", "--reason", "waiting", "--limit", "1")

    assert printed.splitlines()[-2:] == [
        "desk     R-5      2026-03-20 09:00  LAW         bob@example.com  –",
        "The newest 1 of 2; --limit shows more.",
    ]
