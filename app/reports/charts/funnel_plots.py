"""Chart 8: which departments differ by more than chance: shares against the number of people, with limits."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import nan

from app.reports.charts import labels
from app.reports.charts.labels import Ground, Wish
from app.reports.charts.marks import dashed
from app.reports.charts.palettes import Palette
from app.reports.charts.plots import Plot, lowest, rows, share_ticks
from app.reports.charts.sheets import (
    CAPTION,
    LINE_HEIGHT,
    MARGIN,
    NARROW,
    Box,
    Head,
    Sheet,
    draw_head,
    head_height,
    text_width,
)

HEIGHTS = (300, 350)
TICK_ROOM = 36
PEOPLE = (10, 25, 50, 100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600)
NAME_ROOM = (140, 220)
LIMIT_STEP = 16
WAIST = 5  # half the short bar of the drawn-in estimate


class Flag(StrEnum):
    """What the document says of a department beside the company; nothing where it cannot be told."""

    LOWER = "lower"
    HIGHER = "higher"
    NONE = ""


@dataclass(frozen=True)
class FunnelDot:
    """One department: people, share and the share drawn towards the company's (0..1), and its flag."""

    name: str
    n: float
    share: float
    shrunken: float
    flag: Flag = Flag.NONE


@dataclass(frozen=True)
class FunnelLimit:
    """Both pairs of limits at one number of people, 0..1."""

    n: float
    inner: tuple[float, float]
    outer: tuple[float, float]


@dataclass(frozen=True)
class FunnelPlotWords:
    """Words of the chart, translated."""

    people: str
    share: str
    company: str
    inner: str  # "95% limit"
    outer: str
    unit: Callable[[int], str]
    count: Callable[[float], str]


@dataclass(frozen=True)
class FunnelPlotChart:
    """What to draw; limits from few to many people, as the caller computed them around the published centre."""

    dots: tuple[FunnelDot, ...]
    centre: float
    limits: tuple[FunnelLimit, ...]
    words: FunnelPlotWords
    head: Head | None = None


def people_ticks(most: float) -> list[int]:
    """Return the numbers of people on the axis, up to the first that holds everybody."""
    last = next((tick for tick in PEOPLE if tick >= most), PEOPLE[-1])
    return [tick for tick in PEOPLE if tick <= last]


def draw_funnel_plot(chart: FunnelPlotChart, palette: Palette, width: int) -> Sheet | None:
    """Return the drawn sheet, or None where fewer than two departments are shown."""
    if len(chart.dots) < 2:
        return None
    above, below = head_height(chart.head, width)
    plot = _place(chart, width, above)
    found = labels.place(_wishes(chart, palette, plot), _ground(chart, plot, width))
    key = labels.key_lines(found, width)
    sheet = Sheet(width, plot.bottom + 44 + len(key) * CAPTION * LINE_HEIGHT + below, palette)
    draw_head(sheet, chart.head)
    sheet.text(MARGIN, above + 12, chart.words.share, palette.ink_2)
    _band(sheet, chart, plot)
    rows(sheet, plot, share_ticks(plot.up[0]), chart.words.unit)
    _people(sheet, chart, plot)
    _limits(sheet, chart, plot)
    _dots(sheet, chart, plot)
    labels.write(sheet, found)
    if width > NARROW:
        _names_beside(sheet, chart, plot)
    sheet.paragraph(MARGIN, plot.bottom + 44, key, palette.ink_2)
    return sheet


def _place(chart: FunnelPlotChart, width: int, above: float) -> Plot:
    wide = width > NARROW
    most = people_ticks(max(dot.n for dot in chart.dots))[-1]
    words = chart.words
    right = width - 4 - max(MARGIN, text_width(words.count(most), CAPTION) / 2)
    if wide:
        right -= max(text_width(name, CAPTION) for name in (words.company, words.inner, words.outer)) + 6
    low = lowest([dot.share for dot in chart.dots])
    top = above + 28
    across = (math.sqrt(PEOPLE[0]), math.sqrt(most))
    return Plot(MARGIN + TICK_ROOM, right, top, top + HEIGHTS[wide], across, (low, 1.0))


def _at(plot: Plot, n: float, share: float) -> tuple[float, float]:
    return plot.x(math.sqrt(n)), plot.y(share)


def _inside(share: float, plot: Plot) -> float:
    return min(max(share, plot.up[0]), plot.up[1])


def _band(sheet: Sheet, chart: FunnelPlotChart, plot: Plot) -> None:
    """Fill what chance alone produces, out to the wider limits."""
    points = [_at(plot, limit.n, _inside(limit.outer[1], plot)) for limit in chart.limits]
    points += [_at(plot, limit.n, _inside(limit.outer[0], plot)) for limit in reversed(chart.limits)]
    sheet.polygon(points, sheet.palette.band)


def _people(sheet: Sheet, chart: FunnelPlotChart, plot: Plot) -> None:
    ticks = people_ticks(max(dot.n for dot in chart.dots))
    free = plot.right + 40.0
    for tick in reversed(ticks):  # the largest keeps its number; small ones stand close and give way
        x, label = plot.x(math.sqrt(tick)), chart.words.count(tick)
        sheet.line([x, x], [plot.top, plot.bottom], sheet.palette.grid, 1, solid_capstyle="butt")
        wide = text_width(label, CAPTION)
        if x + wide / 2 + 8 <= free:
            sheet.text(x, plot.bottom + 18, label, sheet.palette.ink_2, align="center")
            free = x - wide / 2
    middle = (plot.left + plot.right) / 2
    sheet.text(middle, plot.bottom + 38, f"{chart.words.people} →", sheet.palette.ink_2, align="center")


def _limits(sheet: Sheet, chart: FunnelPlotChart, plot: Plot) -> None:
    palette = sheet.palette
    for side in (0, 1):
        inner = _curve(plot, [(limit.n, limit.inner[side]) for limit in chart.limits])
        outer = _curve(plot, [(limit.n, limit.outer[side]) for limit in chart.limits])
        dashed(sheet, *inner, palette.line_strong)
        sheet.line(*outer, palette.line_strong, 1, solid_capstyle="butt")
    y = plot.y(chart.centre)
    sheet.line([plot.left, plot.right], [y, y], palette.ink, 1.3, solid_capstyle="butt")


def _curve(plot: Plot, values: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    """Return a limit as far as it lies inside the frame."""
    kept = [_at(plot, n, share) for n, share in values if plot.up[0] <= share <= plot.up[1]]
    return [x for x, _ in kept] or [nan], [y for _, y in kept] or [nan]


def _dots(sheet: Sheet, chart: FunnelPlotChart, plot: Plot) -> None:
    """Draw each department's share, with a short bar where it lies once drawn towards the company's."""
    palette = sheet.palette
    for flag, colour, marker in (
        (Flag.NONE, palette.neutral, "o"),
        (Flag.HIGHER, palette.better, "^"),
        (Flag.LOWER, palette.worse, "v"),
    ):
        places = [(_at(plot, dot.n, dot.share), plot.y(dot.shrunken)) for dot in chart.dots if dot.flag is flag]
        if not places:
            continue
        xs = [value for (x, _), _ in places for value in (x, x, nan, x - WAIST, x + WAIST, nan)]
        ys = [value for (_, y), drawn in places for value in (y, drawn, nan, drawn, drawn, nan)]
        sheet.line(xs, ys, colour, 1.6)
        at = ([x for (x, _), _ in places], [y for (_, y), _ in places])
        if flag is Flag.NONE:
            sheet.marks(*at, marker, palette.surface, colour, rim=2)
        else:
            sheet.marks(*at, marker, colour, palette.surface, size=12, rim=1)


def _wishes(chart: FunnelPlotChart, palette: Palette, plot: Plot) -> list[Wish]:
    return [
        Wish(
            *_at(plot, dot.n, dot.share),
            dot.name,
            palette.worse if dot.flag is Flag.LOWER else palette.better,
            bold=True,
        )
        for dot in chart.dots
        if dot.flag is not Flag.NONE
    ]


def _ground(chart: FunnelPlotChart, plot: Plot, width: int) -> Ground:
    taken = []
    for dot in chart.dots:
        x, y = _at(plot, dot.n, dot.share)
        drawn = plot.y(dot.shrunken)
        taken.append(Box("", x - 7, min(y - 7, drawn - 2), x + 7, max(y + 7, drawn + 2)))
    centre = plot.y(chart.centre)
    taken.append(Box("", plot.left, centre - 1, plot.right, centre + 1))
    points = [_at(plot, dot.n, dot.share) for dot in chart.dots]
    room = Box("", plot.left + 2, plot.top + 2, plot.right - 2, plot.bottom - 2)
    return Ground(taken, points, room, NAME_ROOM[width > NARROW])


def _names_beside(sheet: Sheet, chart: FunnelPlotChart, plot: Plot) -> None:
    """Name line and lower limits at their right ends, far enough apart."""
    palette, words, last = sheet.palette, chart.words, chart.limits[-1]
    least = plot.y(chart.centre)
    places = [(least, words.company, palette.ink)]
    for share, name in ((last.inner[0], words.inner), (last.outer[0], words.outer)):
        least = max(plot.y(_inside(share, plot)), least + LIMIT_STEP)
        places.append((least, name, palette.ink_3))
    for y, name, colour in places:
        sheet.text(plot.right + 8, y + CAPTION * 0.36, name, colour)
