"""The words around a trend: quarters and n below the plot, names with their last values above or beside it."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from app.reports.charts.sheets import LINE_HEIGHT, MARGIN, TEXT, Sheet, text_width, wrap
from app.reports.charts.trend_frames import TrendChart, TrendPlot

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
    palette, words = sheet.palette, chart.words
    rows = [([point.internal for point in chart.points], palette.internal, words.colleagues_n)]
    if chart.has_customers:
        rows.append(([point.external for point in chart.points], palette.external_text, words.customers_n))
    for number, (values, colour, label) in enumerate(rows):
        baseline = plot.bottom + 52 + number * ROW_HEIGHT
        for slot, value in enumerate(values):
            if value:
                sheet.text(plot.x(slot), baseline, words.count(value.n), colour, align="center")
        for first, last in _gaps(values):
            sheet.text(plot.x((first + last) / 2), baseline, "–", palette.ink_3, align="center")
        if labelled:
            sheet.text(plot.right + 10, baseline, label, colour)
        else:
            sheet.text(plot.left - 22, baseline, "n", palette.ink_3, align="right")
            draw = sheet.customers if number else sheet.colleagues
            draw([plot.left - 13], [baseline - 4.5])


def _gaps(values: Sequence[object]) -> Iterator[tuple[int, int]]:
    for there, run in groupby(enumerate(values), key=lambda pair: pair[1] is not None):
        slots = [slot for slot, _ in run]
        if not there:
            yield slots[0], slots[-1]


def _named(chart: TrendChart) -> list[str]:
    names = [f"{chart.words.colleagues}  {chart.words.colleagues_last}"]
    if chart.has_customers:
        names.append(f"{chart.words.customers}  {chart.words.customers_last}")
    return names


def name_lines(chart: TrendChart, width: int) -> int:
    """Return 1 if both names with their values fit above the narrow plot, else 2."""
    needed = sum(text_width(name, TEXT, bold=True) + 36 for name in _named(chart))
    return len(_named(chart)) if needed > width - 2 * MARGIN else 1


def names_above(sheet: Sheet, chart: TrendChart, baseline: float) -> None:
    x, below = MARGIN + 6.0, name_lines(chart, round(sheet.width)) > 1
    colours = (sheet.palette.internal, sheet.palette.external_text)
    for name, colour, draw in zip(_named(chart), colours, (sheet.colleagues, sheet.customers), strict=False):
        draw([x], [baseline - 4.5])
        sheet.text(x + 11, baseline, name, colour, size=TEXT, bold=True)
        if below:
            baseline += 22
        else:
            x += text_width(name, TEXT, bold=True) + 36


def names_beside(sheet: Sheet, plot: TrendPlot, chart: TrendChart) -> None:
    """Write name and last value at the height of the last figure, far enough apart."""
    words, palette = chart.words, sheet.palette
    room = sheet.width - plot.right - 14
    named = [(_last(chart, inside=True), words.colleagues, words.colleagues_last, palette.internal)]
    if chart.has_customers:
        named.append((_last(chart, inside=False), words.customers, words.customers_last, palette.external_text))
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


def _last(chart: TrendChart, *, inside: bool) -> float:
    sides = [point.internal if inside else point.external for point in chart.points]
    return chart.unit(next((side.estimate for side in reversed(sides) if side), 0.5))
