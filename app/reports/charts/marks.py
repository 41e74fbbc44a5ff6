"""Marks that only some charts need: dashed lines, texts with a rim of their ground, slanted heads, shortened names."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.reports.charts.sheets import CAPTION, POINTS_PER_PIXEL, Box, Sheet, drawable, matplot, text_width

HALO = "halo-"  # beginning of the id of a text with a rim; the colour follows
HALO_WIDTH = 3.0  # CSS pixels, half of it outside the letters
SLANT = 48  # degrees of the heads of a matrix


def dashed(sheet: Sheet, xs: list[float], ys: list[float], colour: str, width: float = 1.0) -> None:
    """Draw a dashed line: a target or a limit, never data."""
    sheet.line(xs, ys, colour, width, linestyle=(0, (4, 3)), dash_capstyle="butt")


def rimmed(
    sheet: Sheet,
    x: float,
    baseline: float,
    words: str,
    colour: str,
    *,
    ground: str = "",
    size: float = CAPTION,
    bold: bool = False,
    align: str = "left",
) -> None:
    """Write one line with a rim of its ground, so that it stays readable on lines."""
    sheet.text(x, baseline, words, colour, size=size, bold=bold, align=align)
    number = len(sheet.boxes)
    sheet.axes.texts[-1].set_gid(f"{HALO}{(ground or sheet.palette.surface)[1:]}-{number}")


def halo_colour(name: str) -> str:
    """Return the colour of the rim that the id of a text names."""
    return f"#{name.removeprefix(HALO)[:6]}"


@contextmanager
def with_halos(sheet: Sheet) -> Iterator[None]:
    """Draw the rims as path effects while pixels are made."""
    rimmed_texts = [text for text in sheet.axes.texts if (text.get_gid() or "").startswith(HALO)]
    for text in rimmed_texts:
        colour = halo_colour(text.get_gid() or "")
        rim = matplot().withStroke(linewidth=HALO_WIDTH * POINTS_PER_PIXEL, foreground=colour)
        text.set_path_effects([rim])
    yield
    for text in rimmed_texts:
        text.set_path_effects([])


def slanted(sheet: Sheet, x: float, bottom: float, words: str, colour: str) -> None:
    """Write a caption that rises to the right from (x, bottom)."""
    shown = drawable(words)
    points = CAPTION * POINTS_PER_PIXEL
    sheet.axes.text(
        x, bottom, shown, color=colour, fontsize=points, rotation=SLANT, ha="left", va="bottom", rotation_mode="anchor"
    )


def shortened(words: str, room: float, size: float, *, bold: bool = False) -> str:
    """Return `words`, cut with an ellipsis where they are wider than `room` pixels."""
    shown = drawable(words, bold=bold)
    if text_width(shown, size, bold=bold) <= room:
        return shown
    while len(shown) > 1 and text_width(f"{shown}…", size, bold=bold) > room:
        shown = shown[:-1].rstrip()
    return f"{shown}…"


def covers(box: Box, other: Box) -> float:
    """Return how many square pixels of `other` lie under `box`."""
    wide = min(box.right, other.right) - max(box.left, other.left)
    high = min(box.bottom, other.bottom) - max(box.top, other.top)
    return max(0.0, wide) * max(0.0, high)
