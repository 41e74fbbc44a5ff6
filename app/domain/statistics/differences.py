"""Differences of two estimates: square-and-add, its p-value, and Welch as the textbook reference."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.domain.statistics import arguments
from app.domain.statistics.distributions import normal_p_value, t_p_value, t_quantile
from app.domain.statistics.means import MeanInterval
from app.domain.statistics.proportions import wilson_bounds, wilson_interval

_WIDEST_Z = 40.0  # the two-sided p-value of z = 38.6 is already the smallest positive float


class Interval(Protocol):
    """Anything with an estimate and two bounds."""

    @property
    def estimate(self) -> float: ...
    @property
    def lower(self) -> float: ...
    @property
    def upper(self) -> float: ...


@dataclass(frozen=True)
class Difference:
    """a - b with its interval, in the unit of the two estimates."""

    difference: float
    lower: float
    upper: float


@dataclass(frozen=True)
class _Bounds:
    estimate: float
    lower: float
    upper: float


@dataclass(frozen=True)
class WelchDifference:
    """Difference of two means; df, t and p are None where neither sample varies."""

    diff: float
    lower: float
    upper: float
    df: float | None
    t: float | None
    p: float | None


def square_and_add(a: Interval, b: Interval) -> Difference:
    """Return a - b for two independent estimates by squaring and adding the distances to the nearer bounds.

    Source: Newcombe (1998) method 10; Zou & Donner (2008) for other intervals. The bound of an adjusted mean may lie
    inside its raw mean, so a distance below zero counts as zero.
    """
    difference = a.estimate - b.estimate
    return Difference(
        difference,
        lower=difference - math.hypot(_below(a), _above(b)),
        upper=difference + math.hypot(_above(a), _below(b)),
    )


def newcombe_difference(x1: float, n1: float, x2: float, n2: float, conf_level: float = 0.95) -> Difference:
    """Return the difference x1/n1 - x2/n2 of two independent shares, counts real (Newcombe 1998, method 10)."""
    arguments.part_of("x1", x1, "n1", arguments.positive("n1", n1))
    arguments.part_of("x2", x2, "n2", arguments.positive("n2", n2))
    return square_and_add(wilson_interval(x1, n1, conf_level), wilson_interval(x2, n2, conf_level))


def difference_p_value(x1: float, n1: float, x2: float, n2: float) -> float:
    """Return the alpha at which the nearer Newcombe bound of x1/n1 - x2/n2 is 0, so that p and interval agree."""
    n1, n2 = arguments.positive("n1", n1), arguments.positive("n2", n2)
    first = arguments.part_of("x1", x1, "n1", n1) / n1
    second = arguments.part_of("x2", x2, "n2", n2) / n2

    def difference_at(z: float) -> Difference:
        return square_and_add(
            _Bounds(first, *wilson_bounds(first, n1, z)), _Bounds(second, *wilson_bounds(second, n2, z))
        )

    return p_value_of_interval(difference_at)


def p_value_of_interval(difference_at: Callable[[float], Difference]) -> float:
    """Return the alpha at which the nearer bound of difference_at(z) is 0, found by bisection on z.

    The interval must widen with z. A difference of 0 has p = 1.
    """
    sign = difference_at(0.0).difference
    if sign == 0:
        return 1.0
    low, high = 0.0, _WIDEST_Z
    for _ in range(80):
        middle = (low + high) / 2
        found = difference_at(middle)
        if (found.lower if sign > 0 else -found.upper) > 0:
            low = middle
        else:
            high = middle
    return normal_p_value((low + high) / 2)


def mean_difference_p_value(a: MeanInterval, b: MeanInterval) -> float:
    """Return 2(1 - Phi(|m1' - m2'| / sqrt(se1'^2 + se2'^2))) from the adjusted means; 1 where nothing varies."""
    se = math.hypot(a.se, b.se)
    return normal_p_value((a.adjusted_mean - b.adjusted_mean) / se) if se > 0 else 1.0


def welch_difference(a: Sequence[float], b: Sequence[float], conf_level: float = 0.95) -> WelchDifference:
    """Return mean(a) - mean(b) with Welch's t interval. Source: Welch (1947); R's t.test. Two values each at least."""
    first, second = _moments("a", a), _moments("b", b)
    diff = first[0] - second[0]
    variance = first[1] + second[1]
    arguments.level("conf_level", conf_level)
    if variance <= 0:
        return WelchDifference(diff, diff, diff, df=None, t=None, p=None)
    df = variance**2 / (first[1] ** 2 / (len(a) - 1) + second[1] ** 2 / (len(b) - 1))
    se = math.sqrt(variance)
    half = t_quantile((1 + conf_level) / 2, df) * se
    return WelchDifference(diff, diff - half, diff + half, df=df, t=diff / se, p=t_p_value(diff / se, df))


def _moments(name: str, values: Sequence[float]) -> tuple[float, float]:
    """Return mean and squared standard error."""
    given = arguments.numbers(name, values, least=2)
    mean = math.fsum(given) / len(given)
    return mean, math.fsum((value - mean) ** 2 for value in given) / (len(given) - 1) / len(given)


def _below(interval: Interval) -> float:
    return max(0.0, interval.estimate - interval.lower)


def _above(interval: Interval) -> float:
    return max(0.0, interval.upper - interval.estimate)
