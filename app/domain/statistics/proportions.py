"""Intervals of one share: Wilson's, with design effect and finite population, and the bounds of nonresponse."""

import math
from dataclasses import dataclass

from app.domain.statistics import arguments
from app.domain.statistics.distributions import two_sided_z


@dataclass(frozen=True)
class ShareInterval:
    """A share 0..1 with its interval; n is the (effective) n of the formula and x = estimate times n."""

    estimate: float
    lower: float
    upper: float
    x: float
    n: float
    conf_level: float


@dataclass(frozen=True)
class ProportionEstimate:
    """A share 0..1 with its standard error."""

    estimate: float
    se: float


@dataclass(frozen=True)
class Bounds:
    """The smallest and largest value the share 0..1 can have."""

    lower: float
    upper: float


def wilson_interval(
    x: float,
    n: float,
    conf_level: float = 0.95,
    *,
    design_effect: float = 1.0,
    population_size: float | None = None,
) -> ShareInterval:
    """Return the score interval of x favourable of n, both real; exactly 0 at x = 0 and exactly 1 at x = n.

    n is divided by the design effect; with population_size N the effective size is n (N-1)/(N-n) (descriptive target
    only), and at n = N nothing is left to estimate: the interval is the point, which no page may print as certainty.
    Sources: Wilson (1927); Newcombe (1998) method 3; Cochran, Sampling Techniques, for the finite population.
    """
    n = arguments.positive("n", n)
    x = arguments.part_of("x", x, "n", n)
    z = two_sided_z(conf_level)
    share = x / n
    effective = n / arguments.positive("design_effect", design_effect)
    if population_size is not None:
        population = at_least("population_size", population_size, n)
        effective = effective * max(0.0, population - 1) / (population - n) if population > n else math.inf
    lower, upper = wilson_bounds(share, effective, z)
    return ShareInterval(share, lower, upper, x=x, n=n, conf_level=float(conf_level))


def wilson_bounds(share: float, n: float, z: float) -> tuple[float, float]:
    """Return Wilson's bounds for a share 0..1 at a given z (also 0 or infinite n)."""
    if math.isinf(n):
        return share, share
    denominator = n + z * z
    if denominator == 0:
        return share, share
    centre = (n * share + z * z / 2) / denominator
    half = z * math.sqrt(n * share * (1 - share) + z * z / 4) / denominator
    lower = 0.0 if share == 0 else min(max(0.0, centre - half), share)
    upper = 1.0 if share == 1 else max(min(1.0, centre + half), share)
    return lower, upper


def proportion_fpc(x: float, n: float, population_size: float) -> ProportionEstimate:
    """Return a share and its standard error sqrt((1 - n/N) p (1-p) / (n-1)) for n drawn at random from N.

    Source: Cochran; Lohr, Sampling: Design and Analysis. n must be above 1.
    """
    n = arguments.positive("n", n)
    if n <= 1:
        raise ValueError(f"n must be greater than 1 for a standard error, not {n!r}")
    share = arguments.part_of("x", x, "n", n) / n
    population = at_least("population_size", population_size, n)
    return ProportionEstimate(share, math.sqrt((1 - n / population) * share * (1 - share) / (n - 1)))


def nonresponse_bounds(x: float, n: float, population_size: float) -> Bounds:
    """Return the worst cases x/N and (x + N - n)/N, whatever those who did not answer think (n = 0 gives 0 to 1).

    Source: Manski (1989), worst-case bounds.
    """
    n = arguments.not_negative("n", n)
    x = arguments.part_of("x", x, "n", n)
    population = at_least("population_size", arguments.positive("population_size", population_size), n)
    return Bounds(x / population, min(1.0, (x + (population - n)) / population))


def at_least(name: str, value: float, least: float) -> float:
    """Return value as a float, or raise ValueError if it is below least."""
    number = arguments.finite(name, value)
    if number < least:
        raise ValueError(f"{name} must be at least {least:g}, not {value!r}")
    return number
