"""Rates of events: so many per exposure, with the exact interval of a Poisson count."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.domain.statistics import arguments


@dataclass(frozen=True)
class Rate:
    """Events per unit of exposure with the interval; n is the exposure, x the count."""

    estimate: float
    lower: float
    upper: float
    x: int
    n: float
    conf_level: float


def poisson_interval(count: int, exposure: float, conf_level: float = 0.95) -> Rate:
    """Return count / exposure with the exact interval: each bound leaves (1 - conf_level) / 2 beyond the count.

    Solved by bisection on the Poisson distribution; the chi-square quantiles of Garwood are the same numbers. At
    count = 0 the lower bound is 0. Source: Garwood (1936), Biometrika 28:437-442.
    """
    count = arguments.whole("count", count, least=0)
    exposure = arguments.positive("exposure", exposure)
    tail = (1 - arguments.level("conf_level", conf_level)) / 2
    lower = _solve(lambda mean: 1 - _at_most(count - 1, mean) >= tail, count) if count else 0.0
    upper = _solve(lambda mean: _at_most(count, mean) <= tail, count)
    return Rate(count / exposure, lower / exposure, upper / exposure, x=count, n=exposure, conf_level=conf_level)


def _at_most(count: int, mean: float) -> float:
    """Return P(X <= count) of a Poisson variable."""
    if mean <= 0:
        return 1.0
    steps = np.log(np.arange(1, count + 1, dtype=float))
    logs = np.concatenate(([0.0], np.cumsum(math.log(mean) - steps))) - mean
    return min(1.0, float(np.exp(logs).sum()))


def _solve(is_beyond: Callable[[float], bool], count: int) -> float:
    """Return the least mean for which the rising condition holds."""
    low, high = 0.0, count + 1.0
    while not is_beyond(high):
        low, high = high, high * 2
    for _ in range(200):
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        low, high = (low, middle) if is_beyond(middle) else (middle, high)
    return high
