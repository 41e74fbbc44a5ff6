"""`flask culture show`: HR's document in words and as JSON."""

import csv
import json
import re
from pathlib import Path

from app.domain.scorecards.digest import is_genuine
from tests import pdfs
from tests.builders.culture import ASKED, VOICES, company, culture, freeze_documents, scorecard
from tests.integration.cli.conftest import Flaskly
from tests.servers.databases import Database

IT = scorecard("IT", (39, 60), {"HR": (14, 30), "SALES": (25, 30)})


def test_the_words_say_the_finding_the_population_and_what_is_refused(database: Database, flask: Flaskly) -> None:
    freeze_documents(database.session, culture(IT, company=company(), asked=ASKED, voices=VOICES))

    lines = flask("culture", "show", "2026-Q3").output.splitlines()

    assert lines[0] == "Culture, July to September 2026, revision 1. Confidential."
    assert lines[1] == (
        "Of 2 pairs of departments that can be shown, 1 is rated lower than the company by more than chance."
    )
    assert lines[2] == "All of this is about people who raised requests, not about all employees."
    assert lines[3] == "75% of the people who were asked answered at least once (between 71 and 79%)."
    assert lines[-1].startswith("No link between inside and outside over time")
    # head, finding, population, measures, departments; pairs and departments with title, row and note; refused
    assert len(lines) == 1 + 1 + 1 + 7 + 1 + 2 + 3 + 8


def test_the_words_come_in_the_wished_language(database: Database, flask: Flaskly) -> None:
    freeze_documents(database.session, culture(IT))

    words = flask("culture", "show", "2026-Q3", "--language", "de").output

    assert "All dies betrifft Menschen, die Anfragen gestellt haben, nicht die ganze Belegschaft." in words.splitlines()


def test_the_json_is_genuine_and_has_english_beside_its_sentences(database: Database, flask: Flaskly) -> None:
    first = culture(IT, company=company(), asked=ASKED, voices=VOICES)
    second = culture(IT, company=company(), kept=first, revision=2)
    freeze_documents(database.session, first, second)

    last = json.loads(flask("culture", "show", "2026-Q3", "--json").output)
    earlier = json.loads(flask("culture", "show", "2026-Q3", "--json", "--revision", "1").output)

    assert (last["revision"], earlier["revision"]) == (2, 1)
    assert (is_genuine(last), is_genuine(earlier)) == (True, True)
    assert last["refused"][0]["en"].startswith("No ranking of departments")


def test_a_quarter_without_a_document_is_named(database: Database, flask: Flaskly) -> None:
    nothing = flask("culture", "show", "2024-Q2")
    freeze_documents(database.session, culture(IT))
    other = flask("culture", "show", "2024-Q2")

    missing = "Error: There is no culture document for 2024-Q2."
    assert (nothing.exit_code, nothing.output) == (1, f"{missing} Nothing is frozen yet.\n")
    assert (other.exit_code, other.output) == (1, f"{missing} Frozen quarters: 2026-Q3.\n")


def test_the_document_comes_as_pdf_and_tables(database: Database, flask: Flaskly, tmp_path: Path) -> None:
    freeze_documents(database.session, culture(IT, company=company(), asked=ASKED, voices=VOICES))
    files = {kind: tmp_path / f"culture.{kind}" for kind in ("pdf", "html", "csv", "xlsx")}
    options = [word for kind, path in files.items() for word in (f"--{kind}", path)]

    result = flask("culture", "show", "2026-Q3", "--language", "de", *options)

    assert (result.exit_code, result.output) == (0, "")
    assert "Was nicht gesagt wird, und warum" in pdfs.text(files["pdf"].read_bytes())
    page = files["html"].read_text(encoding="utf-8")
    assert '<html lang="de">' in page
    assert "Was nicht gesagt wird, und warum" in page
    assert re.findall(r'(?:src|href)="(?!#)[^"]*"|url\((?!#)', page) == []  # carries everything with it
    rows = list(csv.reader(files["csv"].read_text(encoding="utf-8-sig").splitlines()))
    trust = next(dict(zip(rows[0], row, strict=True)) for row in rows if row[rows[0].index("part")] == "trust_index")
    assert (trust["estimate"], trust["lower"], trust["upper"], trust["n"]) == ("72.5", "67.5", "77.5", "70")
    pair = next(row for row in rows if row[3:6] == ["service_matrix", "cells/IT/HR", "top_two_box"])
    assert pair[6:10] == ["0.47", "0.3", "0.64", "30"]
    assert files["xlsx"].read_bytes().startswith(b"PK")
