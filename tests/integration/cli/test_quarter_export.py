"""`flask scorecards export`: a quarter as one table, whole or not at all, and equal to the single ones."""

import csv
from datetime import datetime
from pathlib import Path

import pytest
import python_calamine

from tests.builders.departments import department
from tests.builders.issued import issue
from tests.builders.scorecards import CALENDAR
from tests.integration.cli.conftest import Flaskly
from tests.servers.databases import Database


@pytest.fixture
def quarter(database: Database, now: datetime) -> Database:
    """Two departments, one of them with a second revision, and another quarter."""
    session = database.session
    it, hr = department(session, "IT"), department(session, "HR")
    for owner, period, revision in ((it, "2026-Q3", 1), (it, "2026-Q3", 2), (hr, "2026-Q3", 1), (hr, "2026-Q2", 1)):
        issue(session, owner, period, revision=revision, posted=now, calendar=CALENDAR)
    session.commit()
    return database


def table_of(file: Path) -> list[list[str]]:
    return list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))


def test_it_holds_the_last_revision_of_each_department_as_the_single_files_do(
    quarter: Database, flask: Flaskly, tmp_path: Path
) -> None:
    files = {kind: tmp_path / f"quarter.{kind}" for kind in ("csv", "xlsx")}
    singles = {code: tmp_path / f"{code}.csv" for code in ("HR", "IT")}

    result = flask("scorecards", "export", "2026-Q3", "--csv", files["csv"], "--xlsx", files["xlsx"])

    assert (result.exit_code, result.stdout.count("2 scorecards are in ")) == (0, 2)
    for code, file in singles.items():
        assert flask("scorecards", "show", "2026-Q3", code, "--csv", file).exit_code == 0
    rows = table_of(files["csv"])
    assert rows == [rows[0], *(row for file in singles.values() for row in table_of(file)[1:])]
    assert {(row[0], row[2]) for row in rows[1:]} == {("HR", "1"), ("IT", "2")}
    sheet = python_calamine.CalamineWorkbook.from_path(str(files["xlsx"])).get_sheet_by_name("figures").to_python()
    assert len(sheet) == len(rows)


def test_sentences_come_in_the_wished_language(quarter: Database, flask: Flaskly, tmp_path: Path) -> None:
    flask("scorecards", "export", "2026-Q3", "--language", "de", "--csv", tmp_path / "q.csv")

    findings = [row[-1] for row in table_of(tmp_path / "q.csv") if row[3:6] == ["sentences", "", "finding"]]
    assert [words.partition(" mit ")[0] for words in findings] == ["Im Kollegenkreis ist die Zufriedenheit"] * 2


def test_a_quarter_without_scorecards_and_a_call_without_a_file_are_refused(
    quarter: Database, flask: Flaskly, tmp_path: Path
) -> None:
    empty = flask("scorecards", "export", "2025-Q1", "--csv", tmp_path / "q.csv")
    nowhere = flask("scorecards", "export", "2026-Q3")

    assert (empty.exit_code, empty.output) == (
        1,
        "Error: There are no scorecards for 2025-Q1. Frozen quarters: 2026-Q2, 2026-Q3.\n",
    )
    assert (nowhere.exit_code, nowhere.output.splitlines()[-1]) == (
        2,
        "Error: Name a file to write to: --csv FILE, --xlsx FILE, or both.",
    )
    assert list(tmp_path.glob("q.*")) == []


def test_what_a_sheet_cannot_hold_leaves_no_half_written_file(
    quarter: Database, flask: Flaskly, tmp_path: Path, now: datetime
) -> None:
    longest = department(quarter.session, "LONG")  # its name alone is longer than a cell may be
    issue(quarter.session, longest, name="x" * 40_000, posted=now, calendar=CALENDAR)
    quarter.session.commit()
    (tmp_path / "q.xlsx").write_bytes(b"of yesterday")

    result = flask("scorecards", "export", "2026-Q3", "--xlsx", tmp_path / "q.xlsx")

    assert (result.exit_code, "Write --csv instead." in result.output) == (1, True)
    assert {file.name: file.read_bytes() for file in tmp_path.glob("q.*")} == {"q.xlsx": b"of yesterday"}
