"""The audit log as a file to take along: for auditors, who work with what they can file."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO

from sqlalchemy.orm import Session, sessionmaker

from app.foundations.languages import speaking, spoken
from app.foundations.neutral import neutral
from app.models.audit import AuditEntry
from app.models.base import reading
from app.upkeep.audit import log as audit
from app.upkeep.audit.subjects import names_of
from app.upkeep.audit.words import act_in_words

HEAD = (
    "number",
    "at",
    "actor",
    "actor_name",
    "action",
    "act",
    "subject",
    "subject_name",
    "details",
    "previous_digest",
    "digest",
)


def as_csv(
    sessions: sessionmaker[Session], wanted: audit.Wanted, asked: Mapping[str, str], *, newest: int
) -> Iterator[bytes]:
    """Yield the entries that are wanted from a number on, the newest first, as CSV in UTF-8 with its mark.

    Moments are in UTC, details JSON, names those of today in the language of the moment of the call; `asked` are names
    that the reader knows by themselves. However many there are, only a bounded number stands in memory, and nothing is
    locked while somebody takes them slowly.
    """
    return _pieces(sessions, wanted, asked, newest + 1, spoken())


def _pieces(
    sessions: sessionmaker[Session], wanted: audit.Wanted, asked: Mapping[str, str], before: int, language: str
) -> Iterator[bytes]:
    yield _rows([HEAD]).encode("utf-8-sig")
    while True:
        with speaking(language), reading(), sessions() as session:
            found = audit.page_of(session, wanted, before=before, count=audit.READ_AT_ONCE)
            names = {**names_of(session, {name for one in found for name in (one.actor, one.subject)}), **asked}
            piece = _rows(_cells(entry, names) for entry in found).encode()
        if not found:
            return
        before = found[-1].id
        yield piece


def _rows(rows: Iterable[Iterable[object]]) -> str:
    file = StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue()


def _cells(entry: AuditEntry, names: Mapping[str, str]) -> list[object]:
    cells = (
        entry.at.isoformat(timespec="microseconds"),
        entry.actor,
        names.get(entry.actor, entry.actor),
        entry.action,
        act_in_words(entry.action),
        entry.subject,
        names.get(entry.subject, entry.subject),
        json.dumps(entry.details, ensure_ascii=False, sort_keys=True),
        entry.previous_digest,
        entry.digest,
    )
    return [entry.id, *map(neutral, cells)]
