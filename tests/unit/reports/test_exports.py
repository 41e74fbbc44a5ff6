"""Frozen documents as CSV and XLSX: every figure, nothing that a spreadsheet would compute, and hidden is a word."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import python_calamine

from app.foundations.languages import speaking
from app.foundations.neutral import neutral
from app.reports.exports import HEAD, export_rows, write_csv, write_xlsx
from app.reports.published import Document
from tests.builders import scorecards as samples
from tests.builders.issued import CUTS

FROZEN = datetime(2026, 10, 16, tzinfo=UTC)


def rows_of(document: Document) -> list[dict[str, Any]]:
    return [dict(zip(HEAD, row, strict=True)) for row in export_rows(document, samples.CALENDAR)]


def found(document: Document, part: str, name: str, measure: str = "") -> dict[str, Any]:
    (row,) = [
        {key: value for key, value in row.items() if value not in {None, ""}}
        for row in rows_of(document)
        if (row["part"], row["name"], row["measure"]) == (part, name, measure)
    ]
    return row


def cells_of(path: Path) -> list[list[Any]]:
    sheets = python_calamine.CalamineWorkbook.from_path(str(path))
    rows: list[list[Any]] = sheets.get_sheet_by_name("figures").to_python()
    return rows


def test_an_interval_a_difference_and_a_plain_number_are_one_row_each() -> None:
    document = {**samples.a_document(), **CUTS}
    common = {"department": "IT", "period": "2026-Q3", "revision": 1}

    assert found(document, "internal", "csat_overall", "top_two_box") == {
        **common,
        "part": "internal",
        "name": "csat_overall",
        "measure": "top_two_box",
        "method": "wilson",
        "estimate": 0.66,
        "lower": 0.52,
        "upper": 0.78,
        "n": 47,
        "answers": 53,
    }
    gap = found(document, "gap", "csat_overall", "top_two_box")
    assert (gap["estimate"], gap["n"], gap["n_outside"]) == (-0.26, 47, 238)
    assert found(document, "funnel", "not_asked", "quarantine")["estimate"] == 25
    assert found(document, "by_requester_department", "CARE", "top_two_box")["estimate"] == 0.5
    assert found(document, "external", "touchpoints/DELIVERY", "n")["estimate"] == 238
    assert (
        found(document, "internal", "csat_overall/distribution", "1")["estimate"]
        == (document["internal"]["csat_overall"]["distribution"][0])
    )


def test_what_is_hidden_says_so_in_its_place() -> None:
    document = {**samples.a_document(), **CUTS}
    document["suppressed"] = [*CUTS["suppressed"], {"what": "internal.effort", "why": "protects_a_small_group"}]

    places = [(row["part"], row["name"], row["text"]) for row in rows_of(document) if row["estimate"] == "hidden"]

    assert places == [
        ("internal", "effort", "protects_a_small_group"),
        ("by_requester_department", "FIN", "protects_a_small_group"),
        ("by_requester_department", "RES", "protects_a_small_group"),
    ]
    parts = [row["part"] for row in rows_of(document)]
    assert parts == sorted(parts, key=parts.index)  # each block in one piece, its hidden rows with it


def test_a_block_that_is_not_there_is_hidden_at_the_end() -> None:
    document = {
        **samples.a_hidden_document(),
        "suppressed": [{"what": "trend_months", "why": "protects_a_small_group"}],
    }

    assert rows_of(document)[-1]["part"] == "trend_months"
    assert rows_of(document)[-1]["estimate"] == "hidden"


def test_comments_are_no_figures_and_stay_out_of_files_that_outlive_them() -> None:
    document = samples.a_document() | {"comments": [{"id": "a1", "text": "=1+1"}], "comments_seed": 1}

    assert rows_of(document) == rows_of(samples.a_document())


def test_sentences_are_said_in_the_language_of_the_reader() -> None:
    with speaking("de"):
        row = found(samples.a_document(), "sentences", "", "finding")

    assert row["text"].startswith("Im Kollegenkreis ist die Zufriedenheit")


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1"])
def test_no_text_is_a_formula(start: str, tmp_path: Path) -> None:
    document = samples.a_document()
    document["department"] = {"code": start, "name": start}
    document["by_request_type"] = [{"value": start, "top_two_box": samples.figure(0.5, 0.4, 0.6)}]
    file = StringIO(newline="")

    write_csv([document], samples.CALENDAR, file)
    write_xlsx([document], samples.CALENDAR, tmp_path / "figures.xlsx", frozen_at=FROZEN)

    texts = [cell for row in csv.reader(StringIO(file.getvalue(), newline="")) for cell in row if not _is_number(cell)]
    assert [cell for cell in texts if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))] == []
    assert neutral(start) in texts
    raw = [cell for row in cells_of(tmp_path / "figures.xlsx") for cell in row if isinstance(cell, str)]
    assert [cell for cell in raw if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))] == []


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_both_files_hold_the_same_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    document = {**samples.a_document(), **CUTS}
    file = StringIO(newline="")
    paths = [tmp_path / "one.xlsx", tmp_path / "two.xlsx"]

    count = write_csv([document], samples.CALENDAR, file)
    counts = [write_xlsx([document], samples.CALENDAR, path, frozen_at=FROZEN) for path in paths]

    table = [list(row) for row in csv.reader(StringIO(file.getvalue(), newline=""))]
    sheet = cells_of(paths[0])
    assert counts == [count, count]
    assert len(table) == len(sheet) == count + 1
    for line, cells in zip(table, sheet, strict=True):
        assert [_plain(cell) for cell in cells] == [_plain(cell) for cell in line]
    assert paths[0].read_bytes() == paths[1].read_bytes()


def _plain(cell: Any) -> Any:
    try:
        return float(cell)
    except ValueError:
        return cell


def test_a_thousand_documents_are_written_one_after_the_other(tmp_path: Path) -> None:
    taken = []

    def documents() -> Iterator[Document]:
        for number in range(1000):
            taken.append(number)
            yield samples.a_small_document(f"Department {number}")

    class Counting(StringIO):
        def write(self, text: str) -> int:
            return len(text)  # nothing is kept: what is written must not be read again

    rows = write_csv(documents(), samples.CALENDAR, Counting(newline=""))

    assert len(taken) == 1000
    assert rows % 1000 == 0
