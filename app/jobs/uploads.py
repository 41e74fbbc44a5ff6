"""Checks and imports a table that came by browser: the import itself is the one of `flask import`."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.foundations.languages import Said, remembering, speaking
from app.imports.faults import Fault, OptionRefused, RowsRefused, TableRefused
from app.imports.reading import Source, source
from app.imports.rows import write_rejected
from app.jobs.imports import bring_in
from app.jobs.installation import Installation
from app.models.uploads import UploadState
from app.upkeep.imports import uploads
from app.upkeep.imports.importing import Brought, Order

PROGRESS_STEP = 1000  # rows between two reports

Report = Callable[[int], None]  # how many rows are read


def read_upload(
    installation: Installation,
    number: int,
    *,
    dry_run: bool,
    actor: str,
    now: datetime,
    report: Report = lambda _rows: None,
) -> dict[str, int]:
    """Check a kept table, or import it; keep what was found beside it and return its counts.

    What is gone or imported already is left alone: asked twice, or by two workers, it is imported once. Killed in
    between, nothing of it is written and it may be asked for again.
    """
    with installation.sessions() as session:
        upload = uploads.find(session, number, now=now)
        if upload is None or upload.content is None:
            return {}
        kept = _Kept(number, upload.name, upload.content, uploads.order_of(upload, dry_run=dry_run, actor=actor))
        language = upload.options["language"]
    try:
        with speaking(language), remembering() as remembered:
            return _read(installation, replace(kept, remembered=remembered), now, report)
    except uploads.AlreadyImported:
        return {}


@dataclass(frozen=True)
class _Kept:
    """A table as it was sent, and what is asked of it."""

    number: int
    name: str
    content: bytes
    order: Order
    remembered: Mapping[str, Said] = field(default_factory=dict)  # what is said meanwhile


def _read(installation: Installation, kept: _Kept, now: datetime, report: Report) -> dict[str, int]:
    try:
        with source(BytesIO(kept.content), name=kept.name, encoding=kept.order.mapping.encoding) as origin:
            return _bring_in(installation, origin, kept, now, report)
    except TableRefused as refused:
        return _refused(installation, kept, refused.faults, None)
    except OptionRefused as refused:
        return _refused(installation, kept, [Fault(kept.name, 0, refused.option, refused.sentence, refused.mend)], None)


def _bring_in(installation: Installation, origin: Source, kept: _Kept, now: datetime, report: Report) -> dict[str, int]:
    def settle(session: Session, state: UploadState, brought: Brought) -> None:
        outcome = uploads.outcome_of(brought, kept.remembered)
        uploads.settle(session, kept.number, state, outcome, _rejected(origin, brought.faults))

    try:
        brought = bring_in(
            installation,
            origin,
            kept.order,
            now=now,
            watched=lambda rows: _counted(rows, report),
            begin=lambda session: uploads.hold(session, kept.number),
            finish=lambda session, brought: settle(session, UploadState.IMPORTED, brought),
        )
    except TableRefused:
        raise
    except RowsRefused as refused:
        return _refused(installation, kept, refused.faults, _rejected(origin, refused.faults))
    if kept.order.dry_run:
        with installation.sessions.begin() as session:
            settle(session, UploadState.CHECKED, brought)
    return brought.counts


def _refused(
    installation: Installation, kept: _Kept, faults: Iterable[Fault], rejected: bytes | None
) -> dict[str, int]:
    found = uploads.faults_as_json(faults, kept.remembered)
    outcome = {"words": [], "counts": {}, "doubts": [], **found}
    with installation.sessions.begin() as session:
        uploads.settle(session, kept.number, UploadState.FAULTY, outcome, rejected)
    return {"faulty_rows": found["faulty_rows"]}


def _rejected(origin: Source, faults: Iterable[Fault]) -> bytes | None:
    """Return the rows that have faults, with these as last column; None where no row has one."""
    faults = list(faults)
    if not faults:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rejected.csv"
        return path.read_bytes() if write_rejected(origin, faults, path) else None


def _counted(rows: Iterator[Any], report: Report) -> Iterator[Any]:
    for number, row in enumerate(rows):
        if number % PROGRESS_STEP == 0:
            report(number)
        yield row
