"""Rows of an import become requests and cycles, set by set: as `events.record` does it one by one.

`stage` puts typed rows into a temporary table before any transaction on the main file; `apply` then checks them
against what is stored and writes requests, cycles and dirty marks in a number of statements that does not grow.
"""

from app.pipeline.intake.records.applying import Imported, apply, record_rows
from app.pipeline.intake.records.staging import Staged, stage

__all__ = ["Imported", "Staged", "apply", "record_rows", "stage"]
