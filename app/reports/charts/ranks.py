"""Chart 12: the interval of each department's rank. Mostly they overlap: that is the message."""

from dataclasses import dataclass
from math import nan

from app.reports.charts.funnel_plots import Flag
from app.reports.charts.marks import dashed, rimmed, shortened
from app.reports.charts.palettes import Palette
from app.reports.charts.sheets import CAPTION, MARGIN, NARROW, TEXT, Head, Sheet, draw_head, head_height, text_width

ROW = (34, 24)
BAR = (4.0, 5.0)
NAME_ROOM = 260  # wide, left of the bars
MARKS = {Flag.LOWER: "▼ ", Flag.HIGHER: "▲ ", Flag.NONE: ""}
FEWEST = 8  # departments: fewer have no ranks


@dataclass(frozen=True)
class RankLine:
    """One department: the ends of its rank, 1 for the highest; flagged where it lies wholly in an outer third."""

    name: str
    low: int
    high: int
    flag: Flag = Flag.NONE


@dataclass(frozen=True)
class RankWords:
    """Names of the thirds, translated."""

    upper: str
    middle: str
    lower: str


@dataclass(frozen=True)
class RankChart:
    """What to draw, in the order of the caller."""

    lines: tuple[RankLine, ...]
    words: RankWords
    head: Head | None = None


def draw_ranks(chart: RankChart, palette: Palette, width: int) -> Sheet | None:
    """Return the drawn sheet, or None for fewer than eight departments: then print the sentence."""
    if len(chart.lines) < FEWEST:
        return None
    wide = width > NARROW
    above, below = head_height(chart.head, width)
    names = [_name(line, wide=wide) for line in chart.lines]
    left = MARGIN + 6.0
    if wide:
        bold = [line.flag is not Flag.NONE for line in chart.lines]
        left = (
            MARGIN + max(text_width(name, TEXT, bold=is_bold) for name, is_bold in zip(names, bold, strict=True)) + 18
        )
    right = width - MARGIN - 10.0
    top = above + 26
    bottom = top + len(chart.lines) * ROW[wide]
    sheet = Sheet(width, bottom + 28 + below, palette)
    draw_head(sheet, chart.head)
    places = _Places(left, right, len(chart.lines))
    _thirds(sheet, chart, places, (above, bottom))
    for number, (line, name) in enumerate(zip(chart.lines, names, strict=True)):
        _line(sheet, line, name, places, top + number * ROW[wide])
    _bars(sheet, chart, places, top)
    for rank in (1, (len(chart.lines) + 1) // 2, len(chart.lines)):
        sheet.text(places.x(rank), bottom + 18, str(rank), palette.ink_2, align="center")
    return sheet


@dataclass(frozen=True)
class _Places:
    left: float
    right: float
    count: int

    def x(self, rank: float) -> float:
        return self.left + (rank - 1) / (self.count - 1) * (self.right - self.left)


def _name(line: RankLine, *, wide: bool) -> str:
    bold = line.flag is not Flag.NONE
    return shortened(MARKS[line.flag] + line.name, NAME_ROOM if wide else 330, TEXT, bold=bold)


def _colour(line: RankLine, palette: Palette) -> str:
    return {Flag.LOWER: palette.worse, Flag.HIGHER: palette.better}.get(line.flag, palette.ink)


def _thirds(sheet: Sheet, chart: RankChart, places: _Places, down: tuple[float, float]) -> None:
    """Draw the borders of the thirds, and name each above its middle."""
    above, bottom = down
    words, third = chart.words, chart_third(len(chart.lines))
    borders = [third + 0.5, len(chart.lines) - third + 0.5]
    ends = [0.5, *borders, len(chart.lines) + 0.5]
    for border in borders:
        dashed(sheet, [places.x(border)] * 2, [above + 20, bottom], sheet.palette.neutral)
    for name, start, end in zip((words.upper, words.middle, words.lower), ends[:-1], ends[1:], strict=True):
        x = places.x((start + end) / 2)
        half = text_width(name, CAPTION) / 2
        x = min(max(x, MARGIN + half), sheet.width - MARGIN - half)
        sheet.text(x, above + 12, name, sheet.palette.ink_2, align="center")


def chart_third(count: int) -> int:
    """Return how many ranks an outer third has."""
    return count // 3


def _line(sheet: Sheet, line: RankLine, name: str, places: _Places, top: float) -> None:
    bold, colour = line.flag is not Flag.NONE, _colour(line, sheet.palette)
    if sheet.width > NARROW:
        sheet.text(places.left - 14, top + ROW[1] / 2 + TEXT * 0.36, name, colour, size=TEXT, bold=bold, align="right")
    else:
        rimmed(sheet, MARGIN, top + 18, name, colour, size=TEXT, bold=bold)


def _bars(sheet: Sheet, chart: RankChart, places: _Places, top: float) -> None:
    """Draw all bars of one colour as one element; no dot, for people would read it as the rank."""
    wide, palette = sheet.width > NARROW, sheet.palette
    for flag in Flag:
        xs: list[float] = []
        ys: list[float] = []
        for number, line in enumerate(chart.lines):
            if line.flag is flag:
                y = top + number * ROW[wide] + (ROW[1] / 2 if wide else 28)
                xs += [places.x(line.low), places.x(line.high) + 0.01, nan]
                ys += [y, y, nan]
        if xs:
            colour = {Flag.LOWER: palette.worse, Flag.HIGHER: palette.better}.get(flag, palette.dist_2)
            sheet.line(xs, ys, colour, BAR[wide])
