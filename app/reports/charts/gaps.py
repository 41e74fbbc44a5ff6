"""Chart 3: colleagues minus customers per dimension, with its interval and the verdict in words (charts.md §2)."""

from dataclasses import dataclass
from enum import StrEnum

from app.reports.charts.palettes import Palette
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
from app.reports.published import Difference

SPANS = (15, 30, 50, 75, 100)  # symmetric about zero, so that quarters and departments stay comparable
STEPS = {15: 10, 30: 20, 50: 25, 75: 50, 100: 50}  # grid lines
SCALE_EFFECT = 5  # points; Dawes 2008: a 10-point scale reads 3.3 points of 100 lower (domain.md §2.3)
LETTER = 22
LABEL_ROOM = 190
ROW, TWO_LINE_ROW = 40, 60


class Evidence(StrEnum):
    """How a line is drawn; the word beside it says the same."""

    BETTER = "better"
    WORSE = "worse"
    NONE = "none"


@dataclass(frozen=True)
class GapLine:
    """One dimension: words translated, gap in points (-100..100); without a gap `reason` fills the row."""

    letter: str
    label: str
    verdict: str
    evidence: Evidence = Evidence.NONE
    gap: Difference | None = None
    reason: str = ""
    far_scale: bool = False  # class C: a band shows what the scale alone may do


@dataclass(frozen=True)
class GapWords:
    """Words above the plot, translated."""

    worse: str  # "colleagues worse"
    better: str


@dataclass(frozen=True)
class GapChart:
    """What to draw: rows in fixed order, never sorted by the size of the gap (noise would reorder them)."""

    lines: tuple[GapLine, ...]
    words: GapWords
    head: Head | None = None


@dataclass(frozen=True)
class _Plot:
    zero: float
    half: float
    span: int

    def x(self, points: float) -> float:
        return self.zero + points / self.span * self.half


def draw_gaps(chart: GapChart, palette: Palette, width: int) -> Sheet | None:
    """Return the drawn sheet, or None where nothing is comparable: then print the sentence."""
    gaps = [line.gap for line in chart.lines if line.gap]
    if not gaps:
        return None
    narrow = width <= NARROW
    plot = _place(gaps, chart, width)
    above, below = head_height(chart.head, width)
    heights = [_row_height(line, chart, width) for line in chart.lines]
    sheet = Sheet(width, above + 34 + sum(heights) + 24 + below, palette)
    draw_head(sheet, chart.head)
    _directions(sheet, chart.words, plot, above + 16)
    top = above + 34.0
    for number, (line, height) in enumerate(zip(chart.lines, heights, strict=True)):
        if number:
            edges = [float(MARGIN), width - MARGIN]
            sheet.line(edges, [top, top], palette.grid, 1, solid_capstyle="butt")
        if narrow:
            _narrow_row(sheet, chart, line, plot, (top, height))
        else:
            _wide_row(sheet, chart, line, plot, (top, height))
        top += height
    _ticks(sheet, plot, top + 18)
    return sheet


def _place(gaps: list[Difference], chart: GapChart, width: int) -> _Plot:
    reach = max(max(abs(gap.lower), abs(gap.upper)) for gap in gaps)
    span = next((span for span in SPANS if span >= reach), SPANS[-1])
    left, right = float(MARGIN), float(width - MARGIN)
    if width > NARROW:
        left, right = MARGIN + LETTER + LABEL_ROOM, width - MARGIN - _verdict_room(chart) - 14
    return _Plot((left + right) / 2, (right - left) / 2, span)


def _verdict_room(chart: GapChart) -> float:
    return max(text_width(line.verdict, TEXT, bold=_is_bold(line)) for line in chart.lines)


def _is_bold(line: GapLine) -> bool:
    return line.evidence is not Evidence.NONE


def _colour(line: GapLine, palette: Palette) -> str:
    return {Evidence.BETTER: palette.better, Evidence.WORSE: palette.worse, Evidence.NONE: palette.ink_3}[line.evidence]


def _stacked(chart: GapChart, width: int) -> bool:
    """True when in this language any label and its verdict do not fit beside each other: then no row has them so."""
    room = width - 2 * MARGIN - LETTER
    return any(
        text_width(line.label, TEXT) + text_width(line.verdict, TEXT, bold=_is_bold(line)) + 20 > room
        for line in chart.lines
    )


def _row_height(line: GapLine, chart: GapChart, width: int) -> float:
    if width > NARROW:
        lines = len(wrap(line.label, LABEL_ROOM - 8, TEXT))
        return max(ROW, lines * TEXT * LINE_HEIGHT + 14)
    labels = len(wrap(line.label, width - 2 * MARGIN - LETTER, TEXT))
    reason = max(len(wrap(line.reason, width - 2 * MARGIN - 16, CAPTION)) - 1, 0) if not line.gap else 0
    extra = (labels - 1 + _stacked(chart, width)) * TEXT * LINE_HEIGHT
    return TWO_LINE_ROW + extra + reason * CAPTION * LINE_HEIGHT


def _directions(sheet: Sheet, words: GapWords, plot: _Plot, baseline: float) -> None:
    """Write which side is which; in a long language on the edges of the plot."""
    worse, better = f"← {words.worse}", f"{words.better} →"
    sheet.text(plot.zero - 8, baseline, worse, sheet.palette.ink_2, align="right")
    sheet.text(plot.zero + 8, baseline, better, sheet.palette.ink_2)


def _wide_row(sheet: Sheet, chart: GapChart, line: GapLine, plot: _Plot, place: tuple[float, float]) -> None:
    top, height = place
    middle = top + height / 2
    palette = sheet.palette
    sheet.text(MARGIN, middle + TEXT * 0.36, line.letter, palette.ink_3, size=CAPTION)
    labels = wrap(line.label, LABEL_ROOM - 8, TEXT)
    start = middle - len(labels) * TEXT * LINE_HEIGHT / 2
    sheet.paragraph(MARGIN + LETTER, start, labels, palette.ink, size=TEXT)
    _mark(sheet, line, plot, (top + 4, height - 8))
    x = sheet.width - MARGIN - _verdict_room(chart)
    sheet.text(x, middle + TEXT * 0.36, line.verdict, _colour(line, palette), size=TEXT, bold=_is_bold(line))


def _narrow_row(sheet: Sheet, chart: GapChart, line: GapLine, plot: _Plot, place: tuple[float, float]) -> None:
    top, height = place
    palette, baseline = sheet.palette, top + 20
    sheet.text(MARGIN, baseline, line.letter, palette.ink_3, size=CAPTION)
    labels = wrap(line.label, sheet.width - 2 * MARGIN - LETTER, TEXT)
    below = sheet.paragraph(MARGIN + LETTER, baseline - TEXT, labels, palette.ink, size=TEXT)
    colour, bold = _colour(line, palette), _is_bold(line)
    if _stacked(chart, round(sheet.width)):
        below = sheet.paragraph(MARGIN + LETTER, below, [line.verdict], colour, size=TEXT, bold=bold)
    else:
        sheet.text(sheet.width - MARGIN, baseline, line.verdict, colour, size=TEXT, bold=bold, align="right")
    _mark(sheet, line, plot, (below + 2, top + height - below - 6))


def _mark(sheet: Sheet, line: GapLine, plot: _Plot, place: tuple[float, float]) -> None:
    """Draw the gap within (top, height), or the reason why there is none."""
    top, height = place
    palette, middle = sheet.palette, top + height / 2
    if line.gap is None:
        _reason(sheet, line.reason, plot, place)
        return
    if line.far_scale:
        left = plot.x(-SCALE_EFFECT)
        sheet.frame(left, top, plot.x(SCALE_EFFECT) - left, height, palette.band, palette.neutral)
    for tick in _grid(plot):
        colour, wide = (palette.ink, 1.2) if tick == 0 else (palette.grid, 1)
        sheet.line([plot.x(tick)] * 2, [top, top + height], colour, wide, solid_capstyle="butt")
    colour = palette.neutral if line.evidence is Evidence.NONE else _colour(line, palette)
    sheet.line([plot.x(line.gap.lower), plot.x(line.gap.upper)], [middle, middle], colour, 2)
    at = [plot.x(line.gap.estimate)]
    if line.evidence is Evidence.NONE:
        sheet.marks(at, [middle], "o", palette.surface, palette.neutral, rim=2)
    else:
        marker = "^" if line.evidence is Evidence.BETTER else "v"
        sheet.marks(at, [middle], marker, colour, palette.surface, size=11, rim=1)


def _reason(sheet: Sheet, words: str, plot: _Plot, place: tuple[float, float]) -> None:
    top, height = place
    lines = wrap(words, 2 * plot.half - 16, CAPTION)
    high = max(22.0, len(lines) * CAPTION * LINE_HEIGHT + 6)
    start = top + (height - high) / 2
    sheet.rectangle(plot.zero - plot.half, start, 2 * plot.half, high, sheet.palette.sunken)
    baseline = start + (high - len(lines) * CAPTION * LINE_HEIGHT) / 2 + CAPTION
    for line in lines:
        sheet.text(plot.zero, baseline, line, sheet.palette.ink_2, align="center")
        baseline += CAPTION * LINE_HEIGHT


def _grid(plot: _Plot) -> tuple[int, int, int]:
    step = STEPS[plot.span]
    return (-step, 0, step)


def _ticks(sheet: Sheet, plot: _Plot, baseline: float) -> None:
    for tick in _grid(plot):
        words = "0" if tick == 0 else f"{'+' if tick > 0 else '−'}{abs(tick)}"
        sheet.text(plot.x(tick), baseline, words, sheet.palette.ink_2, align="center")
