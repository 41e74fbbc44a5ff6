"""Chart 2: the answers per point, split at the cut so that the length right of it is the headline (charts.md §2)."""

from collections.abc import Callable
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
from app.reports.published import Distribution

BAR = 30
NUMBER_ROOM = 26  # a segment narrower than this carries no number
NAME_ROOM = 150  # of the names left of the bars, wide only


@dataclass(frozen=True)
class DistributionWords:
    """Words of the chart, translated; a side without a distribution says why in its sentence."""

    colleagues: str
    customers: str
    unfavourable: str
    favourable: str
    colleagues_missing: str  # shown on a hatched bar: 5 to 9 people, hidden
    share: Callable[[float], str]
    count: Callable[[float], str]


@dataclass(frozen=True)
class DistributionChart:
    """What to draw; `external` only where both sides answered the same points (class A)."""

    internal: Distribution | None
    external: Distribution | None
    words: DistributionWords
    head: Head | None = None


@dataclass(frozen=True)
class _Side:
    name: str
    distribution: Distribution | None
    text: str  # colour of the name
    colours: tuple[str, str]  # of the two favourable points
    line: str


@dataclass(frozen=True)
class _Bars:
    cut: float
    scale: float  # pixels per share


def draw_distribution(chart: DistributionChart, palette: Palette, width: int) -> Sheet | None:
    """Return the drawn sheet, or None where no distribution may be shown."""
    sides = _sides(chart, palette)
    shown = [side.distribution for side in sides if side.distribution]
    if not shown:
        return None
    narrow = width <= NARROW
    above, below = head_height(chart.head, width)
    left = MARGIN if narrow else _name_room(chart) + MARGIN
    bars = _place(shown, left, width - MARGIN)
    step = 66 if narrow else 52
    sheet = Sheet(width, above + 30 + step * len(sides) + 4 + below, palette)
    draw_head(sheet, chart.head)
    _cut_words(sheet, chart.words, bars, above + 16)
    for number, side in enumerate(sides):
        top = above + 30 + number * step
        _name(sheet, chart, side, top, narrow=narrow)
        _bar(sheet, chart, side, bars, top + (22 if narrow else 4), left)
    return sheet


def _sides(chart: DistributionChart, palette: Palette) -> list[_Side]:
    words = chart.words
    inside = _Side(
        words.colleagues, chart.internal, palette.internal, (palette.seq_3, palette.internal), palette.internal
    )
    outside = _Side(
        words.customers,
        chart.external,
        palette.external_text,
        (palette.external_2, palette.external_text),
        palette.external_text,
    )
    return [inside, outside] if chart.external else [inside]


def _name_room(chart: DistributionChart) -> float:
    words = chart.words
    names = [f"{words.colleagues}  {words.share(1)}", f"{words.customers}  {words.share(1)}"]
    return min(NAME_ROOM + 50, max(NAME_ROOM, *(text_width(name, TEXT, bold=True) + 12 for name in names)))


def _place(shown: list[Distribution], left: float, right: float) -> _Bars:
    """Return the cut and the scale: one for both sides, so that lengths can be compared."""
    unfavourable = max(sum(_split(distribution)[0]) for distribution in shown)
    favourable = max(max(sum(_split(distribution)[1]), distribution.favourable.upper) for distribution in shown)
    scale = (right - left) / (unfavourable + favourable)
    return _Bars(left + unfavourable * scale, scale)


def _split(distribution: Distribution) -> tuple[tuple[float, ...], tuple[float, ...]]:
    cut = len(distribution.shares) - distribution.favourable_points
    return distribution.shares[:cut], distribution.shares[cut:]


def _cut_words(sheet: Sheet, words: DistributionWords, bars: _Bars, baseline: float) -> None:
    """Write what lies on either side of the cut; at the edge of the sheet both move along."""
    wide = text_width(words.unfavourable, CAPTION)
    start = max(bars.cut - 6 - wide, MARGIN)
    sheet.text(start, baseline, words.unfavourable, sheet.palette.ink_2)
    begin = max(bars.cut + 6, start + wide + 14)
    begin = min(begin, sheet.width - MARGIN - text_width(words.favourable, CAPTION))
    sheet.text(begin, baseline, words.favourable, sheet.palette.ink_2)


def _name(sheet: Sheet, chart: DistributionChart, side: _Side, top: float, *, narrow: bool) -> None:
    words = chart.words
    share = f"  {words.share(side.distribution.favourable.estimate)}" if side.distribution else ""
    name = side.name + share
    number = f"n {words.count(side.distribution.favourable.n)}" if side.distribution else ""
    if narrow:
        sheet.text(MARGIN, top + TEXT + 2, name, side.text, size=TEXT, bold=True)
        place = (MARGIN + text_width(name, TEXT, bold=True) + 10, top + TEXT + 2)
    else:
        bottom = sheet.paragraph(
            MARGIN, top + 2, wrap(name, NAME_ROOM + 40, TEXT, bold=True), side.text, size=TEXT, bold=True
        )
        place = (MARGIN, bottom + CAPTION)
    sheet.text(*place, number, sheet.palette.ink_3)


def _bar(sheet: Sheet, chart: DistributionChart, side: _Side, bars: _Bars, top: float, left: float) -> None:
    palette = sheet.palette
    if side.distribution is None:
        _missing(sheet, chart.words.colleagues_missing, left, top)
        return
    low, high = _split(side.distribution)
    x = bars.cut - sum(low) * bars.scale
    for share, colour, ink in (*zip(low, *_greys(sheet, len(low)), strict=True), *_favourable(sheet, side, high)):
        wide = share * bars.scale
        if wide <= 0:
            continue
        sheet.rectangle(x, top, max(wide - 1.2, 0.8), BAR, colour)
        number = f"{share * 100:.0f}"
        if wide > NUMBER_ROOM:
            sheet.text(x + wide / 2, top + BAR / 2 + CAPTION * 0.36, number, ink, align="center")
        x += wide
    sheet.line([bars.cut - 0.6] * 2, [top - 4, top + BAR + 8], palette.ink, 1.2, solid_capstyle="butt")
    favourable = side.distribution.favourable
    y = top + BAR + 5
    ends = [bars.cut + value * bars.scale for value in (favourable.lower, favourable.upper)]
    sheet.line(ends, [y, y], side.line, 2, solid_capstyle="butt")
    at = bars.cut + favourable.estimate * bars.scale
    sheet.line([at, at], [y - 5, y + 5], side.line, 2, solid_capstyle="butt")


def _greys(sheet: Sheet, points: int) -> tuple[list[str], list[str]]:
    """Return fills and inks of the unfavourable points, darkest first; a longer scale repeats the middle grey."""
    palette = sheet.palette
    fills = [palette.dist_1, *[palette.dist_2] * max(points - 2, 0), palette.line]
    inks = [palette.on_seq_high, *[palette.on_seq_low] * (points - 1)]
    return fills[:points], inks[:points]


def _favourable(sheet: Sheet, side: _Side, shares: tuple[float, ...]) -> list[tuple[float, str, str]]:
    inks = (sheet.palette.on_seq_low, sheet.palette.on_seq_high)
    return [(share, side.colours[min(place, 1)], inks[min(place, 1)]) for place, share in enumerate(shares)]


def _missing(sheet: Sheet, words: str, left: float, top: float) -> None:
    palette = sheet.palette
    room = sheet.width - MARGIN - left
    sheet.rectangle(left, top, room, BAR, palette.sunken, hatch=palette.hatch)
    lines = wrap(words, room - 24, CAPTION)
    height = len(lines) * CAPTION * LINE_HEIGHT
    wide = max(text_width(line, CAPTION) for line in lines)
    sheet.rectangle(left + 6, top + (BAR - height) / 2 - 1, wide + 12, height + 2, palette.surface)
    sheet.paragraph(left + 12, top + (BAR - height) / 2, lines, palette.ink_2)
