"""The way through a table: open it, map it, reduce repeated rows, and yield typed rows or their faults."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Generic
from zoneinfo import ZoneInfo

from app.foundations.languages import gettext
from app.foundations.neutral import neutral
from app.imports.columns import Reading, not_a_time_zone
from app.imports.faults import Fault, OptionRefused
from app.imports.mapped import Cells, MappedTable, settle
from app.imports.mapping import Mapping, RepeatedRows
from app.imports.plan import Plan, planned
from app.imports.reading import Source, Table
from app.imports.repeats import reduced
from app.imports.schema import Kind, R, RowReader


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that does not come in, with everything that is wrong with it, and what its key column holds."""

    faults: tuple[Fault, ...]
    key: str = ""


class TableReader(Generic[R]):
    """Reads the rows of one kind from a table; raises TableRefused where the table as a whole does not fit."""

    def __init__(
        self, kind: Kind[R], table: Table, mapping: Mapping, *, time_zone: ZoneInfo, now: datetime | None = None
    ) -> None:
        self._kind, self._table, self._mapping = kind, table, mapping
        self._reading = reading_of(mapping, time_zone, now)
        self._plan = planned(kind, table, mapping)
        self._seen: dict[object, int] = {}

    @property
    def given(self) -> frozenset[str]:
        """The columns that this table has."""
        return frozenset(self._plan.names)

    @property
    def theirs(self) -> dict[str, str]:
        """What the table itself calls our columns that it is read from."""
        header, origins = self._table.header, zip(self._plan.names, self._plan.origins, strict=False)
        return {ours: header[origin.position] for ours, origin in origins if origin.position is not None}

    def doubts(self) -> Iterator[Fault]:
        """Yield what is no fault and yet seldom meant, once all rows are read."""
        for choice in (self._plan.done, self._plan.not_delivered, self._plan.only):
            if choice is not None and (sentence := choice.never_met()):
                yield sentence

    def rows(self) -> Iterator[R | Refusal]:
        """Yield every row in turn, typed or refused."""
        reader = RowReader(
            self._kind,
            self._plan.names,
            self._reading,
            file=self._table.name,
            not_applicable=self._mapping.not_applicable,
        )
        settles = self._plan.done is not None or self._plan.not_delivered is not None
        key = self._plan.at(self._kind.key_column)
        for found in self._one_per_id():
            if isinstance(found, Fault):
                yield Refusal((found,))
                continue
            line, cells = found
            complaint = settle(self._plan, cells) if settles else None
            row = (self._fault(line, *complaint),) if complaint else reader.row(line, cells)
            if isinstance(row, tuple):
                yield Refusal(row, "" if key is None else cells[key])
            elif repeated := self._repeated(row):
                yield Refusal((repeated,))
            else:
                yield row

    def _one_per_id(self) -> Iterator[tuple[int, Cells] | Fault]:
        mapped = MappedTable(self._kind, self._table, self._plan, self._mapping).rows()
        if self._plan.gather is not None:
            mapped = _gathered(mapped, self._plan)
        if self._mapping.rows is RepeatedRows.REFUSED:
            return mapped
        return reduced(
            mapped,
            self._plan,
            how=self._mapping.rows,
            key=self._kind.natural_key,
            reading=self._reading,
            file=self._table.name,
        )

    def _repeated(self, row: R) -> Fault | None:
        first = self._seen.setdefault(self._kind.key(row), row.line)
        if first == row.line:
            return None
        if self._kind.id_column is None:
            sentence = gettext("the same as in line %(line)s", line=first)
        else:
            sentence = gettext("this id stands in line %(line)s already", line=first)
        return Fault(self._table.name, row.line, self._kind.key_column, sentence, "--rows")

    def _fault(self, line: int, column: str, sentence: str) -> Fault:
        return Fault(self._table.name, line, column, sentence)


def reading_of(mapping: Mapping, time_zone: ZoneInfo, now: datetime | None = None) -> Reading:
    """Return how times are read: the mapping's own time zone, else the company's. Raises OptionRefused."""
    if mapping.date_format is not None:
        _check_date_format(mapping.date_format)
    if mapping.time_zone is None:
        return Reading(time_zone, mapping.date_format, now)
    try:
        return Reading(ZoneInfo(mapping.time_zone), mapping.date_format, now)
    except (KeyError, ValueError, OSError) as error:
        raise OptionRefused(not_a_time_zone(mapping.time_zone), option="--time-zone") from error


def _check_date_format(notation: str) -> None:
    """Refuse what reads no date at all: better here than as a fault of every row."""
    try:
        written = datetime(2026, 12, 31, 23, 58, 59, tzinfo=UTC).strftime(notation)
        understood = datetime.strptime(written, notation).year == 2026
    except ValueError:
        understood = False
    if not understood:
        sentence = gettext(
            "'%(text)s' names no date with a year; write it like %(example)s, with the letters of strptime",
            text=notation,
            example="%d.%m.%Y %H:%M",
        )
        raise OptionRefused(sentence, option="--date-format")


def _gathered(rows: Iterable[tuple[int, Cells] | Fault], plan: Plan) -> Iterator[tuple[int, Cells] | Fault]:
    """Join rows that hold one point's count each (`--gather-counts`) to one row with all counts."""
    position, points = plan.gather or (0, {})
    counts = plan.at("counts")
    groups: dict[tuple[str, ...], tuple[int, Cells, list[str]]] = {}
    for row in rows:
        if isinstance(row, Fault) or counts is None:
            yield row
            continue
        line, cells = row
        point = points.get(cells[position])
        if point is None or not cells[counts]:
            continue
        key = tuple(cell for place, cell in enumerate(cells) if place not in {counts, position})
        groups.setdefault(key, (line, cells, []))[2].append(f"{point}={cells[counts]}")
    for line, cells, found in groups.values():
        cells[counts or 0] = ";".join(found)
        yield line, cells


def write_rejected(origin: Source, faults: Iterable[Fault], target: Path) -> int:
    """Copy the rows that have faults to `target`, as they were, with the faults as last column; return their number.

    As they were also where a spreadsheet would take a cell for a formula: they are mended and read again. The faults,
    which quote names and cells, are never read.
    """
    sentences: dict[int, list[str]] = {}
    for fault in faults:
        sentences.setdefault(fault.line, []).append(
            f"{fault.column}: {fault.sentence}" if fault.column else fault.sentence
        )
    written = 0
    # Marked where the original was, or was named by --encoding: the same command then reads the copy as well.
    encoding = "utf-8-sig" if origin.is_marked() else "utf-8"
    delimiter = origin.delimiter()
    with origin.open() as table, target.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerow((*table.header, "fault"))
        for line, cells in table.rows:
            if line in sentences:
                missing = [""] * (len(table.header) - len(cells))
                writer.writerow((*cells, *missing, neutral("; ".join(sentences[line]))))
                written += 1
    return written
