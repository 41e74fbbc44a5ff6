"""The response sheet of a form, imported with the very commands of docs/connectors/google_forms.md."""

import re
import shlex
from pathlib import Path

from sqlalchemy import select

from app.models.external_scores import ExternalResponse
from tests.integration.cli.conftest import Flaskly
from tests.repository.tree import ROOT
from tests.servers.databases import Database

SHEET = (
    "Timestamp,Email Address,How satisfied are you with the help desk?,What could we do better?,Browser\r\n"
    "11/16/2026 9:12:44,ann@example.com,5,,x\r\n"
    '11/16/2026 10:03:01,bob@example.com,3,"Слишком долго, but friendly",y\r\n'
)
LATER = "11/17/2026 8:40:10,ann@example.com,4,Danke 👍,z\r\n"


def _commands(path: Path) -> list[list[str]]:
    """The imports of the page, with the file in place of `responses.csv`."""
    page = (ROOT / "docs" / "connectors" / "google_forms.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```\n(flask import .*?)```", page, re.DOTALL)
    lines = [block.replace("\\\n", " ").replace("responses.csv", str(path)) for block in blocks]
    return [shlex.split(line)[1:] for line in lines]


def test_the_documented_commands_bring_in_a_sheet_and_later_the_same_sheet_with_more_rows(
    flask: Flaskly, database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "responses.csv"
    first, later = _commands(path)
    flask("sources", "add", "google-forms", "--kind", "csv")

    path.write_text(SHEET, encoding="utf-8")
    begun = flask(*first)
    path.write_text(SHEET + LATER, encoding="utf-8")
    gone_on = flask(*later)

    assert (begun.stdout, begun.stderr) == ("2 new, 0 changed, 0 unchanged\n", "")
    assert (gone_on.stdout, gone_on.stderr) == ("1 new, 0 changed, 2 unchanged\n", "")
    with database.sessions() as session:
        stored = session.scalars(select(ExternalResponse).order_by(ExternalResponse.answered_at)).all()
    assert [(one.touchpoint, one.dimension, one.instrument, one.score, one.comment) for one in stored] == [
        ("portal", "csat_overall", "csat5", 5, None),
        ("portal", "csat_overall", "csat5", 3, "Слишком долго, but friendly"),
        ("portal", "csat_overall", "csat5", 4, "Danke 👍"),
    ]
    assert [one.answered_at.hour for one in stored] == [8, 9, 7]
    assert stored[0].respondent == stored[2].respondent != stored[1].respondent
