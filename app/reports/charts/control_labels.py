"""The words of a control chart: months and years, what line and band are, and one label per run of signals."""

import itertools
from collections.abc import Iterator, Sequence
from math import nan

from app.reports.charts import labels
from app.reports.charts.control_frames import ControlChart, Slot, kept, runs
from app.reports.charts.labels import Ground, Labels, Wish
from app.reports.charts.palettes import Palette
from app.reports.charts.plots import Plot
from app.reports.charts.sheets import CAPTION, MARGIN, Box, Sheet, text_width

STEPS = (1, 3, 6, 12)  # points between two names
NAME_STEP = 16  # pixels between the names at the right edge
PARTS = 6  # of a line between two points that labels shun


def periods(sheet: Sheet, chart: ControlChart, plot: Plot) -> None:
    """Write as many names as fit, and each year under its first one."""
    room = (plot.right - plot.left) / len(chart.points)
    widest = max(max(text_width(point.name, CAPTION), text_width(point.year, CAPTION)) for point in chart.points)
    step = next((step for step in STEPS if step * room >= widest + 8), STEPS[-1])
    year = ""
    for number, point in enumerate(chart.points):
        if (point.order - 1) % step:
            continue
        x, edge = plot.x(number), plot.x(number - 0.5)
        sheet.line([edge, edge], [plot.bottom, plot.bottom + 5], sheet.palette.line_strong, 1, solid_capstyle="butt")
        sheet.text(x, plot.bottom + 20, point.name, sheet.palette.ink_2, align="center")
        if point.year != year:
            sheet.text(x, plot.bottom + 36, point.year, sheet.palette.ink_3, align="center")
            year = point.year


def limit_room(chart: ControlChart) -> float:
    """Return the room that the names of limits and average need right of a wide plot."""
    words = chart.words
    if chart.is_early:
        return 0.0
    return max(text_width(name, CAPTION) for name in (words.upper, words.average, words.lower)) + 12


def key_above(sheet: Sheet, chart: ControlChart, baseline: float) -> None:
    """Say above a narrow plot what line and band are."""
    palette, words = sheet.palette, chart.words
    sheet.line([MARGIN, MARGIN + 20], [baseline - 4, baseline - 4], palette.ink, 1.3, solid_capstyle="butt")
    sheet.text(MARGIN + 26, baseline, words.average, palette.ink_2)
    x = MARGIN + 26 + text_width(words.average, CAPTION) + 18
    if x + 26 + text_width(words.band, CAPTION) <= sheet.width - MARGIN:
        sheet.rectangle(x, baseline - 11, 20, 13, palette.band)
        across, up = [x, x + 20, nan, x, x + 20], [baseline - 11, baseline - 11, nan, baseline + 2, baseline + 2]
        sheet.line(across, up, palette.line_strong, 1, solid_capstyle="butt")
        sheet.text(x + 26, baseline, words.band, palette.ink_2)


def names_beside(sheet: Sheet, chart: ControlChart, plot: Plot) -> None:
    """Name limits and average at the height of the last ones, far enough apart."""
    last = next(point for point in reversed(chart.points) if point.limits and point.centre is not None)
    assert last.limits is not None
    assert last.centre is not None
    lower, upper = (plot.y(kept(limit, plot)) for limit in last.limits)
    middle = plot.y(last.centre)
    words, palette = chart.words, sheet.palette
    for y, name, colour in (
        (min(upper, middle - NAME_STEP), words.upper, palette.ink_3),
        (middle, words.average, palette.ink),
        (max(lower, middle + NAME_STEP), words.lower, palette.ink_3),
    ):
        sheet.text(plot.right + 10, y + CAPTION * 0.36, name, colour)


def signals(chart: ControlChart, palette: Palette, plot: Plot, slots: Sequence[Slot]) -> Labels:
    """Place one label per run of equal signals, at its middle."""
    wishes = [
        Wish(slot.x, slot.y, slot.point.signal, palette.better if slot.point.is_above else palette.worse, bold=True)
        for slot in _middles(slots)
    ]
    room = Box("", plot.left + 2, plot.top - 4, plot.right - 2, plot.bottom - 4)
    longest = (plot.right - plot.left) * 0.8
    return labels.place(wishes, Ground(_taken(chart, plot, slots), [], room, longest))


def _middles(slots: Sequence[Slot]) -> Iterator[Slot]:
    run: list[Slot] = []
    for slot in slots:
        if run and (slot.point.signal != run[-1].point.signal or slot.number != run[-1].number + 1):
            yield run[len(run) // 2]
            run = []
        if slot.point.signal:
            run.append(slot)
    if run:
        yield run[len(run) // 2]


def _taken(chart: ControlChart, plot: Plot, slots: Sequence[Slot]) -> list[Box]:
    taken = [Box("", slot.x - 6, slot.y - 6, slot.x + 6, slot.y + 6) for slot in slots]
    for before, after in itertools.pairwise(slots):
        if before.number + 1 == after.number:
            taken += _along(before, after)
    for number, point in enumerate(chart.points):
        if point.centre is not None:
            y = plot.y(point.centre)
            taken.append(Box("", plot.x(number - 0.5), y - 1, plot.x(number + 0.5), y + 1))
    for state, _, numbers in runs(chart.points):
        if state == "gap":
            taken.append(Box("", plot.x(numbers[0] - 0.5), plot.top, plot.x(numbers[-1] + 0.5), plot.bottom))
    return taken


def _along(start: Slot, end: Slot) -> list[Box]:
    """Return small boxes along a line: labels shun them as they shun the line."""
    points = [
        (start.x + (end.x - start.x) * part / PARTS, start.y + (end.y - start.y) * part / PARTS)
        for part in range(1, PARTS)
    ]
    return [Box("", x - 2, y - 2, x + 2, y + 2) for x, y in points]
