"""Writes exported rows as CSV and as XLSX, row by row: memory does not grow with the number of documents."""

import csv
from collections.abc import Iterable
from datetime import datetime
from io import BytesIO, StringIO, TextIOBase
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from app.domain.periods import Calendar
from app.foundations.neutral import neutral
from app.reports.exports.rows import HEAD, Value, export_rows
from app.reports.published import Document

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_WIDTHS = {"part": 24, "name": 30, "measure": 22, "method": 16, "text": 60}  # characters; others by default


def write_csv(documents: Iterable[Document], calendar: Calendar, file: IO[str] | TextIOBase) -> int:
    """Write the documents under one head, and return the number of rows below it."""
    writer = csv.writer(file)
    writer.writerow(HEAD)
    count = 0
    for document in documents:
        rows = export_rows(document, calendar)
        writer.writerows([[neutral(cell) if cell.__class__ is str and cell else cell for cell in row] for row in rows])
        count += len(rows)
    return count


def csv_bytes(document: Document, calendar: Calendar) -> bytes:
    """Return one document as a CSV file; the mark at its beginning tells spreadsheets that it is UTF-8."""
    file = StringIO(newline="")
    write_csv([document], calendar, file)
    return file.getvalue().encode("utf-8-sig")


def xlsx_bytes(document: Document, calendar: Calendar) -> bytes:
    """Return one document as a workbook."""
    file = BytesIO()
    write_xlsx([document], calendar, file, frozen_at=datetime.fromisoformat(document["frozen_at"]))
    return file.getvalue()


def write_xlsx(documents: Iterable[Document], calendar: Calendar, path: Path | BytesIO, *, frozen_at: datetime) -> int:
    """Write the documents to one sheet, dated with their freeze, and return the number of rows below its head.

    Raises OverflowError for what a sheet cannot hold, and OSError.
    """
    import xlsxwriter  # noqa: PLC0415  only where a workbook is written
    from xlsxwriter.exceptions import FileCreateError  # noqa: PLC0415

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    try:
        with xlsxwriter.Workbook(path, options) as book:
            book.set_properties({"created": frozen_at.replace(tzinfo=None)})
            sheet = book.add_worksheet("figures")
            for column, name in enumerate(HEAD):
                sheet.set_column(column, column, _WIDTHS.get(name, 11))
            _write_row(sheet, 0, HEAD, book.add_format({"bold": True, "bottom": 1}))
            sheet.freeze_panes(1, 0)
            count = 0
            for document in documents:
                for row in export_rows(document, calendar):
                    count += 1
                    _write_row(sheet, count, row)
            sheet.autofilter(0, 0, count, len(HEAD) - 1)
    except FileCreateError as error:
        raise error.args[0] from error  # the OSError, which callers know from every other file
    return count


def _write_row(sheet: "Worksheet", number: int, row: tuple[Value, ...], style: "Format | None" = None) -> None:
    for column, value in enumerate(row):
        if isinstance(value, str):
            if value:
                _written(sheet.write_string(number, column, neutral(value), style))
        elif value is not None:
            _written(sheet.write_number(number, column, value, style))


def _written(result: Any) -> None:
    """Refuse what a sheet cannot hold: a row beyond its last, a text beyond its longest."""
    if result != 0:
        raise OverflowError(f"a sheet cannot hold this row or text (XlsxWriter says {result})")
