"""The rows of a table on their way in: those that fit, what is wrong with the others, and what became of all.

A command reads its file through this as the worker reads an upload; what each kind's rows become is
app/jobs/imports.py.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Generic, Protocol, TypeVar

from app.domain.auditing import COMMAND_LINE
from app.domain.periods import Period
from app.imports.faults import Fault, RowsRefused
from app.imports.mapping import Mapping
from app.imports.rows import Refusal
from app.imports.schema import R
from app.models.uploads import ImportKind

T = TypeVar("T", bound="Stored")


class Stored(Protocol):
    """What storing rows came to."""

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults of rows that were left out."""
        ...


class Written(Protocol):
    """What became of rows that are told by their natural keys."""

    @property
    def new(self) -> int: ...
    @property
    def changed(self) -> int: ...
    @property
    def unchanged(self) -> int: ...


def counts_of(done: Written) -> dict[str, int]:
    """Return what commands, pages and the API tell of it, in rows."""
    return {"new": done.new, "changed": done.changed, "unchanged": done.unchanged}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be brought in, how its table is to be read, and on whose behalf."""

    kind: ImportKind
    mapping: Mapping = field(default_factory=Mapping)
    slug: str = ""  # of the tracker or source that requests, answers and scores come from
    create_departments: bool = False
    skip_bad_rows: bool = False
    dry_run: bool = False
    replaced: Period | None = None  # of answers: what the source told of this quarter is dropped first
    actor: str = COMMAND_LINE


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What came of it: a sentence or more, the counts, and the faults of rows that were left out."""

    words: str
    counts: dict[str, int]
    faults: tuple[Fault, ...] = ()
    doubts: tuple[Fault, ...] = ()  # what is no fault and yet seldom meant


@dataclass
class Incoming(Generic[R]):
    """The rows of a table. Take `rows` once, then store them with `stored`."""

    file: str
    skip_bad_rows: bool
    found: Iterator[R | Refusal]
    doubted: Callable[[], Iterator[Fault]]
    theirs: dict[str, str] = field(default_factory=dict)  # our columns, and what the table itself calls them
    faults: list[Fault] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)  # what stood in the key column of rows that do not fit

    def rows(self) -> Iterator[R]:
        """Yield the rows that fit; the faults of the others are kept."""
        for row in self.found:
            if isinstance(row, Refusal):
                self.faults.extend(row.faults)
                self.refused.add(row.key)
            else:
                yield row

    def stored(self, store: Callable[[], T]) -> T:
        """Call what stores the rows that fit; all rows or none, unless bad ones may be left out.

        Call it within the transaction. Raises RowsRefused with every fault of the table, those of cells and those that
        only storing finds, so that a table is mended once.
        """
        try:
            done = store()
        except RowsRefused as refused:
            self.faults.extend(refused.faults)
            raise self._refusal() from refused
        self.faults.extend(done.faults)
        if self.faults and not self.skip_bad_rows:
            raise self._refusal()
        return done

    def brought(self, words: str, counts: dict[str, int], doubts: Iterable[Fault] = ()) -> Brought:
        """Return what came of the table, once all rows are stored; `doubts` are those that storing found."""
        named = tuple(map(self._named, (*self.doubted(), *doubts)))
        return Brought(words=words, counts=counts, faults=tuple(self._in_order()), doubts=named)

    def _refusal(self) -> RowsRefused:
        return RowsRefused(*self._in_order())

    def _in_order(self) -> list[Fault]:
        return [self._named(fault) for fault in sorted(self.faults, key=lambda fault: fault.line)]

    def _named(self, fault: Fault) -> Fault:
        """Return a fault at the column as whoever mends the table finds it there."""
        return replace(fault, column=self.theirs.get(fault.column, fault.column))
