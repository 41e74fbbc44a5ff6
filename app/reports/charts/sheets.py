"""A sheet to draw on in CSS pixels, with measured text; knows nothing of what is drawn.

`tight_layout` and its relatives change the size with the text, so every place is computed here by hand
(docs/decisions/0009). Origin top left, y downwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

    from app.reports.charts.palettes import Palette

NARROW, WIDE = 360, 720
MARGIN = 14
TEXT, CAPTION = 13.0, 12.0
POINTS_PER_PIXEL = 0.75
LINE_HEIGHT = 1.3
DOT = 9.0
MISSING_GLYPH = "\ufffd"


def matplot() -> ModuleType:
    """Return matplotlib as the charts use it, imported when something is drawn first: most commands draw nothing."""
    from app.reports.charts import matplot as library  # noqa: PLC0415

    return library


def font_folder() -> Path:
    """Return where the fonts are that come with matplotlib."""
    folder: Path = matplot().FONT_FOLDER
    return folder


@cache
def _font(size: float, *, bold: bool) -> FontProperties:
    font: FontProperties = matplot().FontProperties(
        family="DejaVu Sans", size=size, weight="bold" if bold else "normal"
    )
    return font


@cache
def _glyphs(*, bold: bool) -> frozenset[int]:
    return frozenset(matplot().FT2Font(matplot().findfont(_font(CAPTION, bold=bold))).get_charmap())


@cache
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of `text` in CSS pixels; bold is measured as bold."""
    width, _, _ = matplot().measure.get_text_width_height_descent(text, _font(size, bold=bold), ismath=False)
    return float(width)


def drawable(text: str, *, bold: bool = False) -> str:
    """Replace characters the bundled font lacks (emoji, Chinese): they would warn and print as boxes."""
    known = _glyphs(bold=bold)
    return "".join(letter if ord(letter) in known else MISSING_GLYPH for letter in text)


def wrap(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """Break `text` into lines of at most `room` pixels: at plain spaces, inside a word only where it is too long."""
    lines: list[str] = []
    for word in drawable(text, bold=bold).split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold=bold) <= room:
            lines[-1] = longer
            continue
        rest = word
        while text_width(rest, size, bold=bold) > room and len(rest) > 1:
            cut = _fitting(rest, room, size, bold=bold)
            lines.append(f"{rest[:cut]}-")
            rest = rest[cut:]
        lines.append(rest)
    return lines


def _fitting(word: str, room: float, size: float, *, bold: bool) -> int:
    cut = len(word) - 1
    while cut > 1 and text_width(f"{word[:cut]}-", size, bold=bold) > room:
        cut -= 1
    return cut


@dataclass(frozen=True)
class Head:
    """Title, subtitle and foot inside the picture: for a download that stands alone. Elsewhere they are text."""

    title: str
    subtitle: str = ""
    foot: str = ""


@dataclass(frozen=True)
class Box:
    """Where a text stands, for tests that nothing is cut or covered."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass
class Sheet:
    """One picture under construction; `boxes` remembers the texts."""

    width: float
    height: float
    palette: Palette
    boxes: list[Box] = field(default_factory=list)

    def __post_init__(self) -> None:
        size = (self.width / 96, self.height / 96)
        self.figure: Figure = matplot().Figure(figsize=size, dpi=96, facecolor=self.palette.surface)
        self.axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self.axes.set_axis_off()
        self.axes.set_xlim(0, self.width)
        self.axes.set_ylim(self.height, 0)

    def text(
        self,
        x: float,
        baseline: float,
        words: str,
        colour: str,
        *,
        size: float = CAPTION,
        bold: bool = False,
        align: str = "left",
    ) -> None:
        """Write one line of `words`."""
        shown = drawable(words, bold=bold)
        wide = text_width(shown, size, bold=bold)
        left = x - wide * {"left": 0.0, "center": 0.5, "right": 1.0}[align]
        self.boxes.append(Box(shown, left, baseline - size * 0.76, left + wide, baseline + size * 0.24))
        weight = "bold" if bold else "normal"
        points = size * POINTS_PER_PIXEL
        self.axes.text(x, baseline, shown, color=colour, fontsize=points, weight=weight, ha=align, va="baseline")

    def upright(self, x: float, middle: float, words: str, colour: str, *, ground: str) -> None:
        """Write a caption from bottom to top on its own ground."""
        shown, wide = drawable(words), text_width(drawable(words), CAPTION)
        box = Box(shown, x - 8, middle - wide / 2 - 3, x + 8, middle + wide / 2 + 3)
        self.boxes.append(box)
        self.rectangle(box.left, box.top, 16, wide + 6, ground)
        points = CAPTION * POINTS_PER_PIXEL
        self.axes.text(x, middle, shown, color=colour, fontsize=points, rotation=90, ha="center", va="center")

    def paragraph(
        self, x: float, top: float, lines: list[str], colour: str, *, size: float = CAPTION, bold: bool = False
    ) -> float:
        """Write `lines` below each other and return where the next one would begin."""
        for line in lines:
            self.text(x, top + size, line, colour, size=size, bold=bold)
            top += size * LINE_HEIGHT
        return top

    def line(self, xs: list[float], ys: list[float], colour: str, width: float = 1.0, **style: object) -> None:
        """Draw a line of `width` pixels; NaN separates parts, so that many marks are one element."""
        options = {"linewidth": width * POINTS_PER_PIXEL, "clip_on": False, **style}
        self.axes.plot(xs, ys, color=colour, **options)

    def rectangle(
        self, left: float, top: float, width: float, height: float, colour: str, *, hatch: str | None = None
    ) -> None:
        """Fill a rectangle; `hatch` is the colour of the stripes of a hidden value."""
        stripes = {"hatch": "////", "hatchcolor": hatch} if hatch else {}
        patch = matplot().Rectangle((left, top), width, height, facecolor=colour, linewidth=0, clip_on=False, **stripes)
        self.axes.add_patch(patch)

    def polygon(self, points: list[tuple[float, float]], colour: str) -> None:
        """Fill what lies between `points`."""
        self.axes.add_patch(matplot().Polygon(points, facecolor=colour, linewidth=0))

    def frame(self, left: float, top: float, width: float, height: float, fill: str, edge: str) -> None:
        """Draw a dotted frame: the band in which a difference may come from the scale."""
        patch = matplot().Rectangle((left, top), width, height, facecolor=fill, edgecolor=edge, linestyle=(0, (2, 2)))
        patch.set_linewidth(POINTS_PER_PIXEL)
        patch.set_clip_on(False)
        self.axes.add_patch(patch)

    def marks(
        self,
        xs: list[float],
        ys: list[float],
        marker: str,
        fill: str,
        edge: str,
        *,
        size: float = DOT,
        rim: float = 1.5,
    ) -> None:
        """Draw equal marks at the given places."""
        self.axes.plot(
            xs,
            ys,
            linestyle="none",
            marker=marker,
            markersize=size * POINTS_PER_PIXEL,
            markerfacecolor=fill,
            markeredgecolor=edge,
            markeredgewidth=rim * POINTS_PER_PIXEL,
            clip_on=False,
        )

    def colleagues(self, xs: list[float], ys: list[float]) -> None:
        """Draw filled petrol circles with a rim of the ground."""
        self.marks(xs, ys, "o", self.palette.internal, self.palette.surface, size=DOT + 2)

    def customers(self, xs: list[float], ys: list[float]) -> None:
        """Draw open ochre diamonds."""
        self.marks(xs, ys, "D", self.palette.surface, self.palette.external, size=7.5, rim=2)


def head_lines(head: Head | None, width: float) -> tuple[list[str], list[str], list[str]]:
    """Return the wrapped title, subtitle and foot of a picture that stands alone; empty lists without a head."""
    if head is None:
        return [], [], []
    room = width - 2 * MARGIN
    title = wrap(head.title, room, title_size(width), bold=True)
    return (
        title,
        wrap(head.subtitle, room, TEXT) if head.subtitle else [],
        wrap(head.foot, room, CAPTION) if head.foot else [],
    )


def title_size(width: float) -> float:
    """Return the size of a title: 16 narrow, 18 wide."""
    return 18.0 if width > NARROW else 16.0


def head_height(head: Head | None, width: float) -> tuple[float, float]:
    """Return the height of what stands above the plot and of what stands below."""
    title, subtitle, foot = head_lines(head, width)
    above = (len(title) * title_size(width) + len(subtitle) * TEXT) * LINE_HEIGHT
    return above + (26 if title else 8), len(foot) * CAPTION * LINE_HEIGHT + (20 if foot else 8)


def draw_head(sheet: Sheet, head: Head | None) -> None:
    """Write title and subtitle on top and the foot at the bottom."""
    title, subtitle, foot = head_lines(head, sheet.width)
    top = sheet.paragraph(MARGIN, 10, title, sheet.palette.ink, size=title_size(sheet.width), bold=True)
    sheet.paragraph(MARGIN, top + 2, subtitle, sheet.palette.ink_2, size=TEXT)
    start = sheet.height - 8 - len(foot) * CAPTION * LINE_HEIGHT
    sheet.paragraph(MARGIN, start, foot, sheet.palette.ink_2)
