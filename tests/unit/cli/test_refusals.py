import sqlite3
from pathlib import Path

import click
import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from app import create_app
from app.cli.refusals import refusals_in_words
from app.imports.faults import Fault, RowsRefused, TableRefused
from app.settings import Settings
from app.upkeep.running import readiness

MEND = "Mend them in the file and import it again; with --skip-bad-rows the other rows come in."


def test_it_prints_one_line_a_fault_and_ends_with_what_came_of_it_and_how_to_mend_it() -> None:
    faults = [Fault("a.csv", 2, "code", "this must not be empty"), Fault("a.csv", 2, "name", "this must not be empty")]

    assert said(RowsRefused(*faults)) == [
        "a.csv:2: code: this must not be empty",
        "a.csv:2: name: this must not be empty",
        f"Nothing was written: 2 faults in 1 row. {MEND}",
    ]


def test_equal_faults_are_one_line_with_their_number_and_the_first_of_their_rows() -> None:
    empty, unknown = "this must not be empty", "there is no department 'NO'"
    faults = [Fault("a.csv", line, "code", unknown) for line in (2, 5)]
    faults += [Fault("a.csv", line, "name", empty) for line in range(3, 15)]

    assert said(RowsRefused(*faults)) == [
        "a.csv:2: code: there is no department 'NO' (2 rows: 2, 5)",
        "a.csv:3: name: this must not be empty (12 rows: 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, …)",
        f"Nothing was written: 14 faults in 13 rows. {MEND}",
    ]


def test_a_table_that_cannot_be_read_has_no_rows_to_leave_out() -> None:
    assert said(TableRefused(Fault("a.csv", 0, "", "the file is empty"))) == [
        "a.csv: the file is empty",
        "Nothing was written. Mend the file or the options, then run the command again.",
    ]


def said(error: RowsRefused) -> list[str]:
    with pytest.raises(click.ClickException) as refused, refusals_in_words():
        raise error
    assert refused.value.exit_code == 1
    return refused.value.message.splitlines()


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
