"""`flask privacy release` cannot be undone: whoever types it is asked, a script is not."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.states import PeriodState
from app.foundations import clock
from app.models.releases import PeriodRecord
from tests.integration.cli.conftest import Flaskly
from tests.repository.tree import ROOT
from tests.servers.databases import Database

ANSWERS = "response_id,provider_department,requester,completed_at,csat_overall\n"


@pytest.fixture
def flask(sqlite_app: Flask, tmp_path: Path) -> Flaskly:
    """A quarter of an earlier tool, not released yet."""
    departments, answers = tmp_path / "departments.csv", tmp_path / "answers.csv"
    departments.write_text("code,name,staff_count\nIT,Computers,40\n")
    answers.write_text(ANSWERS + "".join(f"R{n},IT,p{n},2024-02-05T10:00:00Z,4\n" for n in range(12)))
    flask = Flaskly(sqlite_app)
    flask("import", "departments", departments)
    flask("sources", "add", "old", "--kind", "csv")
    flask("import", "responses", answers, "--source", "old")
    return flask


def typed(database: Database, *words: str, answer: str = "") -> "subprocess.CompletedProcess[str]":
    """Type a command at a terminal, and an answer to what it asks."""
    environment = {
        "PATH": os.environ["PATH"],
        "PARITY_SECRET_KEY": database.settings.secret_key,
        "PARITY_DATABASE_URL": database.settings.database_url,
        "PARITY_VAR": str(database.settings.var),
    }
    ours, its = pty.openpty()
    try:
        os.write(ours, answer.encode())
        command = [sys.executable, "-m", "flask", *words]
        return subprocess.run(
            command, stdin=its, capture_output=True, text=True, env=environment, cwd=ROOT, timeout=120, check=False
        )
    finally:
        os.close(ours)
        os.close(its)


def states(database: Database) -> list[PeriodState]:
    with database.sessions() as session:
        return list(session.scalars(select(PeriodRecord.state)))


@pytest.mark.usefixtures("flask")
def test_who_sits_at_a_terminal_is_asked_and_no_changes_nothing(sqlite: Database) -> None:
    refused = typed(sqlite, "privacy", "release", "2024-Q1", answer="n\n")
    between = states(sqlite)
    done = typed(sqlite, "privacy", "release", "2024-Q1", answer="y\n")
    again = typed(sqlite, "privacy", "release", "2024-Q1")

    assert (refused.returncode, refused.stderr) == (1, "Error: Nothing was done.\n")
    assert "It cannot be undone. Go on?" in refused.stdout
    assert between == []
    assert (done.returncode, states(sqlite)) == (0, [PeriodState.RELEASED])
    today = clock.now().date().isoformat()
    assert (again.returncode, again.stdout) == (0, f"2024-Q1 was made unlinkable on {today}; nothing to do.\n")


@pytest.mark.usefixtures("flask")
def test_yes_on_the_command_line_answers_the_question(sqlite: Database) -> None:
    done = typed(sqlite, "privacy", "release", "2024-Q1", "--yes")

    assert (done.returncode, "Go on?" in done.stdout) == (0, False)
    assert states(sqlite) == [PeriodState.RELEASED]


def test_a_script_is_not_asked(flask: Flaskly) -> None:
    released = flask("privacy", "release", "2024-Q1")

    assert released.output.splitlines()[0] == "The answers of 2024-Q1 are unlinkable."
