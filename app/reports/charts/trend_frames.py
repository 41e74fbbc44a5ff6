"""What a trend chart draws and where: input, words and the plot's geometry, shared by marks and labels."""

from collections.abc import Callable
from dataclasses import dataclass

from app.reports.charts.sheets import Head
from app.reports.published import Interval, Measure, TrendPoint


@dataclass(frozen=True)
class TrendWords:
    """Words of the chart, translated; `ticks` writes an axis number with its unit."""

    colleagues: str
    customers: str
    colleagues_last: str  # the last value, or the word of a coarse one
    customers_last: str
    colleagues_n: str
    customers_n: str
    hidden: str
    no_answers: str
    not_measured: str
    new_questions: str
    unit_tick: Callable[[int], str]
    count: Callable[[float], str]


@dataclass(frozen=True)
class Voice:
    """One side of a trend: its words, and whether it speaks for colleagues."""

    is_inside: bool
    name: str
    last: str
    n: str

    def figure(self, point: TrendPoint) -> Interval | None:
        """Return this side's figure of a quarter."""
        return point.internal if self.is_inside else point.external


@dataclass(frozen=True)
class TrendChart:
    """What to draw: slots oldest first; customers are drawn only where the same measure may share the axis."""

    points: tuple[TrendPoint, ...]
    measure: Measure
    words: TrendWords
    head: Head | None = None
    plot_height: float | None = None  # CSS pixels; the layout's own where None
    target: float | None = None  # 0..1; where both sides share the frame none is drawn
    customers_alone: bool = False  # the lower of two charts: customers answered another question

    @property
    def has_customers(self) -> bool:
        return any(point.external for point in self.points)

    @property
    def voices(self) -> tuple[Voice, ...]:
        """The sides that have a row of n and a name, colleagues first."""
        words = self.words
        inside = Voice(True, words.colleagues, words.colleagues_last, words.colleagues_n)
        outside = Voice(False, words.customers, words.customers_last, words.customers_n)
        if self.customers_alone:
            return (outside,)
        return (inside, outside) if self.has_customers else (inside,)

    @property
    def figures(self) -> list[Interval]:
        """Every interval that will be seen."""
        return [side for point in self.points for side in (point.internal, point.external) if side]

    def unit(self, value: float) -> float:
        """Return a value of the measure as 0..1."""
        return value if self.measure is Measure.SHARE else value / 100


@dataclass(frozen=True)
class TrendPlot:
    """Places in CSS pixels: slots to x, values 0..1 to y."""

    left: float
    right: float
    top: float
    bottom: float
    low: float
    slots: int

    def x(self, slot: float) -> float:
        return self.left + (slot + 0.5) * (self.right - self.left) / self.slots

    def y(self, value: float) -> float:
        return self.bottom - (value - self.low) / (1 - self.low) * (self.bottom - self.top)
