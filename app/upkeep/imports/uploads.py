"""Tables that come by browser: kept for a day, checked before they are imported, imported once."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.domain.periods import Period
from app.foundations.languages import Said
from app.imports import mapping
from app.imports.faults import Fault, grouped
from app.models.uploads import ImportKind, Upload, UploadState
from app.upkeep.imports.importing import Brought, Order

KEPT_FOR = timedelta(days=1)
LARGEST = 50_000_000  # bytes of a file
FAULTS_SHOWN = 200  # the others stand in the file of rejected rows
LINES_NAMED = 10  # of those that have the same fault


class AlreadyImported(Exception):
    """The table was imported meanwhile, or dropped: nothing of it may be written once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """How somebody wants a table to be read and stored."""

    kind: ImportKind
    mapping: mapping.Mapping
    slug: str = ""
    create_departments: bool = False
    skip_bad_rows: bool = False
    replaced: str = ""  # a quarter of earlier answers
    language: str = "en"  # in which its faults are told

    def as_json(self) -> dict[str, Any]:
        """Return what is stored beside kind and slug."""
        return {
            "mapping": json.loads(self.mapping.to_json()),
            "create_departments": self.create_departments,
            "skip_bad_rows": self.skip_bad_rows,
            "replaced": self.replaced,
            "language": self.language,
        }


def keep(session: Session, name: str, content: bytes, choices: Choices, *, by: str, now: datetime) -> Upload:
    """Keep a file until it is imported; return its row."""
    row = Upload(
        name=name,
        kind=choices.kind,
        slug=choices.slug,
        options=choices.as_json(),
        state=UploadState.WAITING,
        size=len(content),
        content=content,
        uploaded_by=by,
        uploaded_at=now,
        expires_at=now + KEPT_FOR,
    )
    session.add(row)
    session.flush()
    return row


def find(session: Session, number: int, *, now: datetime) -> Upload | None:
    """Return a file by its number, without its content; None once its day is over."""
    return session.scalar(select(Upload).where(Upload.id == number, Upload.expires_at > now))


def uploads(session: Session, *, now: datetime) -> Sequence[Upload]:
    """Return what was sent within a day, newest first, without contents."""
    return session.scalars(select(Upload).where(Upload.expires_at > now).order_by(Upload.id.desc())).all()


def order_of(upload: Upload, *, dry_run: bool, actor: str) -> Order:
    """Return what an import of this file is asked to do."""
    options = upload.options
    return Order(
        kind=upload.kind,
        mapping=mapping.Mapping.from_json(json.dumps(options["mapping"])),
        slug=upload.slug,
        create_departments=options["create_departments"],
        skip_bad_rows=options["skip_bad_rows"],
        replaced=Period.parse(options["replaced"]) if options["replaced"] else None,
        dry_run=dry_run,
        actor=actor,
    )


def hold(session: Session, number: int) -> None:
    """Let nobody else import this file until the transaction ends. Raises AlreadyImported."""
    open_still = select(Upload.id).where(Upload.id == number, Upload.state != UploadState.IMPORTED).with_for_update()
    if session.scalar(open_still) is None:
        raise AlreadyImported(number)


def leave_out_faulty(session: Session, number: int) -> None:
    """Let the next check and import leave out the rows that have faults."""
    upload = session.get_one(Upload, number, with_for_update=True)
    upload.options = upload.options | {"skip_bad_rows": True}


def read_as_suggested(session: Session, number: int) -> None:
    """Let the next check and import read the columns that are not known as those of ours that they seem to be."""
    upload = session.get_one(Upload, number, with_for_update=True)
    near = tuple((ours, theirs) for ours, theirs in (upload.outcome or {}).get("near", ()))
    told = mapping.Mapping(columns=near).over(mapping.Mapping.from_json(json.dumps(upload.options["mapping"])))
    upload.options = upload.options | {"mapping": json.loads(told.to_json())}


def settle(session: Session, number: int, state: UploadState, outcome: dict[str, Any], rejected: bytes | None) -> None:
    """Keep what a check or an import found; the content goes once it is imported. Raises AlreadyImported."""
    values: dict[str, Any] = {"state": state, "outcome": outcome, "rejected": rejected}
    if state is UploadState.IMPORTED:
        values["content"] = None
    open_still = update(Upload).where(Upload.id == number, Upload.state != UploadState.IMPORTED)
    settled = session.execute(open_still.values(values).returning(Upload.id)).first()
    if settled is None:
        raise AlreadyImported(number)


def drop(session: Session, number: int) -> bool:
    """Throw a file away; False where it is gone already."""
    return session.execute(delete(Upload).where(Upload.id == number).returning(Upload.id)).first() is not None


def outcome_of(brought: Brought, remembered: Mapping[str, Said]) -> dict[str, Any]:
    """Return what a check or an import found, as JSON."""
    return {
        "words": [remembered.get(line, line) for line in brought.words.splitlines()],
        "counts": brought.counts,
        "doubts": [_as_json(doubt, [], remembered) for doubt in brought.doubts],
        **faults_as_json(brought.faults, remembered),
    }


def faults_as_json(faults: Iterable[Fault], remembered: Mapping[str, Said]) -> dict[str, Any]:
    """Return faults as a page shows them: equal ones as one, the first of them, and how many rows have any.

    `remembered` are the sentences that were said meanwhile: the page may speak another language than the sender did.
    """
    faults = list(faults)
    groups = grouped(faults)
    return {
        "faults": [_as_json(fault, lines, remembered) for fault, lines in groups[:FAULTS_SHOWN]],
        "more": len(groups) - len(groups[:FAULTS_SHOWN]),
        "faulty_rows": len({fault.line for fault in faults}),
        "near": [(fault.near, fault.column) for fault in faults if fault.near],
    }


def _as_json(fault: Fault, lines: list[int], remembered: Mapping[str, Said]) -> dict[str, Any]:
    return {
        "line": fault.line,
        "column": fault.column,
        "sentence": remembered.get(fault.sentence, fault.sentence),
        "mend": fault.mend,
        "rows": len(lines),
        "lines": lines[:LINES_NAMED],
    }
