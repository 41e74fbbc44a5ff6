import sqlite3

import click
import pytest
from sqlalchemy.exc import OperationalError

from app.cli.refusals import refusals_in_words
from app.imports.faults import Fault, RowsRefused


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
