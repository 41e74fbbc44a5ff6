"""What a control chart draws and where: points with the limits that came with them, words, and the plot's geometry."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.reports.charts.plots import Plot
from app.reports.charts.sheets import Head


@dataclass(frozen=True)
class ControlPoint:
    """One month or quarter: value, limits and centre 0..1 as published; without a value it is a gap."""

    name: str  # "Jan", "Q1"
    year: str
    order: int  # 1 for the first of a year: names that do not fit leave from here
    value: float | None = None
    limits: tuple[float, float] | None = None
    centre: float | None = None
    phase: int | None = None
    signal: str = ""  # the rule in words, "" without a signal
    is_hidden: bool = False

    @property
    def is_above(self) -> bool:
        """True where the value lies above its centre."""
        return self.value is not None and self.centre is not None and self.value > self.centre


@dataclass(frozen=True)
class ControlWords:
    """Words of the chart, translated."""

    average: str  # "average 83%"
    upper: str
    lower: str
    band: str
    too_early: str
    hidden: str
    missing: str
    unit: Callable[[int], str]


@dataclass(frozen=True)
class ControlChart:
    """What to draw, oldest first; without any limits it is a run chart that says so."""

    points: tuple[ControlPoint, ...]
    words: ControlWords
    head: Head | None = None

    @property
    def is_early(self) -> bool:
        """True while there are too few values for limits."""
        return not any(point.limits for point in self.points)


@dataclass(frozen=True)
class Slot:
    """A point that has a value, with its place in pixels."""

    number: int
    point: ControlPoint
    x: float
    y: float


def slots(chart: ControlChart, plot: Plot) -> list[Slot]:
    """Return the points that have a value."""
    return [
        Slot(number, point, plot.x(number), plot.y(point.value))
        for number, point in enumerate(chart.points)
        if point.value is not None
    ]


def kept(value: float, plot: Plot) -> float:
    """Return a limit inside the axis: it ends at the frame, which a value never does."""
    return min(max(value, plot.up[0]), plot.up[1])


def runs(points: Iterable[ControlPoint]) -> list[tuple[str, bool, list[int]]]:
    """Return neighbours of equal state as (state, hidden, numbers); the state is `shown` or `gap`."""
    found: list[tuple[str, bool, list[int]]] = []
    for number, point in enumerate(points):
        state = ("gap", point.is_hidden) if point.value is None else ("shown", False)
        if found and found[-1][:2] == state:
            found[-1][2].append(number)
        else:
            found.append((*state, [number]))
    return found
