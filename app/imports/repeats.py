"""Reduces several rows with one id to one: the last, the first, or what a log of events comes to.

The rows wait in a temporary SQLite file, so that memory does not grow with the table.
"""

import pickle
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing

from app.foundations.languages import gettext
from app.imports.columns import Reading, moment
from app.imports.faults import Fault, Unfit
from app.imports.mapped import Cells
from app.imports.mapping import RepeatedRows
from app.imports.plan import Plan

_TABLE = """
CREATE TABLE waiting (
    id TEXT PRIMARY KEY, first_row INTEGER, line INTEGER, updated REAL, created REAL, created_cell BLOB, cells BLOB
) WITHOUT ROWID
"""
_KEEP_LAST = """
INSERT INTO waiting VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
    line = CASE WHEN excluded.updated >= updated THEN excluded.line ELSE line END,
    cells = CASE WHEN excluded.updated >= updated THEN excluded.cells ELSE cells END,
    created_cell = CASE WHEN excluded.created < created THEN excluded.created_cell ELSE created_cell END,
    created = min(excluded.created, created),
    updated = max(excluded.updated, updated)
"""
_KEEP_FIRST = "INSERT INTO waiting VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"
_Waiting = tuple[str, int, int, float, float, bytes, bytes]


def reduced(
    rows: Iterable[tuple[int, Cells] | Fault],
    plan: Plan,
    *,
    how: RepeatedRows,
    key: tuple[str, ...],
    reading: Reading,
    file: str,
) -> Iterator[tuple[int, Cells] | Fault]:
    """Yield one row per natural key in the order in which the keys first appear, after all faults of single rows.

    In a log of events the last row by `updated_at` (where mapped, ties by file order) gives everything but
    `created_at`, which is the earliest of all rows.
    """
    log = _Log(plan, key=key, reading=reading, file=file, events=how is RepeatedRows.EVENTS)
    statement = _KEEP_FIRST if how is RepeatedRows.FIRST else _KEEP_LAST
    with closing(sqlite3.connect("")) as waiting:
        waiting.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _TABLE)
        waiting.executemany(statement, log.entries(rows))
        yield from log.faults
        found = waiting.execute("SELECT line, created_cell, cells FROM waiting ORDER BY first_row")
        for line, created_cell, pickled in found:
            cells: Cells = pickle.loads(pickled)  # noqa: S301 - our own bytes of a moment ago
            if log.created is not None and created_cell:
                cells[log.created] = pickle.loads(created_cell)  # noqa: S301
            yield line, cells


class _Log:
    def __init__(self, plan: Plan, *, key: tuple[str, ...], reading: Reading, file: str, events: bool) -> None:
        self.faults: list[Fault] = []
        self.created = plan.at("created_at") if events else None
        self._updated = plan.at("updated_at") if events else None
        self._first, *others = [plan.at(name) for name in key]
        self._others = [position for position in others if position is not None]
        self._key_name = key[0]
        self._moment = moment(reading)
        self._file = file

    def entries(self, rows: Iterable[tuple[int, Cells] | Fault]) -> Iterator[_Waiting]:
        for number, row in enumerate(rows):
            if isinstance(row, Fault):
                self.faults.append(row)
                continue
            line, cells = row
            try:
                yield self._entry(number, line, cells)
            except Unfit as unfit:
                column, sentence = unfit.args
                self.faults.append(Fault(self._file, line, column, sentence))

    def _entry(self, number: int, line: int, cells: Cells) -> _Waiting:
        identity = cells[self._first] if self._first is not None else ""
        if not identity:
            raise Unfit(self._key_name, gettext("this must not be empty"))
        if "@" in identity:
            identity = identity.lower()  # an address is the same in any case of letters
        identity = "\x1f".join([identity, *(cells[position] for position in self._others)])
        updated = self._seconds("updated_at", self._updated, cells)
        created = self._seconds("created_at", self.created, cells)
        created_cell = pickle.dumps(cells[self.created]) if self.created is not None else b""
        return identity, number, line, updated, created, created_cell, pickle.dumps(cells)

    def _seconds(self, column: str, position: int | None, cells: Cells) -> float:
        if position is None:
            return 0.0
        if not cells[position]:
            raise Unfit(column, gettext("this must not be empty in a log of events"))
        try:
            found = self._moment(cells[position])
        except Unfit as unfit:
            raise Unfit(column, str(unfit)) from unfit
        return found.timestamp()
