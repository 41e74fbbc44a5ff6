"""Charts 5 and 6: two shares of each department against their targets, both with intervals (charts.md §2)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import nan

from app.reports.charts import labels
from app.reports.charts.labels import Ground, Wish
from app.reports.charts.marks import dashed, rimmed
from app.reports.charts.palettes import Palette
from app.reports.charts.plots import LOW, Plot, columns, lowest, rows, share_ticks
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
    wrap,
)
from app.reports.published import Interval

TOP = 1.02  # of both axes: a full 100 % is not cut in half by the frame
HEIGHTS = (300, 390)  # of the frame, narrow and wide
TICK_ROOM = 36
FEW = 8  # departments: up to so many, the undecided keep their cross on a phone
NAME_ROOM = (140, 220)  # of names in the plot, narrow and wide


class Standing(StrEnum):
    """How a cross is drawn. It is decided where both intervals lie clear of their targets, by whoever published it."""

    DECIDED = "decided"
    UNDECIDED = "undecided"
    WORSE = "worse"  # a confirmed watermelon
    BETTER = "better"  # its inverse


@dataclass(frozen=True)
class Cross:
    """One department: shares 0..1 across and up; without a name it stays a cross among others."""

    across: Interval
    up: Interval
    standing: Standing
    name: str = ""


@dataclass(frozen=True)
class QuadrantWords:
    """Words of the chart, translated; corners are upper left, upper right, lower left, lower right."""

    across: str
    up: str
    corners: tuple[str, str, str, str]
    unit: Callable[[int], str]
    shaded: str = ""  # what the tinted quarter means; its corner needs no name then


@dataclass(frozen=True)
class QuadrantChart:
    """What to draw; targets are 0..1, and absent where departments have different ones."""

    crosses: tuple[Cross, ...]
    words: QuadrantWords
    targets: tuple[float, float] | None
    head: Head | None = None
    from_left: float = LOW  # where the axis across usually begins: 0.4 or 0.6

    @property
    def is_own(self) -> bool:
        """True for one department alone: it is drawn in ink even if undecided."""
        return len(self.crosses) == 1


def draw_quadrant(chart: QuadrantChart, palette: Palette, width: int) -> Sheet | None:
    """Return the drawn sheet, or None where no department has both figures."""
    if not chart.crosses:
        return None
    above, below = head_height(chart.head, width)
    plot = _place(chart, width, above)
    corners = _corners(chart, plot)
    found = labels.place(_wishes(chart, palette, plot), _ground(chart, plot, corners, width))
    key = labels.key_lines(found, width)
    sheet = Sheet(width, plot.bottom + 44 + len(key) * CAPTION * LINE_HEIGHT + below, palette)
    draw_head(sheet, chart.head)
    _legend(sheet, chart, above)
    _frame(sheet, chart, plot)
    _crosses(sheet, chart, plot)
    for box in corners:
        rimmed(sheet, box.left, box.bottom - 3, box.text, palette.ink_3)
    labels.write(sheet, found, _ground_under(chart, palette, plot))
    sheet.paragraph(MARGIN, plot.bottom + 44, key, palette.ink_2)
    return sheet


def _place(chart: QuadrantChart, width: int, above: float) -> Plot:
    wide = width > NARROW
    left, right = MARGIN + TICK_ROOM, width - MARGIN - 6.0
    high = max(len(lines) for lines in _upper_corners(chart, (right - left) / 2))
    legend = 18 + (20 if chart.words.shaded else 0)
    top = above + legend + high * CAPTION * LINE_HEIGHT + 8
    across = lowest([cross.across.lower for cross in chart.crosses], chart.from_left)
    up = lowest([cross.up.lower for cross in chart.crosses])
    return Plot(left, right, top, top + HEIGHTS[wide], (across, TOP), (up, TOP))


def _upper_corners(chart: QuadrantChart, room: float) -> list[list[str]]:
    return [wrap(words, room - 8, CAPTION) for words in chart.words.corners[:2]]


def _corners(chart: QuadrantChart, plot: Plot) -> list[Box]:
    """Return where the names of the quarters stand: the upper two above the frame, the lower two inside."""
    room, step = (plot.right - plot.left) / 2, CAPTION * LINE_HEIGHT
    left, right = _upper_corners(chart, room)
    boxes = []
    for lines, is_right in ((left, False), (right, True)):
        for number, words in enumerate(reversed(lines)):
            boxes.append(_corner(words, plot, plot.top - 6 - number * step, is_right=is_right))
    for words, is_right in zip(chart.words.corners[2:], (False, True), strict=True):
        if words:
            lines = wrap(words, room - 12, CAPTION)
            for number, line in enumerate(reversed(lines)):
                boxes.append(_corner(line, plot, plot.bottom - 8 - number * step, is_right=is_right))
    return boxes


def _corner(words: str, plot: Plot, baseline: float, *, is_right: bool) -> Box:
    wide = text_width(words, CAPTION)
    left = plot.right - wide - 2 if is_right else plot.left + 6
    return Box(words, left, baseline - CAPTION + 2, left + wide, baseline + 3)


def _wishes(chart: QuadrantChart, palette: Palette, plot: Plot) -> list[Wish]:
    order = (Standing.WORSE, Standing.BETTER, Standing.DECIDED, Standing.UNDECIDED)
    return [
        Wish(
            plot.x(cross.across.estimate),
            plot.y(cross.up.estimate),
            cross.name,
            _ink(cross, palette),
            bold=chart.is_own or cross.standing is not Standing.UNDECIDED,
            rank=order.index(cross.standing),
        )
        for cross in chart.crosses
        if cross.name
    ]


def _ink(cross: Cross, palette: Palette) -> str:
    return {Standing.WORSE: palette.worse, Standing.BETTER: palette.better}.get(cross.standing, palette.ink)


def _ground(chart: QuadrantChart, plot: Plot, corners: list[Box], width: int) -> Ground:
    taken = [*corners]
    for cross in chart.crosses:
        x, y = plot.x(cross.across.estimate), plot.y(cross.up.estimate)
        taken.append(Box("", x - 7, y - 7, x + 7, y + 7))
        if _has_lines(chart, cross, width):
            taken.append(Box("", plot.x(cross.across.lower), y - 1.5, plot.x(cross.across.upper), y + 1.5))
            taken.append(Box("", x - 1.5, plot.y(cross.up.upper), x + 1.5, plot.y(cross.up.lower)))
    if chart.targets:
        x, y = plot.x(chart.targets[0]), plot.y(chart.targets[1])
        taken += [Box("", x - 1, plot.top, x + 1, plot.bottom), Box("", plot.left, y - 1, plot.right, y + 1)]
    points = [(plot.x(cross.across.estimate), plot.y(cross.up.estimate)) for cross in chart.crosses]
    room = Box("", plot.left + 2, plot.top - 2, plot.right - 2, plot.bottom - 2)
    return Ground(taken, points, room, NAME_ROOM[width > NARROW])


def _has_lines(chart: QuadrantChart, cross: Cross, width: float) -> bool:
    return cross.standing is not Standing.UNDECIDED or width > NARROW or len(chart.crosses) <= FEW


def _legend(sheet: Sheet, chart: QuadrantChart, above: float) -> None:
    palette, words = sheet.palette, chart.words
    sheet.text(MARGIN, above + 12, f"↑ {words.up}", palette.ink_2)
    if words.shaded:
        sheet.rectangle(MARGIN, above + 20, 13, 13, palette.worse)
        sheet.rectangle(MARGIN + 1.2, above + 21.2, 10.6, 10.6, palette.worse_soft)
        sheet.text(MARGIN + 19, above + 31, words.shaded, palette.worse)


def _frame(sheet: Sheet, chart: QuadrantChart, plot: Plot) -> None:
    palette, words = sheet.palette, chart.words
    if chart.targets and words.shaded:
        x, y = plot.x(chart.targets[0]), plot.y(chart.targets[1])
        sheet.rectangle(x, y, plot.right - x, plot.bottom - y, palette.worse_soft)
    rows(sheet, plot, share_ticks(plot.up[0]), words.unit)
    columns(sheet, plot, share_ticks(plot.across[0]), words.unit)
    sheet.text((plot.left + plot.right) / 2, plot.bottom + 38, f"{words.across} →", palette.ink_2, align="center")
    if chart.targets:
        x, y = plot.x(chart.targets[0]), plot.y(chart.targets[1])
        dashed(sheet, [x, x], [plot.top, plot.bottom], palette.target)
        dashed(sheet, [plot.left, plot.right], [y, y], palette.target)


def _crosses(sheet: Sheet, chart: QuadrantChart, plot: Plot) -> None:
    palette = sheet.palette
    for standing in (Standing.UNDECIDED, Standing.DECIDED, Standing.BETTER, Standing.WORSE):
        crosses = [cross for cross in chart.crosses if cross.standing is standing]
        if not crosses:
            continue
        faint = standing is Standing.UNDECIDED and not chart.is_own
        ink = palette.hatch if faint else _ink(crosses[0], palette)
        lined = [cross for cross in crosses if _has_lines(chart, cross, sheet.width)]
        _lines(sheet, plot, lined, ink, 1.2 if faint else 2.0)
        xs = [plot.x(cross.across.estimate) for cross in crosses]
        ys = [plot.y(cross.up.estimate) for cross in crosses]
        if standing is Standing.UNDECIDED:
            sheet.marks(xs, ys, "o", palette.surface, palette.neutral if faint else ink, rim=2)
        elif standing is Standing.DECIDED:
            sheet.marks(xs, ys, "o", ink, palette.surface, size=11)
        else:
            sheet.marks(xs, ys, "v" if standing is Standing.WORSE else "^", ink, palette.surface, size=12, rim=1)


def _lines(sheet: Sheet, plot: Plot, crosses: list[Cross], colour: str, width: float) -> None:
    """Draw all intervals of one kind as one element: thousands of elements make a slow page."""
    if not crosses:
        return
    xs, ys = [], []
    for cross in crosses:
        x, y = plot.x(cross.across.estimate), plot.y(cross.up.estimate)
        xs += [plot.x(cross.across.lower), plot.x(cross.across.upper), nan, x, x, nan]
        ys += [y, y, nan, plot.y(cross.up.lower), plot.y(cross.up.upper), nan]
    sheet.line(xs, ys, colour, width)


def _ground_under(chart: QuadrantChart, palette: Palette, plot: Plot) -> Callable[[Box], str]:
    return lambda box: palette.worse_soft if _is_tinted(chart, plot, box) else palette.surface


def _is_tinted(chart: QuadrantChart, plot: Plot, box: Box) -> bool:
    if not chart.targets or not chart.words.shaded:
        return False
    across, up = chart.targets
    return (box.left + box.right) / 2 > plot.x(across) and (box.top + box.bottom) / 2 > plot.y(up)
