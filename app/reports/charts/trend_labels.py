"""The words around a trend: quarters and n below the plot, names with their last values above or beside it."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from app.reports.charts.sheets import LINE_HEIGHT, MARGIN, TEXT, Sheet, text_width, wrap
from app.reports.charts.trend_frames import TrendChart, TrendPlot, Voice

ROW_HEIGHT = 17


def periods(sheet: Sheet, plot: TrendPlot, chart: TrendChart) -> None:
    last = len(chart.points) - 1
    for slot, point in enumerate(chart.points):
        year, quarter = point.period.split("-")
        bold = slot == last
        colour = sheet.palette.ink if bold else sheet.palette.ink_2
        sheet.text(plot.x(slot), plot.bottom + 18, quarter, colour, bold=bold, align="center")
        starts = slot == 0 or not chart.points[slot - 1].period.startswith(year)
        if starts:
            sheet.text(plot.x(slot), plot.bottom + 33, year, sheet.palette.ink_3, align="center")
        if starts and slot:
            x = plot.x(slot - 0.5)
            sheet.line([x, x], [plot.bottom, plot.bottom + 36], sheet.palette.grid, 1, solid_capstyle="butt")


def counts(sheet: Sheet, plot: TrendPlot, chart: TrendChart, *, labelled: bool) -> None:
    for number, voice in enumerate(chart.voices):
        values, colour = [voice.figure(point) for point in chart.points], _colour(sheet, voice)
        baseline = plot.bottom + 52 + number * ROW_HEIGHT
        for slot, value in enumerate(values):
            if value:
                sheet.text(plot.x(slot), baseline, chart.words.count(value.n), colour, align="center")
        for first, last in _gaps(values):
            sheet.text(plot.x((first + last) / 2), baseline, "–", sheet.palette.ink_3, align="center")
        if labelled:
            sheet.text(plot.right + 10, baseline, voice.n, colour)
        else:
            sheet.text(plot.left - 22, baseline, "n", sheet.palette.ink_3, align="right")
            _mark(sheet, voice)([plot.left - 13], [baseline - 4.5])


def _gaps(values: Sequence[object]) -> Iterator[tuple[int, int]]:
    for there, run in groupby(enumerate(values), key=lambda pair: pair[1] is not None):
        slots = [slot for slot, _ in run]
        if not there:
            yield slots[0], slots[-1]


def _colour(sheet: Sheet, voice: Voice) -> str:
    return sheet.palette.internal if voice.is_inside else sheet.palette.external_text


def _mark(sheet: Sheet, voice: Voice) -> Callable[[list[float], list[float]], None]:
    return sheet.colleagues if voice.is_inside else sheet.customers


def _named(chart: TrendChart) -> list[str]:
    return [f"{voice.name}  {voice.last}" for voice in chart.voices]


def name_lines(chart: TrendChart, width: int) -> int:
    """Return 1 if both names with their values fit above the narrow plot, else 2."""
    needed = sum(text_width(name, TEXT, bold=True) + 36 for name in _named(chart))
    return len(_named(chart)) if needed > width - 2 * MARGIN else 1


def names_above(sheet: Sheet, chart: TrendChart, baseline: float) -> None:
    x, below = MARGIN + 6.0, name_lines(chart, round(sheet.width)) > 1
    for name, voice in zip(_named(chart), chart.voices, strict=True):
        _mark(sheet, voice)([x], [baseline - 4.5])
        sheet.text(x + 11, baseline, name, _colour(sheet, voice), size=TEXT, bold=True)
        if below:
            baseline += 22
        else:
            x += text_width(name, TEXT, bold=True) + 36


def names_beside(sheet: Sheet, plot: TrendPlot, chart: TrendChart) -> None:
    """Write name and last value at the height of the last figure, far enough apart."""
    room = sheet.width - plot.right - 14
    named = [(_last(chart, voice), voice.name, voice.last, _colour(sheet, voice)) for voice in chart.voices]
    labels = [
        (plot.y(value), [*wrap(name, room, TEXT, bold=True), *wrap(last, room, TEXT, bold=True)], colour)
        for value, name, last, colour in sorted(named, key=lambda entry: -entry[0])
    ]
    least, needed = plot.top, sum(len(lines) * TEXT * LINE_HEIGHT + 4 for _, lines, _ in labels)
    for y, lines, colour in labels:
        height = len(lines) * TEXT * LINE_HEIGHT
        top = min(max(y - height / 2, least), plot.bottom - needed)
        sheet.paragraph(plot.right + 10, top, lines, colour, size=TEXT, bold=True)
        least, needed = top + height + 4, needed - height - 4


def _last(chart: TrendChart, voice: Voice) -> float:
    figures = [voice.figure(point) for point in reversed(chart.points)]
    return chart.unit(next((figure.estimate for figure in figures if figure), 0.5))
