"""Another scale set on ours by people who answered both questions: linear equating of means, with its own error.

Never through a recommendation: an NPS throws away what equating needs. Sources: Kolen & Brennan, Test Equating, Scaling
and Linking, chapter 4 (linear method, single group); the bootstrap of people for its error is ours. docs/methods.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.domain.statistics import DEFAULT_SEED, MeanInterval
from app.domain.statistics.distributions import two_sided_z

FEWEST_PEOPLE = 100  # who answered both
REPLICATES = 2_000
METHOD = "linear_equating"
_LOW, _HIGH = 0.0, 100.0


@dataclass(frozen=True)
class Equating:
    """y = intercept + slope x for means on 0..100, from `people` who answered both.

    The variances and covariance are those of intercept and slope over bootstrap samples of people drawn with `seed`.
    """

    slope: float
    intercept: float
    people: int
    seed: int
    slope_variance: float
    intercept_variance: float
    covariance: float

    def error_at(self, mean: float) -> float:
        """Return the standard error that the equating adds to a mean on 0..100."""
        variance = self.intercept_variance + 2 * mean * self.covariance + mean * mean * self.slope_variance
        return math.sqrt(max(0.0, variance))

    def equated(self, found: MeanInterval) -> MeanInterval:
        """Return a mean on 0..100 of the other scale as a mean on ours; its interval holds the equating error, too."""
        centre = self.intercept + self.slope * found.adjusted_mean
        se = math.hypot(self.slope * found.se, self.error_at(found.adjusted_mean))
        half = two_sided_z(found.conf_level) * se
        return MeanInterval(
            mean=_on_scale(self.intercept + self.slope * found.mean),
            adjusted_mean=centre,
            se=se,
            lower=_on_scale(centre - half),
            upper=_on_scale(centre + half),
            n=found.n,
            conf_level=found.conf_level,
        )


def equate(pairs: Sequence[tuple[float, float]], *, seed: int = DEFAULT_SEED) -> Equating | None:
    """Return the equating of the first scale to the second, both on 0..100; None where the pairs do not carry it.

    It takes 100 people and answers that vary on both sides: slope s_y / s_x, through the two means.
    """
    if len(pairs) < FEWEST_PEOPLE:
        return None
    theirs, ours = np.array(pairs, dtype=np.float64).T
    if theirs.std() < 1e-9 or ours.std() < 1e-9:
        return None
    columns = np.stack([np.ones(len(pairs)), theirs, ours, theirs**2, ours**2], axis=1)
    slope, intercept = (float(found[0]) for found in _lines(columns.sum(axis=0)[np.newaxis]))
    times = np.random.default_rng(seed).multinomial(len(pairs), np.full(len(pairs), 1 / len(pairs)), size=REPLICATES)
    drawn = np.stack(_lines(times @ columns))
    spread = np.cov(drawn)
    return Equating(
        slope,
        intercept,
        people=len(pairs),
        seed=seed,
        slope_variance=float(spread[0, 0]),
        intercept_variance=float(spread[1, 1]),
        covariance=float(spread[0, 1]),
    )


def _lines(
    sums: "np.ndarray[tuple[int, int], np.dtype[np.float64]]",
) -> tuple["np.ndarray[tuple[int], np.dtype[np.float64]]", "np.ndarray[tuple[int], np.dtype[np.float64]]"]:
    """Return slopes and intercepts of rows of n, sums and sums of squares; samples that do not vary keep slope 1."""
    n, x, y, x2, y2 = sums.T
    of_theirs, of_ours = (np.maximum(squares / n - (total / n) ** 2, 0.0) for squares, total in ((x2, x), (y2, y)))
    varies = of_theirs > 1e-9
    slopes = np.where(varies, np.sqrt(of_ours / np.where(varies, of_theirs, 1.0)), 1.0)
    return slopes, y / n - slopes * x / n


def _on_scale(value: float) -> float:
    return min(max(value, _LOW), _HIGH)
