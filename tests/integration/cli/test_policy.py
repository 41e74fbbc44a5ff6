"""`flask policy`: show, set, and try on history."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.domain.asking_policy import AskingPolicy
from app.domain.asking_policy_json import policy_to_json
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.conftest import ALICE, BOB
from tests.servers.databases import Database


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    with app.app_context():
        done = app.test_cli_runner().invoke(args=["policy", *arguments])
    return done.exit_code, done.output


def written(folder: Path, document: Any) -> str:
    path = folder / "policy.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return str(path)


def test_the_defaults_are_in_force_until_another_is_set(app: Flask) -> None:
    code, printed = run(app, "show", "--json")

    assert code == 0
    assert json.loads(printed) == policy_to_json(AskingPolicy())


def test_what_was_set_is_shown_beside_its_default(app: Flask, tmp_path: Path) -> None:
    path = written(tmp_path, {"quarantine_days": 14})

    assert run(app, "set", path, "--reason", "spring") == (0, "version 1 is in force\n")
    assert run(app, "set", path) == (0, "This is version 1 already; nothing changed.\n")
    lines = run(app, "show")[1].splitlines()
    assert lines[0] == "version 1"
    assert next(line for line in lines if line.startswith("quarantine_days")).split() == ["quarantine_days", "14", "30"]


def test_every_fault_is_named_and_nothing_changes(app: Flask, tmp_path: Path) -> None:
    path = written(tmp_path, {"quarter_cap": 0, "mood": "good", "not_surveyed": ["NOWHERE"]})

    assert run(app, "set", path) == (
        1,
        f"Error: {path}: quarter_cap: 0 must lie between 1 and 13\n{path}: mood: the policy has no field 'mood'\n",
    )
    path = written(tmp_path, {"not_surveyed": ["NOWHERE"]})
    assert run(app, "set", path) == (1, f"Error: {path}: not_surveyed: there is no department 'NOWHERE'\n")
    assert run(app, "show")[1].splitlines()[0] == "version 0"


def test_a_file_that_is_no_json_is_refused(app: Flask, tmp_path: Path) -> None:
    code, printed = run(app, "set", written(tmp_path, "quarter_cap: 3"))

    assert code == 1
    assert "policy.json is not JSON" in printed


def test_a_version_that_there_is_not_is_refused(app: Flask) -> None:
    assert run(app, "show", "--version", "7") == (1, "Error: There is no version 7.\n")


@pytest.fixture
def _history(database: Database) -> None:
    desk = department(database.session, "IT")
    alice = person(database.session, ALICE.email)
    for day in (2, 12):
        completed_request(database.session, desk, alice, datetime(2026, 3, day, 14, tzinfo=UTC))
    database.session.commit()


SPAN = ("--from", "2026-03-01", "--to", "2026-03-31")


@pytest.mark.usefixtures("_history")
def test_a_dry_run_says_who_would_have_been_asked(app: Flask) -> None:
    assert run(app, "dry-run", *SPAN) == (
        0,
        (
            "2 completed requests\n"
            "       1  quarantine              The requester was asked about another request a short time before.\n"
            "       1  invited                 The requester is asked.\n"
            "\n"
            "department  completed  eligible  asked  expected answers\n"
            "IT                  2         2      1               0.2\n"
            "1 department can expect fewer than 5 answers, and so no figures of its own.\n"
            "\n"
            "       1  asked once\n"
        ),
    )


@pytest.mark.usefixtures("_history")
def test_a_dry_run_adds_departments_up_and_says_when_nothing_was_completed(app: Flask, database: Database) -> None:
    law = department(database.session, "LAW")
    bob = person(database.session, BOB.email)
    completed_request(database.session, law, bob, datetime(2026, 3, 2, 14, tzinfo=UTC))
    database.session.commit()

    _, printed = run(app, "dry-run", *SPAN)

    assert printed.splitlines()[4:9] == [
        "department  completed  eligible  asked  expected answers",
        "IT                  2         2      1               0.2",
        "LAW                 1         1      1               0.2",
        "together            3         3      2               0.4",
        "2 departments can expect fewer than 5 answers, and so no figures of their own.",
    ]
    assert run(app, "dry-run", "--from", "2025-01-01", "--to", "2025-01-31") == (0, "0 completed requests\n")


@pytest.mark.usefixtures("_history")
def test_a_dry_run_of_another_policy_as_json(app: Flask, tmp_path: Path) -> None:
    path = written(tmp_path, {"quarantine_days": 7, "sending_hour": 10})

    code, printed = run(app, "dry-run", *SPAN, "--policy", path, "--json")

    document = json.loads(printed)
    assert code == 0
    assert document["reasons"] == {"invited": 2}
    assert document["people_by_times_asked"] == {"2": 1}
    assert document["departments"]["IT"]["expected_answers"] == 0.4
    assert [one["planned_at"] for one in document["asked"]] == [
        "2026-03-03T10:00:00+00:00",
        "2026-03-13T10:00:00+00:00",
    ]


def test_a_span_must_run_forwards(app: Flask) -> None:
    code, printed = run(app, "dry-run", "--from", "2026-03-31", "--to", "2026-03-01")

    assert code == 2
    assert "--to lies before --from" in printed
