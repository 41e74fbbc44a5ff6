"""Many comparisons at once: false discovery rate, Holm, and ranks with their uncertainty."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.domain.statistics import arguments

DEFAULT_SEED = 20260101
_ROUNDING = 1e-12


@dataclass(frozen=True)
class AdjustedPValues:
    """Adjusted p-values in the order given, which of them are rejected, and how many."""

    adjusted: list[float]
    is_rejected: list[bool]
    rejected: int


@dataclass(frozen=True)
class RankIntervals:
    """Interval of each rank, 1 for the highest, in the order given."""

    lower: list[int]
    upper: list[int]
    seed: int


def benjamini_hochberg(p_values: Sequence[float], q: float = 0.05) -> AdjustedPValues:
    """Adjust a declared family of p-values for the false discovery rate; an empty family stays empty.

    Source: Benjamini & Hochberg (1995): adjusted p_(i) = min over j >= i of m p_(j) / j.
    """
    q = arguments.level("q", q)
    given = [arguments.probability("p_values", p) for p in arguments.listed("p_values", p_values)]
    order = sorted(range(len(given)), key=lambda i: given[i])
    adjusted = [0.0] * len(given)
    least = 1.0
    for rank in range(len(given), 0, -1):
        index = order[rank - 1]
        least = min(least, given[index] / (rank / len(given)))  # in this order m p / m is p itself
        adjusted[index] = least
    return _judged(adjusted, q)


def holm(p_values: Sequence[float], alpha: float = 0.05) -> AdjustedPValues:
    """Adjust a family of p-values for the chance of any false rejection. Source: Holm (1979); R's p.adjust."""
    alpha = arguments.level("alpha", alpha)
    given = [arguments.probability("p_values", p) for p in arguments.listed("p_values", p_values)]
    adjusted = [0.0] * len(given)
    most = 0.0
    for done, index in enumerate(sorted(range(len(given)), key=lambda i: given[i])):
        most = max(most, min(1.0, (len(given) - done) * given[index]))
        adjusted[index] = most
    return _judged(adjusted, alpha)


def rank_interval(
    estimates: Sequence[float],
    sds: Sequence[float],
    conf_level: float = 0.90,
    draws: int = 5000,
    seed: int = DEFAULT_SEED,
) -> RankIntervals:
    """Return the interval of each department's rank from draws of independent normal posteriors.

    Source: Goldstein & Spiegelhalter (1996). An empty list has no ranks. Equal draws, as where nothing is known to
    differ (every sd 0), are put in a random order: a tie must not come out as a rank.
    """
    arguments.same_length(estimates=estimates, sds=sds)
    centres = arguments.numbers("estimates", estimates, least=0)
    spreads = [arguments.not_negative("sds", sd) for sd in sds]
    tail = (1 - arguments.level("conf_level", conf_level)) / 2
    draws, seed = arguments.whole("draws", draws, least=1), arguments.seed(seed)
    if not centres:
        return RankIntervals([], [], seed)
    generator = np.random.default_rng(seed)
    drawn = generator.normal(centres, spreads, size=(draws, len(centres)))
    highest_first = np.lexsort((generator.random(drawn.shape), -drawn), axis=1)
    ranks = np.argsort(highest_first, axis=1) + 1
    lower = np.quantile(ranks, tail, axis=0, method="lower")
    upper = np.quantile(ranks, 1 - tail, axis=0, method="higher")
    return RankIntervals([int(rank) for rank in lower], [int(rank) for rank in upper], seed)


def _judged(adjusted: list[float], threshold: float) -> AdjustedPValues:
    limit = threshold * (
        1 + _ROUNDING
    )  # 3 * 0.05 / 3 lies a last place above 0.05, and is rejected at 0.05 all the same
    is_rejected = [p <= limit for p in adjusted]
    return AdjustedPValues(adjusted, is_rejected, sum(is_rejected))
