"""Chart 10: who serves whom, and where it hurts. Size is the volume, a red frame evidence.

Colour and number are the share observed, rounded alike.
Hidden cells are hatched in the smallest size whatever their volume: a larger one would give it away (charts.md §2).
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from app.reports.charts.marks import SLANT, shortened, slanted
from app.reports.charts.matrix_keys import Key, draw_keys, keys_height
from app.reports.charts.palettes import Palette
from app.reports.charts.sheets import CAPTION, MARGIN, NARROW, Head, Sheet, draw_head, head_height, text_width

CUTS = (0.6, 0.7, 0.8, 0.9)  # lower ends of the classes above the lowest
SIDES = (0.36, 0.52, 0.7, 0.88)  # of a column, by volume band
NAME_ROOM = (132, 200)  # of requesters, narrow and wide
HEAD_ROOM = (118, 150)  # of providers, along the slant
COLUMNS = (34, 52)  # pixels at most
LEAST_ROW = 26
NARROW_MATRIX = (6, 8)  # columns and rows; the rest stands in the table
MOST = (NARROW_MATRIX, (12, 24))  # narrow and wide
LEAN = 1.6  # columns that the last heads lean beyond theirs
NUMBER_FROM = 24  # pixels of a square that carries its number


@dataclass(frozen=True)
class MatrixCell:
    """One shown pair: share 0..1 for its colour, None for 5 to 9 people; volume band 1 to 4; `is_low` is evidence."""

    share: float | None
    shown: str  # the observed share, as the tables print it
    band: int
    is_low: bool = False


@dataclass(frozen=True)
class MatrixWords:
    """Words of the chart, translated; classes are those of the colours, lowest first."""

    serves: str
    asks: str
    classes: tuple[str, str, str, str, str]
    low: str
    few: str  # 5 to 9 people
    volume: str
    hidden: str


@dataclass(frozen=True)
class MatrixChart:
    """What to draw, in the order of the caller: columns serve, rows ask; a pair that is absent has no requests."""

    providers: tuple[str, ...]
    requesters: tuple[str, ...]
    cells: Mapping[tuple[int, int], MatrixCell]  # by column and row
    hidden: frozenset[tuple[int, int]]
    words: MatrixWords
    head: Head | None = None


@dataclass(frozen=True)
class _Grid:
    left: float
    top: float
    column: float
    row: float

    def middle(self, place: tuple[int, int]) -> tuple[float, float]:
        column, row = place
        return self.left + (column + 0.5) * self.column, self.top + (row + 0.5) * self.row


def draw_matrix(chart: MatrixChart, palette: Palette, width: int) -> Sheet | None:
    """Return the drawn sheet, or None where fewer than two pairs are shown."""
    wide = width > NARROW
    chart = _first(chart, *MOST[wide])
    if len(chart.cells) < 2:
        return None
    above, below = head_height(chart.head, width)
    names = [shortened(name, NAME_ROOM[wide], CAPTION) for name in chart.requesters]
    left = MARGIN + max(text_width(name, CAPTION) for name in names) + 10
    column = min(COLUMNS[wide], (width - MARGIN - left) / (len(chart.providers) + LEAN))
    heads = _heads(chart, left, column, width)
    high = max(text_width(head, CAPTION) for head in heads) * math.sin(math.radians(SLANT)) + 14
    grid = _Grid(left, above + 22 + high, column, max(column, LEAST_ROW))
    keys = _keys(chart, palette, grid)
    bottom = grid.top + len(names) * grid.row
    sheet = Sheet(width, bottom + 14 + keys_height(keys, width) + below, palette)
    draw_head(sheet, chart.head)
    _names(sheet, chart, grid, (heads, names), above)
    for place, cell in sorted(chart.cells.items()):
        _cell(sheet, cell, grid, place)
    for place in sorted(chart.hidden):
        _square(sheet, grid.middle(place), SIDES[0] * grid.column, palette.sunken, palette.hatch)
    draw_keys(sheet, keys, bottom + 14)
    return sheet


def _first(chart: MatrixChart, columns: int, rows: int) -> MatrixChart:
    """Return what finds room: the first columns and rows."""
    return replace(
        chart,
        providers=chart.providers[:columns],
        requesters=chart.requesters[:rows],
        cells={place: cell for place, cell in chart.cells.items() if place[0] < columns and place[1] < rows},
        hidden=frozenset(place for place in chart.hidden if place[0] < columns and place[1] < rows),
    )


def _heads(chart: MatrixChart, left: float, column: float, width: int) -> list[str]:
    """Return the names of the columns, those at the right cut where they would lean out of the picture."""
    longest = HEAD_ROOM[width > NARROW]
    across = math.cos(math.radians(SLANT))
    rooms = [(width - 6 - left - (place + 0.5) * column - CAPTION) / across for place in range(len(chart.providers))]
    return [shortened(name, min(longest, room), CAPTION) for name, room in zip(chart.providers, rooms, strict=True)]


def _names(sheet: Sheet, chart: MatrixChart, grid: _Grid, names: tuple[list[str], list[str]], above: float) -> None:
    palette = sheet.palette
    heads, requesters = names
    sheet.text(grid.left, above + 12, f"{chart.words.serves} →", palette.ink_3)
    sheet.text(MARGIN, grid.top - 8, f"{chart.words.asks} ↓", palette.ink_3)
    for column, head in enumerate(heads):
        x, _ = grid.middle((column, 0))
        slanted(sheet, x + 1, grid.top - 8, head, palette.ink)
    right = grid.left + len(heads) * grid.column
    for row, name in enumerate(requesters):
        top = grid.top + row * grid.row
        sheet.line([MARGIN, right], [top, top], palette.grid, 1, solid_capstyle="butt")
        sheet.text(grid.left - 10, top + grid.row / 2 + CAPTION * 0.36, name, palette.ink, align="right")
    bottom = grid.top + len(requesters) * grid.row
    sheet.line([MARGIN, right], [bottom, bottom], palette.grid, 1, solid_capstyle="butt")


def _cell(sheet: Sheet, cell: MatrixCell, grid: _Grid, place: tuple[int, int]) -> None:
    palette, side = sheet.palette, SIDES[cell.band - 1] * grid.column
    x, y = grid.middle(place)
    if cell.share is None:
        _square(sheet, (x, y), side, palette.line_strong)
        _square(sheet, (x, y), side - 2.4, palette.surface)
        return
    fill, ink = class_colours(palette)[share_class(cell.share)]
    if cell.is_low:
        _square(sheet, (x, y), side + 2, palette.worse)
        side -= 3
    elif cell.share < CUTS[0]:  # the palest class needs an edge
        _square(sheet, (x, y), side, palette.line_strong)
        side -= 2
    _square(sheet, (x, y), side, fill)
    if side > NUMBER_FROM:
        sheet.text(x, y + CAPTION * 0.36, cell.shown, ink, bold=cell.is_low, align="center")


def share_class(share: float) -> int:
    """Return which of the five classes of colour a share 0..1 belongs to, 0 for the lowest."""
    return sum(share >= cut for cut in CUTS)


def class_colours(palette: Palette) -> tuple[tuple[str, str], ...]:
    """Return fill and ink of each class, lowest first: low is pale, high is dark, as everywhere."""
    return (
        (palette.seq_1, palette.on_seq_low),
        (palette.seq_2, palette.on_seq_low),
        (palette.seq_3, palette.on_seq_low),
        (palette.seq_4, palette.on_seq_mid),
        (palette.seq_6, palette.on_seq_high),
    )


def _square(sheet: Sheet, middle: tuple[float, float], side: float, fill: str, hatch: str | None = None) -> None:
    x, y = middle
    if hatch:
        sheet.rectangle(x - side / 2 - 1, y - side / 2 - 1, side + 2, side + 2, sheet.palette.line_strong)
    sheet.rectangle(x - side / 2, y - side / 2, side, side, fill, hatch=hatch)


def _keys(chart: MatrixChart, palette: Palette, grid: _Grid) -> list[Key]:
    """Return what colours, sizes and frames mean, as far as they occur."""
    words = chart.words
    painted = [
        Key(name, _painter(palette, fill, edge=palette.line_strong if place == 0 else None))
        for place, ((fill, _), name) in enumerate(zip(class_colours(palette), words.classes, strict=True))
    ]
    shown = chart.cells.values()
    if any(cell.is_low for cell in shown):
        painted.append(Key(words.low, _painter(palette, palette.surface, edge=palette.worse, rim=2), palette.worse))
    if any(cell.share is None for cell in shown):
        painted.append(Key(words.few, _painter(palette, palette.surface, edge=palette.line_strong)))
    if chart.hidden:
        painted.append(Key(words.hidden, _painter(palette, palette.sunken, edge=palette.line_strong, hatched=True)))
    sides = [side * grid.column for side in SIDES]
    painted.append(Key(words.volume, _sizes(palette, sides), wide=sum(sides) + 6 * len(sides), high=sides[-1]))
    return painted


def _painter(
    palette: Palette, fill: str, *, edge: str | None = None, rim: float = 1, hatched: bool = False
) -> Callable[[Sheet, float, float], None]:
    def paint(sheet: Sheet, left: float, middle: float) -> None:
        inner = 0.0
        if edge:
            sheet.rectangle(left, middle - 7, 14, 14, edge)
            inner = rim
        hatch = palette.hatch if hatched else None
        sheet.rectangle(left + inner, middle - 7 + inner, 14 - 2 * inner, 14 - 2 * inner, fill, hatch=hatch)

    return paint


def _sizes(palette: Palette, sides: list[float]) -> Callable[[Sheet, float, float], None]:
    def paint(sheet: Sheet, left: float, middle: float) -> None:
        for side in sides:
            sheet.rectangle(left, middle - side / 2, side, side, palette.seq_4)
            left += side + 6

    return paint
