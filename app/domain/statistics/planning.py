"""How many answers it takes to see a difference. For planning; it says nothing about answers already in."""

import math
from dataclasses import dataclass

from app.domain.statistics import arguments
from app.domain.statistics.distributions import normal_quantile


@dataclass(frozen=True)
class SampleSize:
    """Answers needed in each of two groups: rounded up, and as computed."""

    n_per_group: int
    n: float


_STEPS = 60  # of the bisection: far below any rounding


def detectable_difference(
    share: float, n: float, other_n: float | None = None, alpha: float = 0.05, power: float = 0.8
) -> float:
    """Return the smallest difference from a share 0..1 that two groups of n and other_n (default n) would show.

    Towards the middle, where a difference is hardest to see. The inverse of `sample_size_two_proportions`, for unequal
    groups too (Fleiss, Levin & Paik 2003, 4.4). Where even the largest difference would not do, that one is returned.
    """
    first, size = arguments.probability("share", share), arguments.positive("n", n)
    other = size if other_n is None else arguments.positive("other_n", other_n)
    z_alpha = -normal_quantile(arguments.level("alpha", alpha) / 2)
    z_power = normal_quantile(arguments.level("power", power))
    sign = -1 if first >= 0.5 else 1
    low, high = 0.0, max(first, 1 - first)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        second = first + sign * middle
        pooled = (size * first + other * second) / (size + other)
        needed = z_alpha * math.sqrt(pooled * (1 - pooled) * (1 / size + 1 / other))
        needed += z_power * math.sqrt(first * (1 - first) / size + second * (1 - second) / other)
        low, high = (low, middle) if middle >= needed else (middle, high)
    return high


def sample_size_two_proportions(p1: float, p2: float, alpha: float = 0.05, power: float = 0.8) -> SampleSize:
    """Return the answers per group needed to tell two shares apart. Source: Fleiss; R's power.prop.test."""
    first, second = arguments.probability("p1", p1), arguments.probability("p2", p2)
    if first == second:
        raise ValueError("p2 must differ from p1: no number of answers separates equal shares")
    z_alpha = -normal_quantile(arguments.level("alpha", alpha) / 2)
    z_power = normal_quantile(arguments.level("power", power))
    middle = (first + second) / 2
    under_null = z_alpha * math.sqrt(2 * middle * (1 - middle))
    under_alternative = z_power * math.sqrt(first * (1 - first) + second * (1 - second))
    n = (max(0.0, under_null + under_alternative) / (first - second)) ** 2
    return SampleSize(max(1, math.ceil(n - 1e-9)), n)
