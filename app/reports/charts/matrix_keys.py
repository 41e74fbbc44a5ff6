"""What signs mean, in rows below a plot: each sign with its word, as many beside each other as fit."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.reports.charts.sheets import CAPTION, MARGIN, Sheet, text_width

SIGN = 14.0  # pixels
ROW = 24.0


@dataclass(frozen=True)
class Key:
    """One sign: its words, and what paints it at (left, middle); `wide` and `high` are those of the sign."""

    words: str
    paint: Callable[[Sheet, float, float], None]
    colour: str | None = None
    wide: float = SIGN
    high: float = SIGN


def keys_height(keys: Sequence[Key], width: float) -> float:
    """Return the height of all rows."""
    return sum(_height(row) for row in _rows(keys, width))


def draw_keys(sheet: Sheet, keys: Sequence[Key], top: float) -> None:
    """Draw the signs with their words."""
    for row in _rows(keys, sheet.width):
        x, middle = float(MARGIN), top + _height(row) / 2
        for key in row:
            key.paint(sheet, x, middle)
            words_at = x + key.wide + 6
            sheet.text(words_at, middle + CAPTION * 0.36, key.words, key.colour or sheet.palette.ink_2)
            x = words_at + text_width(key.words, CAPTION) + 14
        top += _height(row)


def _height(row: Sequence[Key]) -> float:
    return max(ROW, max(key.high for key in row) + 8)


def _rows(keys: Sequence[Key], width: float) -> Iterator[list[Key]]:
    row: list[Key] = []
    used = float(MARGIN)
    for key in keys:
        needed = key.wide + 6 + text_width(key.words, CAPTION)
        if row and used + needed > width - MARGIN:
            yield row
            row, used = [], float(MARGIN)
        row.append(key)
        used += needed + 14
    yield row
