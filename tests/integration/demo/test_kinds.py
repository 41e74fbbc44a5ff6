"""The sample company has a department of each kind that a scorecard must be fair to, and each can be shown."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.demo.company import KINDS
from app.domain.scorecards.digest import is_genuine
from app.models.base import db
from app.models.culture import CultureRevision
from app.models.scorecards import find_revision
from tests import pdfs
from tests.servers.databases import Database

PERIOD = "2026-Q2"


@pytest.fixture(scope="module")
def app(halden: Database) -> Iterator[Flask]:
    app = create_app(halden.settings)
    yield app
    with app.app_context():
        db.engine.dispose()


def _document(halden: Database, kind: str) -> dict[str, Any]:
    with halden.sessions() as session:
        row = find_revision(session, PERIOD, KINDS[kind], None)
        assert row is not None
        found: dict[str, Any] = json.loads(row.document)
    return found


def test_a_large_department_has_exact_figures_of_everything(halden: Database) -> None:
    document = _document(halden, "large")

    overall = document["internal"]["csat_overall"]["top_two_box"]
    assert (overall["method"], overall["n"] >= 80) == ("wilson", True)
    assert document["gap"]["csat_overall"]["comparability"] == "A"
    assert {row["model"] for row in document["drivers"]} == {"department"}
    assert [row for row in document["by_requester_department"] if row["top_two_box"]["n"] < 10] == []


def test_a_small_department_is_said_in_words(halden: Database) -> None:
    overall = _document(halden, "small")["internal"]["csat_overall"]

    assert list(overall) == ["top_two_box"]
    assert (overall["top_two_box"]["method"], 5 <= overall["top_two_box"]["n"] <= 9) == ("wilson_coarse", True)


def test_a_hidden_department_had_answers_and_shows_none(halden: Database) -> None:
    document = _document(halden, "hidden")

    assert (document["internal"], document["gap"], document["operations"]) == ({}, {}, {})
    assert document["suppressed"] == [{"what": "internal", "why": "protects_a_small_group"}]


def test_a_watermelon_is_green_by_the_clock_and_red_in_the_experience(halden: Database) -> None:
    document = _document(halden, "watermelon")

    clock, felt = document["sla"], document["internal"]["csat_overall"]["top_two_box"]
    assert clock["watermelon"] == "confirmed"
    assert (clock["on_time"]["lower"] > clock["target"], felt["upper"] < clock["satisfaction_target"]) == (True, True)


def test_customers_who_were_asked_something_else_are_not_subtracted(halden: Database) -> None:
    document = _document(halden, "not-comparable")

    assert document["gap"]["csat_overall"] == {"comparability": "D", "verdict": "not_comparable"}
    assert document["external"]["csat_overall"]["top_two_box"]["n"] == 150


def test_hrs_matrix_has_cells_to_look_at(halden: Database) -> None:
    with halden.sessions() as session:
        text = session.scalar(select(CultureRevision.document).where(CultureRevision.period == PERIOD))
    assert text is not None
    document = json.loads(text)
    matrix = document["service_matrix"]

    assert matrix["hidden_providers"] == [KINDS["hidden"]]
    assert len(matrix["cells"]) >= 25
    assert len(matrix["hidden"]) < len(matrix["cells"])
    assert document["reciprocity"]["reciprocity"] > 0


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_shown_as_json_pdf_and_page(app: Flask, halden: Database, tmp_path: Path, kind: str) -> None:
    page, pdf = tmp_path / "page.html", tmp_path / "scorecard.pdf"

    shown = _flask(app, "scorecards", "show", PERIOD, KINDS[kind], "--json", "--html", page, "--pdf", pdf)

    assert shown.exit_code == 0, shown.output
    document = json.loads(shown.stdout)
    finding = document["sentences"]["finding"]["en"]
    assert is_genuine(document)
    assert document["digest"] == _document(halden, kind)["digest"]
    html = page.read_text(encoding="utf-8")
    assert (finding in html, document["digest"] in html) == (True, True)
    assert [word for word in (">None", ">nan", "<link", "src=") if word in html] == []
    paper = pdfs.text(pdf.read_bytes())
    assert (document["department"]["name"] in paper, document["digest"] in paper) == (True, True)


@pytest.mark.parametrize("language", ["en", "ru", "pl", "de", "es"])
@pytest.mark.parametrize("kind", ["large", "watermelon"])
def test_the_fullest_scorecards_keep_to_two_pages_of_paper(
    app: Flask, halden: Database, tmp_path: Path, kind: str, language: str
) -> None:
    pdf = tmp_path / "scorecard.pdf"

    _flask(app, "scorecards", "show", PERIOD, KINDS[kind], "--pdf", pdf, "--language", language)

    assert len(pdfs.open_pdf(pdf.read_bytes()).pages) == 2


def _flask(app: Flask, *words: str | Path) -> Result:
    return app.test_cli_runner().invoke(args=[str(word) for word in words])
