"""Chart 7: how much each aspect weighs, beside how it is rated against the target, as paired rows (charts.md §2).

A plane of importance and performance was tried: four clustered points, names on each other, quarters that lie.
"""

from collections.abc import Callable
from dataclasses import dataclass

from app.reports.charts.gaps import Evidence
from app.reports.charts.marks import dashed
from app.reports.charts.palettes import Palette
from app.reports.charts.plots import Plot, lowest
from app.reports.charts.sheets import (
    CAPTION,
    LINE_HEIGHT,
    MARGIN,
    NARROW,
    TEXT,
    Head,
    Sheet,
    draw_head,
    head_height,
    text_width,
    wrap,
)
from app.reports.published import Interval

NAME_ROOM, WORD_ROOM = 170, 130  # of names left and words right, wide only
GUTTER = 26  # between both panels
PANEL = 30  # height of a row's panels
WEIGHTS = (0.6, 1.0)  # the two ends of the axis of importance


@dataclass(frozen=True)
class ImportanceLine:
    """One aspect: importance and share rated good, 0..1; without a share `word` says why and the place is hatched."""

    name: str
    importance: Interval
    performance: Interval | None
    evidence: Evidence
    word: str  # the verdict against the target, translated; of a rough share its word
    is_action: bool = False


@dataclass(frozen=True)
class ImportanceWords:
    """Words above the panels, translated."""

    importance: str
    performance: str
    unit: Callable[[int], str]


@dataclass(frozen=True)
class ImportanceChart:
    """What to draw: aspects by importance, as published; the target is 0..1."""

    lines: tuple[ImportanceLine, ...]
    words: ImportanceWords
    target: float
    head: Head | None = None


@dataclass(frozen=True)
class _Panels:
    importance: Plot
    performance: Plot


def draw_importance(chart: ImportanceChart, palette: Palette, width: int) -> Sheet | None:
    """Return the drawn sheet, or None where fewer than two aspects have an importance."""
    if len(chart.lines) < 2:
        return None
    above, below = head_height(chart.head, width)
    panels = _place(chart, width)
    heads = _heads(chart, panels)
    top = above + max(map(len, heads)) * CAPTION * LINE_HEIGHT + 8
    heights = [_row_height(line, width) for line in chart.lines]
    sheet = Sheet(width, top + sum(heights) + 24 + below, palette)
    draw_head(sheet, chart.head)
    for panel, lines in zip((panels.importance, panels.performance), heads, strict=True):
        sheet.paragraph(panel.left, above, lines, palette.ink_2)
    for line, height in zip(chart.lines, heights, strict=True):
        sheet.line([MARGIN, width - MARGIN], [top, top], palette.grid, 1, solid_capstyle="butt")
        _row(sheet, chart, line, panels, (top, height))
        top += height
    for panel in (panels.importance, panels.performance):
        _ticks(sheet, chart, panel, top + 14)
    return sheet


def _place(chart: ImportanceChart, width: int) -> _Panels:
    """Return both panels; only their places from left to right count."""
    left, right = float(MARGIN), float(width - MARGIN)
    if width > NARROW:
        left, right = left + NAME_ROOM + 14, right - WORD_ROOM - 14
    middle = left + (right - left - GUTTER) * 0.46
    heaviest = max(line.importance.upper for line in chart.lines)
    weight = next((end for end in WEIGHTS if end >= heaviest), WEIGHTS[-1])
    shares = [line.performance.lower for line in chart.lines if line.performance]
    low = lowest([*shares, chart.target])
    return _Panels(
        Plot(left, middle, 0, 1, (0.0, weight), (0, 1)), Plot(middle + GUTTER, right, 0, 1, (low, 1), (0, 1))
    )


def _heads(chart: ImportanceChart, panels: _Panels) -> tuple[list[str], list[str]]:
    words = chart.words
    left, right = panels.importance, panels.performance
    return (
        wrap(words.importance, left.right - left.left + GUTTER - 8, CAPTION),
        wrap(words.performance, right.right - right.left, CAPTION),
    )


def _row_height(line: ImportanceLine, width: int) -> float:
    if width > NARROW:
        names = len(wrap(line.name, NAME_ROOM, TEXT, bold=line.is_action)) * TEXT
        words = len(wrap(line.word, WORD_ROOM, TEXT, bold=_is_bold(line))) * TEXT
        return max(PANEL + 14, max(names, words) * LINE_HEIGHT + 14)
    return 8 + _label_lines(line, width) * TEXT * LINE_HEIGHT + PANEL + 12


def _label_lines(line: ImportanceLine, width: float) -> int:
    """Return how many lines name and word need above the panels of a narrow row."""
    names = len(wrap(line.name, width - 2 * MARGIN, TEXT, bold=line.is_action))
    return names if _beside(line, width) else names + 1


def _beside(line: ImportanceLine, width: float) -> bool:
    wide = text_width(line.name, TEXT, bold=line.is_action) + text_width(line.word, TEXT, bold=_is_bold(line))
    return wide + 16 <= width - 2 * MARGIN


def _is_bold(line: ImportanceLine) -> bool:
    return line.is_action or line.evidence is not Evidence.NONE


def _colour(line: ImportanceLine, palette: Palette) -> str:
    return {Evidence.BETTER: palette.better, Evidence.WORSE: palette.worse}.get(line.evidence, palette.ink_3)


def _row(
    sheet: Sheet, chart: ImportanceChart, line: ImportanceLine, panels: _Panels, place: tuple[float, float]
) -> None:
    top, height = place
    middle = top + height - PANEL / 2 - 8 if sheet.width <= NARROW else top + height / 2
    _labels(sheet, line, (top, height))
    _weight(sheet, line, panels.importance, middle)
    _share(sheet, chart, line, panels.performance, middle)


def _labels(sheet: Sheet, line: ImportanceLine, place: tuple[float, float]) -> None:
    """Write name and word: above the panels of a narrow row, left and right of those of a wide one."""
    top, height = place
    ink, colour, bold = sheet.palette.ink, _colour(line, sheet.palette), _is_bold(line)
    if sheet.width <= NARROW:
        names = wrap(line.name, sheet.width - 2 * MARGIN, TEXT, bold=line.is_action)
        below = sheet.paragraph(MARGIN, top + 6, names, ink, size=TEXT, bold=line.is_action)
        if _beside(line, sheet.width):
            right = sheet.width - MARGIN
            sheet.text(right, top + 6 + TEXT, line.word, colour, size=TEXT, bold=bold, align="right")
        else:
            sheet.text(MARGIN, below + TEXT, line.word, colour, size=TEXT, bold=bold)
        return
    names = wrap(line.name, NAME_ROOM, TEXT, bold=line.is_action)
    words = wrap(line.word, WORD_ROOM, TEXT, bold=bold)
    for x, lines, hue, heavy in (
        (MARGIN, names, ink, line.is_action),
        (sheet.width - MARGIN - WORD_ROOM, words, colour, bold),
    ):
        start = top + height / 2 - len(lines) * TEXT * LINE_HEIGHT / 2
        sheet.paragraph(x, start, lines, hue, size=TEXT, bold=heavy)


def _grid(panel: Plot) -> tuple[float, float, float]:
    low, high = panel.across
    return low, (low + high) / 2, high


def _bars(sheet: Sheet, panel: Plot, middle: float) -> None:
    for value in _grid(panel):
        x = panel.x(value)
        sheet.line([x, x], [middle - PANEL / 2, middle + PANEL / 2], sheet.palette.grid, 1, solid_capstyle="butt")


def _weight(sheet: Sheet, line: ImportanceLine, panel: Plot, middle: float) -> None:
    """Draw the importance: a pale bar from zero, its interval, and a dot in ink."""
    palette, found = sheet.palette, line.importance
    _bars(sheet, panel, middle)
    sheet.rectangle(panel.left, middle - 4, panel.x(found.estimate) - panel.left, 8, palette.grid)
    sheet.line([panel.x(found.lower), panel.x(found.upper)], [middle, middle], palette.neutral, 2)
    sheet.marks([panel.x(found.estimate)], [middle], "o", palette.ink, palette.surface, size=11)


def _share(sheet: Sheet, chart: ImportanceChart, line: ImportanceLine, panel: Plot, middle: float) -> None:
    palette, found = sheet.palette, line.performance
    if found is None:
        sheet.rectangle(panel.left, middle - 11, panel.right - panel.left, 22, palette.sunken, hatch=palette.hatch)
        return
    _bars(sheet, panel, middle)
    x = panel.x(chart.target)
    dashed(sheet, [x, x], [middle - PANEL / 2, middle + PANEL / 2], palette.target)
    ends = [panel.x(found.lower), panel.x(found.upper)]
    if found.is_coarse:
        sheet.line(ends, [middle, middle], palette.internal, 6, alpha=0.45, solid_capstyle="butt")
        return
    none = line.evidence is Evidence.NONE
    colour = palette.neutral if none else _colour(line, palette)
    sheet.line(ends, [middle, middle], colour, 2)
    at = [panel.x(found.estimate)]
    if none:
        sheet.marks(at, [middle], "o", palette.surface, palette.neutral, rim=2)
    else:
        sheet.marks(
            at, [middle], "v" if line.evidence is Evidence.WORSE else "^", colour, palette.surface, size=12, rim=1
        )


def _ticks(sheet: Sheet, chart: ImportanceChart, panel: Plot, baseline: float) -> None:
    for value, align in zip(_grid(panel), ("left", "center", "right"), strict=True):
        tick = round(value * 100)
        label = chart.words.unit(tick) if align == "right" else str(tick)
        sheet.text(panel.x(value), baseline, label, sheet.palette.ink_2, align=align)
