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
