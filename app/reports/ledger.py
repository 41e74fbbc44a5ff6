"""The disclosure ledger for people who answer for it: what each frozen document of a quarter told, and what it hid."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.disclosure import Name
from app.domain.states import DocumentKind
from app.models.departments import Department
from app.models.releases import Disclosure
from app.models.rollups import COMPANY_ID

_DOCUMENT = ("kind", "department_id", "revision")
_FIGURE = ("block", "figure", "part", "is_hidden", "people", "printed")


@dataclass(frozen=True)
class Line:
    """One figure of one document. `people` where requesters were counted, `printed` as the document says it."""

    name: Name
    is_hidden: bool
    people: int | None
    printed: Any


@dataclass(frozen=True)
class Entry:
    """One frozen document: a department's scorecard, or HR's document, which has no department (`code` is empty)."""

    kind: DocumentKind
    code: str
    revision: int
    lines: Sequence[Line]

    @property
    def told(self) -> int:
        """How many figures it told."""
        return sum(not line.is_hidden for line in self.lines)

    @property
    def hidden(self) -> int:
        """How many figures it hid."""
        return sum(line.is_hidden for line in self.lines)

    @property
    def fewest_people(self) -> int | None:
        """The smallest group behind a rating that it told, None where it told none."""
        return min((line.people for line in self.lines if line.people is not None), default=None)


def read_ledger(
    session: Session, period: str, unwritten: Iterable[Mapping[str, Any]] = (), *, code: str | None = None
) -> list[Entry]:
    """Return the documents of a quarter in the order of their departments, HR's last; of one department if named.

    `unwritten` are rows that the ledger does not have yet, of documents that were frozen before there was one.
    """
    codes = dict(session.execute(select(Department.id, Department.code)).tuples().all()) | {COMPANY_ID: ""}
    columns = [getattr(Disclosure, name) for name in (*_DOCUMENT, *_FIGURE)]
    written = session.execute(select(*columns).where(Disclosure.period == period)).mappings()
    found: dict[tuple[DocumentKind, str, int], list[Line]] = {}
    for row in (*written, *unwritten):
        kind, id_, revision = (row[name] for name in _DOCUMENT)
        block, figure, part, *rest = (row[name] for name in _FIGURE)
        if code is None or codes[id_] == code:
            found.setdefault((kind, codes[id_], revision), []).append(Line(Name(block, figure, part), *rest))
    entries = (Entry(*key, sorted(lines, key=lambda line: line.name)) for key, lines in found.items())
    return sorted(entries, key=lambda entry: (entry.kind is DocumentKind.CULTURE, entry.code, entry.revision))


def as_json(entries: Sequence[Entry]) -> Iterator[dict[str, Any]]:
    """Yield a row per figure, as `flask privacy ledger --json` prints it."""
    for entry in entries:
        for line in entry.lines:
            yield {
                "document": entry.kind.value,
                "department": entry.code or None,
                "revision": entry.revision,
                "figure": str(line.name),
                "hidden": line.is_hidden,
                "people": line.people,
                "printed": line.printed,
            }
