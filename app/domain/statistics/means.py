"""Intervals of one mean. The adjusted interval is the one we print; t is kept as the textbook reference."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.statistics import arguments
from app.domain.statistics.distributions import t_quantile, two_sided_z
from app.domain.statistics.proportions import at_least
from app.domain.statistics.scales import counts_by_point, scale_points


@dataclass(frozen=True)
class TInterval:
    """A mean with standard error and t interval, in the unit of the values; not clipped to any scale."""

    mean: float
    se: float
    lower: float
    upper: float
    n: float
    df: float

    @property
    def estimate(self) -> float:
        """The mean, under the name every interval has."""
        return self.mean


@dataclass(frozen=True)
class MeanInterval:
    """A raw mean with the adjusted interval, in the unit of the scale.

    adjusted_mean and se are those of the answers plus pseudo-answers: they carry the p-value, and are not printed.
    """

    mean: float
    adjusted_mean: float
    se: float
    lower: float
    upper: float
    n: float
    conf_level: float

    @property
    def estimate(self) -> float:
        """The raw mean, under the name every interval has."""
        return self.mean


def mean_interval_t(
    n: float, mean: float, sd: float, conf_level: float = 0.95, *, population_size: float | None = None
) -> TInterval:
    """Return mean and t interval; with population_size N the standard error shrinks by sqrt(1 - n/N).

    Sources: Student (1908); Cochran for the finite population. n must be above 1.
    """
    n = arguments.positive("n", n)
    if n <= 1:
        raise ValueError(f"n must be greater than 1 for an interval, not {n!r}")
    mean = arguments.finite("mean", mean)
    se = arguments.not_negative("sd", sd) / math.sqrt(n)
    if population_size is not None:
        se *= math.sqrt(1 - n / at_least("population_size", population_size, n))
    half = t_quantile((1 + arguments.level("conf_level", conf_level)) / 2, n - 1) * se
    return TInterval(mean, se, mean - half, mean + half, n=n, df=n - 1)


def mean_interval_adjusted(
    counts: Sequence[float] | None = None,
    values: Sequence[float] = (),
    pseudo_answers: float = 3,
    conf_level: float = 0.95,
    *,
    n: float | None = None,
    sum_x: float | None = None,
    sum_x2: float | None = None,
    design_effect: float = 1.0,
) -> MeanInterval:
    """Return the mean with an interval that stays honest at the ceiling of a scale, clipped to the scale.

    Give either `counts` per scale point or the sufficient statistics `n`, `sum_x`, `sum_x2` (real: requesters' own
    means give n = G, sum of means, sum of squared means); `values` are the points of the scale in both. Pseudo-answers
    are spread evenly over the points, then a normal interval is taken. Source: our own, by analogy with the
    adjusted-Wald NPS of Rocks (2016); coverage in docs/methods.md.
    """
    points = scale_points(values)
    pseudo = arguments.not_negative("pseudo_answers", pseudo_answers)
    size, total, squares = _sums(values, counts, (n, sum_x, sum_x2))
    many = size + pseudo
    centre = (total + pseudo * sum(points) / len(points)) / many
    second = (squares + pseudo * sum(point * point for point in points) / len(points)) / many
    se = math.sqrt(max(0.0, second - centre * centre) * arguments.positive("design_effect", design_effect) / many)
    half = two_sided_z(conf_level) * se
    return MeanInterval(
        mean=min(max(total / size, points[0]), points[-1]),
        adjusted_mean=centre,
        se=se,
        lower=min(max(centre - half, points[0]), points[-1]),
        upper=min(max(centre + half, points[0]), points[-1]),
        n=size,
        conf_level=float(conf_level),
    )


def sums_from_sd(n: float, mean: float, standard_deviation: float) -> tuple[float, float]:
    """Return (sum_x, sum_x2) of n answers known by mean and sample standard deviation (divisor n - 1)."""
    n = arguments.positive("n", n)
    mean = arguments.finite("mean", mean)
    deviation = arguments.not_negative("standard_deviation", standard_deviation)
    return n * mean, max(0.0, n - 1) * deviation**2 + n * mean**2


def _sums(
    values: Sequence[float],
    counts: Sequence[float] | None,
    given: tuple[float | None, float | None, float | None],
) -> tuple[float, float, float]:
    if counts is not None:
        if any(value is not None for value in given):
            raise ValueError("counts and n, sum_x, sum_x2 exclude each other: give one form")
        pairs = [(chosen, point) for point, chosen in zip(*counts_by_point(counts, values), strict=True)]
        return sum(c for c, _ in pairs), sum(c * v for c, v in pairs), sum(c * v * v for c, v in pairs)
    size, total, squares = given
    if size is None or total is None or squares is None:
        raise ValueError("counts, or all of n, sum_x and sum_x2, must be given")
    return _checked_sums(scale_points(values), arguments.positive("n", size), total, squares)


def _checked_sums(points: list[float], size: float, total: float, squares: float) -> tuple[float, float, float]:
    total, squares = arguments.finite("sum_x", total), arguments.finite("sum_x2", squares)
    noise = 1e-9 * size * max(1.0, points[0] ** 2, points[-1] ** 2)
    if not size * points[0] - noise <= total <= size * points[-1] + noise:
        raise ValueError(f"sum_x must give a mean on the scale {points[0]:g} to {points[-1]:g}")
    # Values between the ends of a scale obey (v - low)(high - v) >= 0, summed up.
    most = (points[0] + points[-1]) * total - size * points[0] * points[-1]
    if not total * total / size - noise <= squares <= most + noise:
        raise ValueError("sum_x2 does not fit n, sum_x and the scale")
    return size, total, squares
