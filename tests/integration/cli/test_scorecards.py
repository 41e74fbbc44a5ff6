"""`flask scorecards show` in its forms."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from app.domain.periods import Calendar
from tests.builders.departments import department
from tests.builders.issued import issue
from tests.servers.databases import Database

CALENDAR = Calendar(ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("language", "finding"),
    [
        ("en", "Colleagues are less satisfied with IT Support than customers are: 66% against 92%."),
        ("es", "Colegas"),
    ],
)
def test_the_page_as_a_file_needs_nothing_beside_it(
    app: Flask, database: Database, now: datetime, tmp_path: Path, language: str, finding: str
) -> None:
    issue(database.session, department(database.session, "IT"), posted=now, calendar=CALENDAR)
    database.session.commit()
    file = tmp_path / "scorecard.html"

    result = app.test_cli_runner().invoke(
        args=["scorecards", "show", "2026-Q3", "IT", "--language", language, "--html", str(file)]
    )

    page = file.read_text(encoding="utf-8")
    assert result.exit_code == 0, result.output
    assert f'<html lang="{language}">' in page
    assert finding in page
    assert [word for word in ("<link", 'href="/', "src=", "<form") if word in page] == []
