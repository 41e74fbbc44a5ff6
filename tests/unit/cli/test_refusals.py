import sqlite3
from pathlib import Path

import click
import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from app import create_app
from app.cli.refusals import refusals_in_words
from app.imports.faults import Fault, RowsRefused
from app.settings import Settings
from app.upkeep import readiness


def test_it_prints_one_line_a_fault() -> None:
    faults = [Fault("a.csv", 2, "code", "this must not be empty"), Fault("a.csv", 0, "", "the file is empty")]

    with pytest.raises(click.ClickException) as refused, refusals_in_words():
        raise RowsRefused(*faults)

    assert refused.value.exit_code == 1
    assert refused.value.message == "a.csv:2: code: this must not be empty\na.csv: the file is empty"


def test_it_says_that_another_process_is_writing() -> None:
    locked = OperationalError("BEGIN IMMEDIATE", {}, sqlite3.OperationalError("database is locked"))

    with pytest.raises(click.ClickException) as refused, refusals_in_words():
        raise locked

    assert refused.value.message == (
        "another process is writing to the database; nothing was written, please try again"
    )


def test_it_does_not_hide_other_errors_of_the_database() -> None:
    broken = OperationalError("SELECT", {}, sqlite3.OperationalError("no such table: people"))

    with pytest.raises(OperationalError), refusals_in_words():
        raise broken


def test_it_says_that_a_database_was_never_brought_to_this_version(tmp_path: Path) -> None:
    for arguments in (["policy", "show"], ["import", "people", str(tmp_path)], ["doctor"]):
        result = _app(tmp_path / "parity.sqlite3").test_cli_runner().invoke(args=arguments)

        assert result.exit_code == 1

    shown = _app(tmp_path / "parity.sqlite3").test_cli_runner().invoke(args=["policy", "show"])
    assert shown.output == (
        f"The database stands at migration none, the program at {readiness.head()}: run flask db upgrade\n"
    )


def test_it_says_that_a_database_cannot_be_reached(tmp_path: Path) -> None:
    result = _app(tmp_path / "nowhere" / "parity.sqlite3").test_cli_runner().invoke(args=["policy", "show"])

    assert (result.exit_code, result.output) == (1, "The database cannot be reached: unable to open database file\n")


def _app(path: Path) -> Flask:
    return create_app(Settings(secret_key="k" * 32, database_url=f"sqlite:///{path}", var=path.parents[1]))
