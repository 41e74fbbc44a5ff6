"""Chart 9: month by month against the limits of chance; what lies outside or runs on one side is a signal.

Limits, centre and signals come with the points: computed here they would change with what is drawn (charts.md §2).
"""

import itertools
from collections.abc import Sequence
from math import nan

from app.reports.charts import control_labels, labels
from app.reports.charts.control_frames import ControlChart, Slot, kept, runs, slots
from app.reports.charts.marks import rimmed
from app.reports.charts.palettes import Palette
from app.reports.charts.plots import Plot, lowest, rows, share_ticks
from app.reports.charts.sheets import (
    CAPTION,
    LINE_HEIGHT,
    MARGIN,
    NARROW,
    Sheet,
    draw_head,
    head_height,
    text_width,
)

HEIGHTS = (210, 260)
TICK_ROOM = 36
BELOW = 46  # for months and years


def draw_control(chart: ControlChart, palette: Palette, width: int) -> Sheet | None:
    """Return the drawn sheet, or None where fewer than two points have a value: then print the sentence."""
    values = [point.value for point in chart.points if point.value is not None]
    if len(values) < 2:
        return None
    above, below = head_height(chart.head, width)
    plot = _place(chart, width, above, values)
    shown = slots(chart, plot)
    found = control_labels.signals(chart, palette, plot, shown)
    key = labels.key_lines(found, width)
    sheet = Sheet(width, plot.bottom + BELOW + len(key) * CAPTION * LINE_HEIGHT + below, palette)
    draw_head(sheet, chart.head)
    _bands(sheet, chart, plot)
    rows(sheet, plot, share_ticks(plot.up[0]), chart.words.unit)
    _limits(sheet, chart, plot)
    _phases(sheet, chart, plot)
    _gaps(sheet, chart, plot)
    _line(sheet, shown)
    _marks(sheet, shown)
    control_labels.periods(sheet, chart, plot)
    _meaning(sheet, chart, plot, above)
    labels.write(sheet, found)
    sheet.paragraph(MARGIN, plot.bottom + BELOW, key, palette.ink_2)
    return sheet


def _place(chart: ControlChart, width: int, above: float, values: Sequence[float]) -> Plot:
    narrow = width <= NARROW
    top = above + (28 if narrow and not chart.is_early else 10)
    right = width - MARGIN - (0 if narrow else control_labels.limit_room(chart))
    across = (-0.5, len(chart.points) - 0.5)
    return Plot(MARGIN + TICK_ROOM, right, top, top + HEIGHTS[not narrow], across, (lowest(values), 1.0))


def _meaning(sheet: Sheet, chart: ControlChart, plot: Plot, above: float) -> None:
    """Say what line and band are, or that it is too early for both."""
    if chart.is_early:
        middle = (plot.left + plot.right) / 2
        words, colour = chart.words.too_early, sheet.palette.ink_2
        rimmed(sheet, middle, plot.bottom - 12, words, colour, align="center")
    elif sheet.width <= NARROW:
        control_labels.key_above(sheet, chart, above + 12)
    else:
        control_labels.names_beside(sheet, chart, plot)


def _bands(sheet: Sheet, chart: ControlChart, plot: Plot) -> None:
    for number, point in enumerate(chart.points):
        if point.limits:
            bottom, top = (plot.y(kept(limit, plot)) for limit in point.limits)
            left, right = plot.x(number - 0.5), plot.x(number + 0.5)
            sheet.rectangle(left, top, right - left, bottom - top, sheet.palette.band)


def _limits(sheet: Sheet, chart: ControlChart, plot: Plot) -> None:
    """Draw the stepped limits and the centre, each as one element."""
    limits: tuple[list[float], list[float]] = ([], [])
    centre: tuple[list[float], list[float]] = ([], [])
    for number, point in enumerate(chart.points):
        ends = [plot.x(number - 0.5), plot.x(number + 0.5), nan]
        for limit in point.limits or ():
            if plot.up[0] < limit < plot.up[1]:
                limits[0].extend(ends)
                limits[1].extend([plot.y(limit), plot.y(limit), nan])
        if point.centre is not None:
            centre[0].extend(ends)
            centre[1].extend([plot.y(point.centre), plot.y(point.centre), nan])
    if limits[0]:
        sheet.line(*limits, sheet.palette.line_strong, 1, solid_capstyle="butt")
    if centre[0]:
        sheet.line(*centre, sheet.palette.ink, 1.3, solid_capstyle="butt")


def _phases(sheet: Sheet, chart: ControlChart, plot: Plot) -> None:
    """Draw a dotted line where limits begin anew."""
    phases = [(number, point.phase) for number, point in enumerate(chart.points) if point.phase is not None]
    for (_, before), (number, phase) in itertools.pairwise(phases):
        if phase != before:
            x, ends = plot.x(number - 0.5), [plot.top, plot.bottom]
            sheet.line([x, x], ends, sheet.palette.ink, 1.2, linestyle=(0, (2, 2)), dash_capstyle="butt")


def _gaps(sheet: Sheet, chart: ControlChart, plot: Plot) -> None:
    """Draw what has no value: hidden months hatched, a run of equal ones as one block with one word."""
    palette = sheet.palette
    middle = (plot.top + plot.bottom) / 2
    for state, hidden, numbers in runs(chart.points):
        if state != "gap":
            continue
        left, right = plot.x(numbers[0] - 0.5), plot.x(numbers[-1] + 0.5)
        hatch = palette.hatch if hidden else None
        sheet.rectangle(left, plot.top, right - left, plot.bottom - plot.top, palette.sunken, hatch=hatch)
        word, ground = (chart.words.hidden, palette.surface) if hidden else (chart.words.missing, palette.sunken)
        wide = text_width(word, CAPTION)
        if wide + 14 > right - left:
            sheet.upright((left + right) / 2, middle, word, palette.ink_2, ground=ground)
        else:
            sheet.rectangle((left + right - wide) / 2 - 5, middle - 10, wide + 10, 20, ground)
            sheet.text((left + right) / 2, middle + CAPTION * 0.36, word, palette.ink_2, align="center")


def _line(sheet: Sheet, shown: Sequence[Slot]) -> None:
    """Join neighbours of one phase; a gap or a new phase breaks the line."""
    xs, ys = [shown[0].x], [shown[0].y]
    for before, slot in itertools.pairwise(shown):
        if before.number + 1 != slot.number or before.point.phase != slot.point.phase:
            xs.append(nan)
            ys.append(nan)
        xs.append(slot.x)
        ys.append(slot.y)
    sheet.line(xs, ys, sheet.palette.internal, 1.6)


def _marks(sheet: Sheet, shown: Sequence[Slot]) -> None:
    palette = sheet.palette
    plain = [slot for slot in shown if not slot.point.signal]
    below = [slot for slot in shown if slot.point.signal and not slot.point.is_above]
    over = [slot for slot in shown if slot.point.signal and slot.point.is_above]
    for marked, marker, colour, size in (
        (plain, "o", palette.internal, 8.0),
        (below, "v", palette.worse, 11.0),
        (over, "^", palette.better, 11.0),
    ):
        if marked:
            places = ([slot.x for slot in marked], [slot.y for slot in marked])
            sheet.marks(*places, marker, colour, palette.surface, size=size, rim=1)
