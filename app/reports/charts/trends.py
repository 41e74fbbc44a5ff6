"""Chart 1: how colleagues and customers rated a department over eight quarters, with intervals and n (charts.md §2)."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from math import nan

from app.reports.charts.marks import dashed
from app.reports.charts.palettes import Palette
from app.reports.charts.sheets import CAPTION, MARGIN, NARROW, TEXT, Sheet, draw_head, head_height, text_width
from app.reports.charts.trend_frames import TrendChart, TrendPlot, TrendWords
from app.reports.charts.trend_labels import ROW_HEIGHT, counts, name_lines, names_above, names_beside, periods
from app.reports.published import PointState, TrendPoint

DODGE = 0.16  # of a slot, colleagues left and customers right of its middle
BLOCK = 0.42  # half the width of a hidden or empty quarter, in slots
LOW_SCALE_BELOW = 0.40  # the two scales are 40-100 and 0-100: never fitted to the data
TICK_ROOM = 42
LABEL_ROOM = (96, 170)  # of the names at the right end, at least and at most


def draw_trend(chart: TrendChart, palette: Palette, width: int) -> Sheet | None:
    """Return the drawn sheet, or None where fewer than two figures are visible: then print the sentence."""
    silent = not chart.customers_alone and not any(point.internal for point in chart.points)
    if len(chart.figures) < 2 or silent:
        return None
    above, below = head_height(chart.head, width)
    narrow = width <= NARROW
    names = name_lines(chart, width) if narrow else 0
    top = above + names * 22 + 10
    bottom = top + (chart.plot_height or (200 if narrow else 250))
    rows = len(chart.voices)
    right = width - MARGIN if narrow else width - _label_room(chart) - MARGIN
    plot = TrendPlot(TICK_ROOM + 8, right, top, bottom, _low(chart), len(chart.points))
    sheet = Sheet(width, bottom + 42 + rows * ROW_HEIGHT + 8 + below, palette)
    draw_head(sheet, chart.head)
    _axes(sheet, plot, chart)
    _blocks(sheet, plot, chart)
    _intervals(sheet, plot, chart)
    periods(sheet, plot, chart)
    counts(sheet, plot, chart, labelled=not narrow)
    if narrow:
        names_above(sheet, chart, above + 14)
    else:
        names_beside(sheet, plot, chart)
    return sheet


def _low(chart: TrendChart) -> float:
    lowest = min(chart.unit(figure.lower) for figure in chart.figures)
    return 0.0 if lowest < LOW_SCALE_BELOW else LOW_SCALE_BELOW


def _label_room(chart: TrendChart) -> float:
    bold = [text for voice in chart.voices for text in (voice.name, voice.last)]
    plain = [voice.n for voice in chart.voices]
    widest = max(*(text_width(text, TEXT, bold=True) for text in bold), *(text_width(text, CAPTION) for text in plain))
    least, most = LABEL_ROOM
    return max(least, min(most, widest + 2)) + 10


def _axes(sheet: Sheet, plot: TrendPlot, chart: TrendChart) -> None:
    ticks = (0, 25, 50, 75, 100) if plot.low == 0 else (40, 60, 80, 100)
    for tick in ticks:
        y = plot.y(tick / 100)
        floor = tick == 0
        colour = sheet.palette.line_strong if floor else sheet.palette.grid
        sheet.line([plot.left, plot.right], [y, y], colour, 1, solid_capstyle="butt")
        label = chart.words.unit_tick(tick) if tick == 100 else str(tick)
        sheet.text(plot.left - 6, y + CAPTION * 0.36, label, sheet.palette.ink_2, align="right")
    if chart.target is not None:
        y = plot.y(chart.target)
        dashed(sheet, [plot.left, plot.right], [y, y], sheet.palette.target)


def _blocks(sheet: Sheet, plot: TrendPlot, chart: TrendChart) -> None:
    """Draw hidden and empty quarters, a run of equal ones as one block with one label."""
    for state, first, last in _runs(chart.points):
        if state is PointState.SHOWN:
            continue
        shared = any(point.external for point in chart.points[first : last + 1])
        left = plot.x(first - BLOCK)
        right = plot.x(first - 0.02) if shared else plot.x(last + BLOCK)
        striped = state is PointState.HIDDEN
        palette = sheet.palette
        hatch = palette.hatch if striped else None
        sheet.rectangle(left, plot.top, right - left, plot.bottom - plot.top, palette.sunken, hatch=hatch)
        _block_label(
            sheet, (left, right), (plot.top + plot.bottom) / 2, _state_word(chart.words, state), striped=striped
        )


def _block_label(sheet: Sheet, sides: tuple[float, float], middle: float, word: str, *, striped: bool) -> None:
    left, right = sides
    ground = sheet.palette.surface if striped else sheet.palette.sunken
    wide = text_width(word, CAPTION)
    if wide + 14 > right - left:
        sheet.upright((left + right) / 2, middle, word, sheet.palette.ink_2, ground=ground)
        return
    sheet.rectangle((left + right - wide) / 2 - 5, middle - 10, wide + 10, 20, ground)
    sheet.text((left + right) / 2, middle + CAPTION * 0.36, word, sheet.palette.ink_2, align="center")


def _state_word(words: TrendWords, state: PointState) -> str:
    return {
        PointState.HIDDEN: words.hidden,
        PointState.NO_ANSWERS: words.no_answers,
        PointState.NOT_MEASURED: words.not_measured,
    }[state]


def _runs(points: Sequence[TrendPoint]) -> Iterator[tuple[PointState, int, int]]:
    """Yield (state, first, last); a quarter with customers stands alone: its block covers half."""

    def alike(pair: tuple[int, TrendPoint]) -> tuple[PointState, int]:
        slot, point = pair
        return point.state, slot if point.external else -1

    for (state, _), run in groupby(enumerate(points), key=alike):
        slots = [slot for slot, _ in run]
        yield state, slots[0], slots[-1]


def _intervals(sheet: Sheet, plot: TrendPlot, chart: TrendChart) -> None:
    palette, dodge = sheet.palette, DODGE if len(chart.voices) > 1 else 0.0
    for slot, point in enumerate(chart.points):
        if point.new_questions and slot:
            _new_questions(sheet, plot, chart.words.new_questions, slot)
    inside = [(plot.x(slot - dodge), point.internal) for slot, point in enumerate(chart.points) if point.internal]
    outside = [(plot.x(slot + dodge), point.external) for slot, point in enumerate(chart.points) if point.external]
    for x, interval in inside:
        if interval.is_coarse:
            ends = [plot.y(chart.unit(interval.lower)), plot.y(chart.unit(interval.upper))]
            sheet.line([x, x], ends, palette.internal, 6, alpha=0.45, solid_capstyle="butt")
    exact = [(x, interval) for x, interval in inside if not interval.is_coarse]
    for places, colour, draw in (
        (exact, palette.internal, sheet.colleagues),
        (outside, palette.external, sheet.customers),
    ):
        if not places:
            continue
        xs = [value for x, _ in places for value in (x, x, nan)]
        ys = [
            value
            for _, interval in places
            for value in (plot.y(chart.unit(interval.lower)), plot.y(chart.unit(interval.upper)), nan)
        ]
        sheet.line(xs, ys, colour, 2)
        draw([x for x, _ in places], [plot.y(chart.unit(interval.estimate)) for _, interval in places])


def _new_questions(sheet: Sheet, plot: TrendPlot, word: str, slot: int) -> None:
    x = plot.x(slot - 0.5)
    sheet.line([x, x], [plot.top, plot.bottom], sheet.palette.ink, 1.2, linestyle=(0, (2, 2)), solid_capstyle="butt")
    wide = text_width(word, CAPTION)
    left = x + 4 if x + 8 + wide <= plot.right else x - 4 - wide
    sheet.rectangle(left, plot.bottom - 20, wide, 16, sheet.palette.surface)
    sheet.text(left, plot.bottom - 8, word, sheet.palette.ink_2)
