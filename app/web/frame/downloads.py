"""Frozen documents as files to take along: tables of every figure, and the headers that name a file."""

from typing import Any

from flask import Response

from app.domain.scorecards.naming import file_name
from app.reports.exports import csv_bytes, xlsx_bytes
from app.reports.published import Document
from app.web.frame.installation import calendar

_TYPES = {
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def attachment(document: Document, ending: str, content: bytes) -> Response:
    """Return a file of a document, named for it."""
    response = Response(content, content_type=_TYPES[ending])
    response.headers.set("Content-Disposition", "attachment", filename=file_name(document, ending))
    return response


def table(document: dict[str, Any], ending: str) -> Response:
    """Return every figure of a document as a row, in the language of the moment; `ending` is csv or xlsx."""
    write = {"csv": csv_bytes, "xlsx": xlsx_bytes}[ending]
    return attachment(document, ending, write(document, calendar()))
