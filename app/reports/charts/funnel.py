"""Chart 4: from completed to answered as plain bars from zero, with the reason or rate of each step (charts.md §2)."""

from dataclasses import dataclass

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

BAR, NARROW_BAR = 20, 16
WIDE_ROW = 34
NAME_ROOM, NOTE_ROOM = 180, 190  # at most


@dataclass(frozen=True)
class FunnelStep:
    """One step: how many requests, in figures and words; `note` says why it is shorter, or which rate it is."""

    name: str
    count: int
    shown: str  # the count as people read it
    note: str = ""


@dataclass(frozen=True)
class FunnelChart:
    """What to draw: shown steps in order, the last one in the colour of colleagues."""

    steps: tuple[FunnelStep, ...]
    head: Head | None = None


def draw_funnel(chart: FunnelChart, palette: Palette, width: int) -> Sheet | None:
    """Return the drawn sheet, or None where fewer than two steps may be shown."""
    if len(chart.steps) < 2:
        return None
    above, below = head_height(chart.head, width)
    heights = [_row_height(step, chart, width) for step in chart.steps]
    sheet = Sheet(width, above + 4 + sum(heights) + below, palette)
    draw_head(sheet, chart.head)
    top = above + 4
    for number, height in enumerate(heights):
        (_narrow_row if width <= NARROW else _wide_row)(sheet, chart, number, (top, height))
        top += height
    return sheet


def _is_last(chart: FunnelChart, number: int) -> bool:
    return number == len(chart.steps) - 1


def _stacked(chart: FunnelChart, width: float) -> bool:
    """True where a name and its note do not fit beside each other in this language: then no row has them so."""
    room = width - 2 * MARGIN - 14
    return any(text_width(step.name, TEXT, bold=True) + text_width(step.note, CAPTION) > room for step in chart.steps)


def _row_height(step: FunnelStep, chart: FunnelChart, width: int) -> float:
    if width > NARROW:
        lines = max(
            len(wrap(step.name, NAME_ROOM, TEXT, bold=True)) * TEXT, len(wrap(step.note, NOTE_ROOM, CAPTION)) * CAPTION
        )
        return max(WIDE_ROW, lines * LINE_HEIGHT + 12)
    names = len(wrap(step.name, width - 2 * MARGIN, TEXT, bold=True)) * TEXT
    notes = len(wrap(step.note, width - 2 * MARGIN, CAPTION)) * CAPTION if step.note and _stacked(chart, width) else 0
    return (names + notes) * LINE_HEIGHT + NARROW_BAR + 16


def _wide_row(sheet: Sheet, chart: FunnelChart, number: int, place: tuple[float, float]) -> None:
    top, height = place
    step, middle, last = chart.steps[number], top + height / 2, _is_last(chart, number)
    names = wrap(step.name, NAME_ROOM, TEXT, bold=last)
    start = middle - len(names) * TEXT * LINE_HEIGHT / 2
    sheet.paragraph(MARGIN, start, names, sheet.palette.ink, size=TEXT, bold=last)
    left = MARGIN + NAME_ROOM + 12
    _bar(sheet, chart, number, (left, sheet.width - MARGIN - NOTE_ROOM - 12), (middle - BAR / 2, BAR))
    notes = wrap(step.note, NOTE_ROOM, CAPTION)
    baseline = middle - len(notes) * CAPTION * LINE_HEIGHT / 2 + CAPTION
    for note in notes:
        sheet.text(sheet.width - MARGIN, baseline, note, sheet.palette.ink_2, align="right")
        baseline += CAPTION * LINE_HEIGHT


def _narrow_row(sheet: Sheet, chart: FunnelChart, number: int, place: tuple[float, float]) -> None:
    top, _ = place
    step, last = chart.steps[number], _is_last(chart, number)
    room = sheet.width - 2 * MARGIN
    names = wrap(step.name, room, TEXT, bold=last)
    below = sheet.paragraph(MARGIN, top, names, sheet.palette.ink, size=TEXT, bold=last)
    if step.note and _stacked(chart, sheet.width):
        below = sheet.paragraph(MARGIN, below, wrap(step.note, room, CAPTION), sheet.palette.ink_2)
    elif step.note:
        sheet.text(sheet.width - MARGIN, top + TEXT, step.note, sheet.palette.ink_2, align="right")
    _bar(sheet, chart, number, (MARGIN, sheet.width - MARGIN), (below + 3, NARROW_BAR))


def _bar(sheet: Sheet, chart: FunnelChart, number: int, across: tuple[float, float], down: tuple[float, float]) -> None:
    """Draw one bar from zero with its count at the end; all bars of a chart have the same scale."""
    (left, right), (top, height) = across, down
    step = chart.steps[number]
    longest = max(one.count for one in chart.steps)
    counts = max(text_width(one.shown, TEXT, bold=True) for one in chart.steps)
    wide = step.count / longest * (right - left - counts - 10)
    colour = sheet.palette.internal if _is_last(chart, number) else sheet.palette.neutral
    sheet.rectangle(left, top, max(wide, 1.0), height, colour)
    baseline = top + height / 2 + TEXT * 0.36
    sheet.text(left + wide + 8, baseline, step.shown, sheet.palette.ink, size=TEXT, bold=True)
