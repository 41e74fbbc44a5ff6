"""Frozen documents as tables for other programs: CSV and XLSX, figures as they were frozen. Nothing else is read."""

from app.reports.exports.files import write_csv, write_xlsx
from app.reports.exports.neutral import neutral
from app.reports.exports.rows import HEAD, HIDDEN, export_rows

__all__ = ["HEAD", "HIDDEN", "export_rows", "neutral", "write_csv", "write_xlsx"]
