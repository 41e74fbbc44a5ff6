import gzip
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

from app.imports.faults import TableRefused
from app.imports.reading import TypedNumber, TypedTime, source

TEXT = 'code;name\nA;Łódź\nB;"two\nlines"\nC;Köln\n'


def rows_of(content: bytes, encoding: str | None = None) -> tuple[tuple[str, ...], list[tuple[int, list[str]]]]:
    with source(BytesIO(content), name="a.csv", encoding=encoding) as origin, origin.open() as table:
        return table.header, list(table.rows)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), None),
        (TEXT.encode("utf-8-sig"), None),
        (TEXT.encode("utf-16"), None),
        (TEXT.encode("utf-16-le"), None),
        (TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("cp1250"), "cp1250"),
        (gzip.compress(TEXT.encode(), mtime=0), None),
        (TEXT.replace(";", ",").encode(), None),
        (TEXT.replace(";", "\t").encode("utf-16"), None),
        (TEXT.replace("\n", "\r\n").replace("two\r", "two").encode(), None),
    ],
    ids=["utf-8", "BOM", "utf-16", "little", "big", "cp1250", "gzip", "commas", "utf-16 with tabs", "Windows"],
)
def test_it_reads_the_same_table_however_it_is_written(content: bytes, encoding: str | None) -> None:
    header, rows = rows_of(content, encoding)

    assert header == ("code", "name")
    assert rows == [(2, ["A", "Łódź"]), (3, ["B", "two\nlines"]), (5, ["C", "Köln"])]


def test_it_passes_lines_in_which_nothing_stands() -> None:
    header, rows = rows_of(b"\n\ncode,name\n  \nA,x\n , \n\n")

    assert header == ("code", "name")
    assert rows == [(5, ["A", "x"])]


def test_it_obeys_the_separator_that_a_spreadsheet_wrote_above_the_header() -> None:
    header, rows = rows_of(b"sep=|\r\ncode|name\r\nA|one, two; three\r\n")

    assert header == ("code", "name")
    assert rows == [(3, ["A", "one, two; three"])]


def test_it_names_the_line_and_the_option_when_the_bytes_are_not_utf_8() -> None:
    cyrillic = "code,name\nA,Sales\nB,Склад\n".encode("cp1251")

    with pytest.raises(TableRefused) as refused:
        rows_of(cyrillic)

    assert str(refused.value) == ("a.csv:3: this line is not written in UTF-8")
    assert rows_of(cyrillic, "cp1251")[1][1] == (3, ["B", "Склад"])


def test_it_says_that_a_file_is_not_in_the_encoding_named() -> None:
    with pytest.raises(TableRefused) as refused:
        rows_of(b"code,name\nA,x\n", "utf-16")

    assert str(refused.value) == ("a.csv:1: this line is not written in UTF-16")


def test_it_names_an_encoding_that_does_not_exist() -> None:
    with pytest.raises(TableRefused, match="there is no encoding 'klingon'"):
        rows_of(b"a\n", "klingon")


def test_it_reads_a_workbook_with_typed_times_and_whole_numbers(tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "at", "open", "score"])
        from datetime import datetime

        sheet.write(2, 0, 17)
        sheet.write_datetime(2, 1, datetime.fromisoformat("2026-07-01T09:30"))
        sheet.write_boolean(2, 2, True)
        sheet.write(2, 3, 4.5)

    with source(path) as origin, origin.open() as table:
        rows = list(table.rows)

    assert table.header == ("id", "at", "open", "score")
    assert rows == [(3, ["17", "2026-07-01T09:30:00", "true", "4.5"])]
    assert isinstance(rows[0][1][1], TypedTime)
    assert isinstance(rows[0][1][0], TypedNumber)


def test_it_can_be_read_twice_from_standard_input() -> None:
    with source(BytesIO(TEXT.encode())) as origin:
        with origin.open() as table:
            first = list(table.rows)
        with origin.open() as table:
            second = list(table.rows)

    assert origin.name == "-"
    assert first == second


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "a.csv: the file is empty; its first line names the columns"),
        (gzip.compress(b"code,name\n" * 9000, mtime=0)[:-20], "the gzip file is damaged or cut off"),
        (gzip.compress(TEXT.encode(), mtime=0)[:20] + b"\xff" * 20, "a.csv: the gzip file is damaged or cut off"),
        (b"PK\x03\x04 no workbook", "a.csv: the workbook cannot be opened; is it an XLSX file?"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 no workbook", "a.csv: the workbook cannot be opened; is it an XLSX file?"),
        (
            b'code,name\nA,"open' + b"\nB,x" * 40000,
            "a.csv:2: the text cannot be split into columns here; is a quotation mark left open?",
        ),
    ],
)
def test_it_says_what_is_wrong_with_a_file_that_is_no_table(content: bytes, sentence: str) -> None:
    with pytest.raises(TableRefused) as refused:
        rows_of(content)

    assert sentence in str(refused.value)
