"""Frozen documents as tables for other programs: CSV and XLSX, figures as they were frozen. Nothing else is read."""

from app.reports.exports.files import csv_bytes, write_csv, write_xlsx, xlsx_bytes
from app.reports.exports.rows import HEAD, HIDDEN, export_rows

__all__ = ["HEAD", "HIDDEN", "csv_bytes", "export_rows", "write_csv", "write_xlsx", "xlsx_bytes"]
