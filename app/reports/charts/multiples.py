"""Chart 11: the trend of every department in small frames of one scale, flagged ones first, then by name."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import nan

from app.reports.charts.funnel_plots import Flag
from app.reports.charts.palettes import Palette
from app.reports.charts.plots import Plot, lowest
from app.reports.charts.sheets import (
    CAPTION,
    LINE_HEIGHT,
    MARGIN,
    NARROW,
    Head,
    Sheet,
    draw_head,
    head_height,
    text_width,
    wrap,
)
from app.reports.published import PointState, TrendPoint

COLUMNS = (2, 5)
NARROW_PANELS = 10  # the rest is on the page
PANEL = (66, 72)  # height of a frame
GAP = 14  # between columns
TICK_ROOM = 26
MARKS = {Flag.LOWER: "▼ ", Flag.HIGHER: "▲ ", Flag.NONE: ""}
NAME_LINES = 2
BLOCK = 0.5  # half a slot
SMALL, LAST = 5.0, 9.0  # dots


@dataclass(frozen=True)
class Panel:
    """One department: its quarters, oldest first, shares 0..1."""

    name: str
    points: tuple[TrendPoint, ...]
    flag: Flag = Flag.NONE


@dataclass(frozen=True)
class MultiplesChart:
    """What to draw, in the order of the caller; `first` and `last` name the ends of the axis."""

    panels: tuple[Panel, ...]
    first: str
    last: str
    hidden: str
    unit: Callable[[int], str]
    head: Head | None = None


def draw_multiples(chart: MultiplesChart, palette: Palette, width: int) -> Sheet | None:
    """Return the drawn sheet, or None where fewer than two departments show a figure."""
    if sum(any(point.internal for point in panel.points) for panel in chart.panels) < 2:
        return None
    wide = width > NARROW
    panels = chart.panels if wide else chart.panels[:NARROW_PANELS]
    lines = list(_rows(panels, COLUMNS[wide]))
    above, below = head_height(chart.head, width)
    room = (width - 2 * MARGIN - TICK_ROOM - GAP * (COLUMNS[wide] - 1)) / COLUMNS[wide]
    heads = [max(len(_names(panel, room)) for panel in line) * CAPTION * LINE_HEIGHT + 6 for line in lines]
    sheet = Sheet(width, above + sum(heads) + len(lines) * (PANEL[wide] + 12) + 18 + below, palette)
    draw_head(sheet, chart.head)
    low = _low(chart)
    top = above
    for line, head in zip(lines, heads, strict=True):
        top += head
        for column, panel in enumerate(line):
            left = MARGIN + TICK_ROOM + column * (room + GAP)
            plot = Plot(left, left + room, top, top + PANEL[wide], (-0.5, len(panel.points) - 0.5), (low, 1.0))
            _panel(sheet, chart, panel, plot, is_first=column == 0)
        top += PANEL[wide] + 12
    both_fit = text_width(chart.first, CAPTION) + text_width(chart.last, CAPTION) + 8 <= room
    for column in range(min(COLUMNS[wide], len(panels))):
        left = MARGIN + TICK_ROOM + column * (room + GAP)
        if both_fit:
            sheet.text(left, top + 6, chart.first, palette.ink_3)
        sheet.text(left + room, top + 6, chart.last, palette.ink_3, align="right")
    return sheet


def _rows(panels: Sequence[Panel], columns: int) -> Iterator[Sequence[Panel]]:
    for start in range(0, len(panels), columns):
        yield panels[start : start + columns]


def _low(chart: MultiplesChart) -> float:
    """One scale for all, also for those that a phone leaves out."""
    sides = [side for panel in chart.panels for point in panel.points for side in (point.internal, point.external)]
    return lowest([side.estimate for side in sides if side])


def _names(panel: Panel, room: float) -> list[str]:
    bold = panel.flag is not Flag.NONE
    lines = wrap(MARKS[panel.flag] + panel.name, room, CAPTION, bold=bold)
    if len(lines) <= NAME_LINES:
        return lines
    last = lines[NAME_LINES - 1]
    while last and text_width(f"{last}…", CAPTION, bold=bold) > room:
        last = last[:-1].rstrip()
    return [*lines[: NAME_LINES - 1], f"{last}…"]


def _panel(sheet: Sheet, chart: MultiplesChart, panel: Panel, plot: Plot, *, is_first: bool) -> None:
    palette = sheet.palette
    colour = {Flag.LOWER: palette.worse, Flag.HIGHER: palette.better}.get(panel.flag, palette.ink)
    names = _names(panel, plot.right - plot.left)
    start = plot.top - 6 - len(names) * CAPTION * LINE_HEIGHT + 2
    sheet.paragraph(plot.left, start, names, colour, bold=panel.flag is not Flag.NONE)
    middle = (plot.up[0] + plot.up[1]) / 2
    for value in (plot.up[0], middle, plot.up[1]):
        y = plot.y(value)
        sheet.line([plot.left, plot.right], [y, y], palette.grid, 1, solid_capstyle="butt")
    if is_first:
        for value in plot.up:
            words = str(round(value * 100))
            sheet.text(plot.left - 5, plot.y(value) + CAPTION * 0.36, words, palette.ink_3, align="right")
    _hidden(sheet, chart, panel, plot)
    _customers(sheet, panel, plot)
    _colleagues(sheet, panel, plot)


def _hidden(sheet: Sheet, chart: MultiplesChart, panel: Panel, plot: Plot) -> None:
    """Hatch hidden quarters; a frame with nothing else says so."""
    palette = sheet.palette
    for hidden, run in groupby(enumerate(panel.points), key=lambda pair: pair[1].state is PointState.HIDDEN):
        slots = [slot for slot, _ in run]
        if hidden:
            left, right = plot.x(slots[0] - BLOCK), plot.x(slots[-1] + BLOCK)
            height = plot.bottom - plot.top
            sheet.rectangle(left, plot.top, right - left, height, palette.sunken, hatch=palette.hatch)
    if all(point.state is PointState.HIDDEN for point in panel.points):
        wide, middle = text_width(chart.hidden, CAPTION), (plot.left + plot.right) / 2
        height = (plot.top + plot.bottom) / 2
        sheet.rectangle(middle - wide / 2 - 5, height - 10, wide + 10, 20, palette.surface)
        sheet.text(middle, height + CAPTION * 0.36, chart.hidden, palette.ink_2, align="center")


def _customers(sheet: Sheet, panel: Panel, plot: Plot) -> None:
    xs: list[float] = []
    ys: list[float] = []
    for slot, point in enumerate(panel.points):
        xs.append(plot.x(slot))
        ys.append(plot.y(point.external.estimate) if point.external else nan)
    if any(point.external for point in panel.points):
        sheet.line(xs, ys, sheet.palette.external, 1.4, linestyle=(0, (4, 2.5)), dash_capstyle="butt")


def _colleagues(sheet: Sheet, panel: Panel, plot: Plot) -> None:
    """Draw intervals, dots and the larger last dot; 5 to 9 people are a pale line without a dot."""
    colour = sheet.palette.internal
    found = [(slot, point.internal) for slot, point in enumerate(panel.points) if point.internal]
    for is_coarse, width, alpha in ((True, 4.0, 0.45), (False, 1.6, 0.6)):
        some = [(plot.x(slot), figure) for slot, figure in found if figure.is_coarse is is_coarse]
        if some:
            low = plot.up[0]
            xs = [value for x, _ in some for value in (x, x, nan)]
            ys = [
                value
                for _, figure in some
                for value in (plot.y(max(figure.lower, low)), plot.y(max(figure.upper, low)), nan)
            ]
            sheet.line(xs, ys, colour, width, alpha=alpha, solid_capstyle="butt")
    exact = [(slot, figure) for slot, figure in found if not figure.is_coarse]
    for is_last, size in ((False, SMALL), (True, LAST)):
        dots = [(slot, figure) for slot, figure in exact if (slot == len(panel.points) - 1) is is_last]
        if dots:
            xs, ys = [plot.x(slot) for slot, _ in dots], [plot.y(figure.estimate) for _, figure in dots]
            sheet.marks(xs, ys, "o", colour, sheet.palette.surface, size=size, rim=0.5)
