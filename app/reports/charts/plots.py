"""Axes of shares that several charts have: one of two ranges, never fitted to the data (charts.md §1)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.reports.charts.sheets import CAPTION, Sheet

LOW = 0.40  # shares start here, or at nothing where anything lies below


@dataclass(frozen=True)
class Plot:
    """A frame in CSS pixels and the values at its edges."""

    left: float
    right: float
    top: float
    bottom: float
    across: tuple[float, float]
    up: tuple[float, float]

    def x(self, value: float) -> float:
        """Return the place of a value from left to right."""
        low, high = self.across
        return self.left + (value - low) / (high - low) * (self.right - self.left)

    def y(self, value: float) -> float:
        """Return the place of a value from the bottom up."""
        low, high = self.up
        return self.bottom - (value - low) / (high - low) * (self.bottom - self.top)


def lowest(values: Iterable[float], usual: float = LOW) -> float:
    """Return where an axis of shares begins: at `usual`, or at 0 if anything lies below."""
    return 0.0 if min(values) < usual else usual


def share_ticks(low: float) -> list[int]:
    """Return at most five per cent values from `low` (0..1) to 100."""
    return {0.0: [0, 25, 50, 75, 100], 0.4: [40, 60, 80, 100], 0.6: [60, 70, 80, 90, 100]}[low]


def rows(sheet: Sheet, plot: Plot, ticks: Sequence[int], unit: Callable[[int], str]) -> None:
    """Draw the horizontal grid with its numbers left of it; only the last has its unit."""
    for tick in ticks:
        y = plot.y(tick / 100)
        colour = sheet.palette.line_strong if tick == 0 else sheet.palette.grid
        sheet.line([plot.left, plot.right], [y, y], colour, 1, solid_capstyle="butt")
        label = unit(tick) if tick == ticks[-1] else str(tick)
        sheet.text(plot.left - 6, y + CAPTION * 0.36, label, sheet.palette.ink_2, align="right")


def columns(sheet: Sheet, plot: Plot, ticks: Sequence[int], unit: Callable[[int], str]) -> None:
    """Draw the vertical grid with its numbers below it."""
    for tick in ticks:
        x = plot.x(tick / 100)
        sheet.line([x, x], [plot.top, plot.bottom], sheet.palette.grid, 1, solid_capstyle="butt")
        label = unit(tick) if tick == ticks[-1] else str(tick)
        sheet.text(x, plot.bottom + 18, label, sheet.palette.ink_2, align="center")
