"""Applies a plan to a table: from the other tool's cells to cells under our own column names."""

from collections.abc import Callable, Iterator
from operator import itemgetter

from app.foundations.languages import gettext
from app.imports.faults import Fault
from app.imports.mapping import Mapping
from app.imports.plan import Origin, Plan
from app.imports.reading import Table
from app.imports.schema import Complaint, Kind, R

Cells = list[str]


class MappedTable:
    """The rows of a table under our names; one row of the file may stand for none, one or several."""

    def __init__(self, kind: Kind[R], table: Table, plan: Plan, mapping: Mapping) -> None:
        self._table = table
        self._plan = plan
        self._pick = _picking(plan)
        self._empty = frozenset(mapping.empty)
        self._prefix = mapping.id_prefix
        self._id = plan.at(kind.id_column) if kind.id_column else None
        into = mapping.unpivot_into if mapping.unpivot else None
        self._into = plan.at(into) if into else None
        self._taking = plan.at(kind.unpivot_into[into]) if into else None

    def rows(self) -> Iterator[tuple[int, Cells] | Fault]:
        """Yield line and cells of every row, or the fault of a row that does not fit the header."""
        width = len(self._table.header)
        only = self._plan.only
        for line, raw in self._table.rows:
            cells = [cell.strip() if type(cell) is str else cell for cell in raw]
            if len(cells) != width and not _fits(cells, width):
                yield self._width_fault(line, len(raw))
            elif only is None or only.meant_by(cells):
                if self._empty:
                    cells = ["" if cell in self._empty else cell for cell in cells]
                for mapped in self._mapped(cells):
                    yield line, mapped

    def _mapped(self, theirs: Cells) -> Iterator[Cells]:
        cells = self._pick(theirs)
        if self._prefix and self._id is not None and cells[self._id]:
            cells[self._id] = self._prefix + cells[self._id]
        if self._into is None or self._taking is None or self._id is None:
            yield cells
            return
        taking = self._plan.origins[self._taking]
        for position, value in self._plan.unpivot:
            if theirs[position]:  # an item nobody answered is no row
                row = cells.copy()
                row[self._into], row[self._taking] = value, _translated(taking, theirs[position])
                row[self._id] = f"{cells[self._id]}#{value}" if cells[self._id] else ""
                yield row

    def _width_fault(self, line: int, found: int) -> Fault:
        sentence = gettext(
            "cells in this row: %(found)s, in the header: %(wanted)s; is a separator or a quotation mark missing?",
            found=found,
            wanted=len(self._table.header),
        )
        return Fault(self._table.name, line, "", sentence)


def settle(plan: Plan, cells: Cells) -> Complaint | None:
    """Turn a status into a completion: done rows get a `completed_at`, others lose it; complain where none is known."""
    undelivered = plan.not_delivered is not None and plan.not_delivered.meant_by(cells)
    resolution, completed, updated = plan.at("resolution"), plan.at("completed_at"), plan.at("updated_at")
    if plan.not_delivered is not None and resolution is not None:
        cells[resolution] = "not_delivered" if undelivered else cells[resolution] or "delivered"
    if plan.done is None or completed is None:
        return None
    if not (undelivered or plan.done.meant_by(cells)):
        cells[completed] = ""
        return None
    if not cells[completed] and updated is not None:
        cells[completed] = cells[updated]
    if cells[completed]:
        return None
    return "completed_at", gettext("the request is done, but neither completed_at nor updated_at says when")


def _picking(plan: Plan) -> Callable[[Cells], Cells]:
    """Return what makes our cells of theirs, the quick way where nothing is translated."""
    positions = [origin.position for origin in plan.origins if origin.position is not None and origin.is_plain]
    if len(positions) == len(plan.origins) > 1:
        picked = itemgetter(*positions)
        return lambda theirs: list(picked(theirs))
    return lambda theirs: [_cell(origin, theirs) for origin in plan.origins]


def _fits(cells: Cells, width: int) -> bool:
    """Spreadsheets leave out or add empty cells at the right end; make them fit."""
    if len(cells) > width and not any(cells[width:]):
        del cells[width:]
    return len(cells) == width


def _cell(origin: Origin, theirs: Cells) -> str:
    if origin.position is None:
        return origin.constant
    return _translated(origin, theirs[origin.position])


def _translated(origin: Origin, text: str) -> str:
    if origin.values:
        text = origin.values.get(text, text)
    return text if origin.factor is None or not text else _scaled(text, origin.factor)


def _scaled(text: str, factor: float) -> str:
    try:
        return f"{float(text.replace(',', '.')) * factor:.12g}"
    except ValueError:
        return text  # the column's own parser will say what is wrong
