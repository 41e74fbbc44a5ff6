"""Control charts: limits of natural variation, and the signals beyond them. Points count from 1."""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.statistics import arguments

_D2 = 1.128  # expected range of two normal values in standard deviations (NIST 6.3.2.2)
_RUN = 8  # points in a row on one side of the centre
_NEAR_LIMIT = (3, 4)  # 3 of 4 nearer to a limit than to the centre


@dataclass(frozen=True)
class XmrLimits:
    """Centre and limits of single values, in their unit; out_of_control counts points from 1."""

    center: float
    mean_moving_range: float
    lcl: float
    ucl: float
    out_of_control: list[int]


@dataclass(frozen=True)
class PChartLimits:
    """Centre and limits of shares 0..1: one number where all n are equal, else one limit per point."""

    center: float
    lcl: float | list[float]
    ucl: float | list[float]
    out_of_control: list[int]


@dataclass(frozen=True)
class ChartSignal:
    """What is unusual (`outside`, `run`, `near_limit`) and the point, counted from 1, that completes the pattern."""

    kind: str
    point: int


def xmr_limits(values: Sequence[float]) -> XmrLimits:
    """Return the mean and mean +- 3/1.128 times the mean moving range; at least two values.

    Source: NIST/SEMATECH e-Handbook 6.3.2.2.
    """
    given = arguments.numbers("values", values, least=2)
    center = math.fsum(given) / len(given)
    moving = math.fsum(abs(b - a) for a, b in itertools.pairwise(given)) / (len(given) - 1)
    half = 3 * moving / _D2
    limits = [(center - half, center + half)] * len(given)
    return XmrLimits(center, moving, center - half, center + half, _outside(given, limits))


def p_chart_limits(x: Sequence[float], n: Sequence[float]) -> PChartLimits:
    """Return the common share and its limits p +- 3 sqrt(p(1-p)/n_i), cut at 0 and 1.

    Limits are scalars when all n are equal, else lists. Source: Montgomery; NIST 6.3.3.2.
    """
    arguments.same_length(x=x, n=n)
    sizes = [arguments.positive("n", size) for size in arguments.numbers("n", n)]
    parts = [arguments.part_of("x", part, "n", size) for part, size in zip(x, sizes, strict=True)]
    center = sum(parts) / sum(sizes)
    limits = p_chart_bounds(center, sizes)
    out = _outside([part / size for part, size in zip(parts, sizes, strict=True)], limits)
    if len(set(sizes)) == 1:
        return PChartLimits(center, limits[0][0], limits[0][1], out)
    return PChartLimits(center, [lower for lower, _ in limits], [upper for _, upper in limits], out)


def p_chart_bounds(center: float, n: Sequence[float]) -> list[tuple[float, float]]:
    """Return the limits of shares of n answers around a centre that may come from other points, cut at 0 and 1."""
    halves = [3 * math.sqrt(center * (1 - center) / size) for size in n]
    return [(max(0.0, center - half), min(1.0, center + half)) for half in halves]


def chart_signals(
    values: Sequence[float], center: float, lcl: float | Sequence[float], ucl: float | Sequence[float]
) -> list[ChartSignal]:
    """Return the signals of a chart: a point outside, 8 in a row on one side, 3 of 4 nearer to a limit.

    Source: NHS England, Making Data Count, and Wheeler's XmR rules.
    """
    given = arguments.numbers("values", values, least=0)
    lower, upper = _per_point("lcl", lcl, len(given)), _per_point("ucl", ucl, len(given))
    limits = list(zip(lower, upper, strict=True))
    signals = [ChartSignal("outside", point) for point in _outside(given, limits)]
    sides = [(value > center) - (value < center) for value in given]
    near = [
        side * (value > (center + high) / 2 or value < (center + low) / 2)
        for value, side, (low, high) in zip(given, sides, limits, strict=True)
    ]
    signals += [ChartSignal("run", point) for point in _windows(sides, _RUN, _RUN)]
    signals += [ChartSignal("near_limit", point) for point in _windows(near, *_NEAR_LIMIT)]
    return sorted(signals, key=lambda signal: (signal.point, signal.kind))


def _outside(values: Sequence[float], limits: Sequence[tuple[float, float]]) -> list[int]:
    # A series without variation has limits equal to its centre; rounding there is no signal.
    return [
        point
        for point, (value, (lower, upper)) in enumerate(zip(values, limits, strict=True), start=1)
        if value < lower - 1e-12 * (1 + abs(lower)) or value > upper + 1e-12 * (1 + abs(upper))
    ]


def _windows(marks: Sequence[int], wanted: int, length: int) -> Iterator[int]:
    """Yield each point that completes a window with `wanted` equal marks (1 above, -1 below) among `length`."""
    for end in range(wanted, len(marks) + 1):
        window = marks[max(0, end - length) : end]
        last = window[-1]
        if last != 0 and window.count(last) >= wanted:
            yield end


def _per_point(name: str, limit: float | Sequence[float], count: int) -> list[float]:
    if isinstance(limit, Sequence):
        arguments.same_length(**{"values": [0.0] * count, name: limit})
        return arguments.numbers(name, limit, least=0)
    return [arguments.finite(name, limit)] * count
