"""Net promoter score: promoters 9-10 minus detractors 0-6, in points -100..100. Variance is on the -1..1 scale."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.statistics import arguments
from app.domain.statistics.distributions import normal_p_value, two_sided_z

_PSEUDO_ANSWERS = 3.0


@dataclass(frozen=True)
class NpsInterval:
    """NPS, standard error and bounds in points, clipped to -100..100; variance of one answer on -1..1."""

    nps: float
    variance: float
    se: float
    lower: float
    upper: float
    n: float
    method: str

    @property
    def estimate(self) -> float:
        """The NPS, under the name every interval has."""
        return self.nps


@dataclass(frozen=True)
class AdjustedNpsInterval:
    """NPS as observed with the adjusted-Wald interval, in points; adjusted_nps and se are not printed."""

    nps: float
    adjusted_nps: float
    se: float
    lower: float
    upper: float
    n: float
    method: str

    @property
    def estimate(self) -> float:
        """The NPS, under the name every interval has."""
        return self.nps


@dataclass(frozen=True)
class NpsDifference:
    """Difference of two NPS in points with p-value; None where neither group varies."""

    difference: float
    se: float
    lower: float
    upper: float
    p: float | None


def nps_interval_wald(detractors: float, passives: float, promoters: float, conf_level: float = 0.95) -> NpsInterval:
    """Return the NPS with its textbook interval: Var = P + D - (P - D)^2, SE = sqrt(Var / n)."""
    n, score, variance = _moments(detractors, passives, promoters)
    se = 100 * math.sqrt(variance / n)
    lower, upper = _clipped(100 * score, two_sided_z(conf_level) * se)
    return NpsInterval(100 * score, variance, se, lower, upper, n=n, method="nps_wald")


def nps_interval_adjusted(
    detractors: float, passives: float, promoters: float, conf_level: float = 0.95
) -> AdjustedNpsInterval:
    """Return the NPS with the adjusted-Wald interval: three pseudo-answers, 3/4 detractor, 3/2 passive, 3/4 promoter.

    Source: Rocks (2016), The American Statistician; MeasuringU (Lewis & Sauro 2021).
    """
    n, score, _ = _moments(detractors, passives, promoters)
    quarter = _PSEUDO_ANSWERS / 4
    many, adjusted, variance = _moments(detractors + quarter, passives + 2 * quarter, promoters + quarter)
    se = 100 * math.sqrt(variance / many)
    lower, upper = _clipped(100 * adjusted, two_sided_z(conf_level) * se)
    return AdjustedNpsInterval(100 * score, 100 * adjusted, se, lower, upper, n=n, method="nps_adjusted")


def nps_interval_bound(nps: float, n: float, conf_level: float = 0.95) -> NpsInterval:
    """Return the widest interval an NPS (points) of n answers can have when its counts are unknown.

    The variance P + D - d^2 is at most 1 - d^2, because P + D <= 1. At -100 and 100 the counts are known after all,
    and the adjusted interval is taken instead of a zero width.
    """
    score = arguments.finite("nps", nps) / 100
    if not -1 <= score <= 1:
        raise ValueError(f"nps must lie between -100 and 100, not {nps!r}")
    n = arguments.positive("n", n)
    z = two_sided_z(conf_level)
    variance = 1 - score * score
    se = 100 * math.sqrt(variance / n)
    lower, upper = _clipped(100 * score, z * se)
    if variance == 0:
        known = nps_interval_adjusted(n if score < 0 else 0, 0, n if score > 0 else 0, conf_level)
        lower, upper = known.lower, known.upper
    return NpsInterval(100 * score, variance, se, lower, upper, n=n, method="nps_bound")


def nps_difference(a: Mapping[str, float], b: Mapping[str, float], conf_level: float = 0.95) -> NpsDifference:
    """Return the difference a - b of two independent NPS, each a mapping of detractors, passives and promoters.

    Source: R package NPS (Rocks), difference with sqrt(SE1^2 + SE2^2).
    """
    first, second = _wald("a", a), _wald("b", b)
    difference = first.nps - second.nps
    se = math.hypot(first.se, second.se)
    half = two_sided_z(conf_level) * se
    return NpsDifference(
        difference, se, difference - half, difference + half, p=normal_p_value(difference / se) if se > 0 else None
    )


def _wald(name: str, counts: Mapping[str, float]) -> NpsInterval:
    missing = {"detractors", "passives", "promoters"} - arguments.names_in(counts)
    if missing:
        raise ValueError(f"{name} must name detractors, passives and promoters; missing: {', '.join(sorted(missing))}")
    try:
        return nps_interval_wald(counts["detractors"], counts["passives"], counts["promoters"])
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def _moments(detractors: float, passives: float, promoters: float) -> tuple[float, float, float]:
    down = arguments.not_negative("detractors", detractors)
    middle = arguments.not_negative("passives", passives)
    up = arguments.not_negative("promoters", promoters)
    n = down + middle + up
    if n <= 0:
        raise ValueError("detractors, passives and promoters must count at least one answer")
    score = (up - down) / n
    return n, score, max(0.0, (up + down) / n - score * score)


def _clipped(centre: float, half: float) -> tuple[float, float]:
    return min(max(centre - half, -100.0), 100.0), min(max(centre + half, -100.0), 100.0)
