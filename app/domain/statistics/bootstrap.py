"""Bootstrap with a seed, for statistics without a formula. Below n = 100 it is no better than t for a mean."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.statistics import arguments
from app.domain.statistics.many import DEFAULT_SEED

Values = NDArray[np.float64]
Statistic = str | Callable[[Values], Values]

_MOST_DRAWN_AT_ONCE = 1_000_000  # values held in memory at a time


@dataclass(frozen=True)
class BootstrapSe:
    """Estimate with three standard errors: simulated (`se`), its limit for B to infinity, and s / sqrt(n).

    se_ideal has a formula for the mean only and equals `se` otherwise; se_classic is the standard error of the mean,
    None for one value.
    """

    mean: float
    estimate: float
    se: float
    se_ideal: float
    se_classic: float | None
    replicates: int
    seed: int


@dataclass(frozen=True)
class BootstrapInterval:
    """Estimate with percentile interval, and the seed that reproduces it."""

    estimate: float
    lower: float
    upper: float
    replicates: int
    seed: int


def bootstrap_se(
    values: Sequence[float], replicates: int = 2000, statistic: Statistic = "mean", *, seed: int = DEFAULT_SEED
) -> BootstrapSe:
    """Return the bootstrap standard error of `mean`, `median` or a function of a (replicates, n) array along axis 1.

    Source: Efron & Tibshirani (1993); the ideal value for a mean is sqrt(sum (x - mean)^2) / n.
    """
    given = np.array(arguments.numbers("values", values))
    apply, name = _statistic(statistic), statistic
    replicates, seed = arguments.whole("replicates", replicates, least=2), arguments.seed(seed)
    drawn = _replicate(given, apply, replicates, seed)
    se = float(drawn.std(ddof=1))
    deviations = float(((given - given.mean()) ** 2).sum())
    classic = math.sqrt(deviations / (given.size - 1) / given.size) if given.size > 1 else None
    return BootstrapSe(
        mean=float(given.mean()),
        estimate=float(apply(given[np.newaxis, :])[0]),
        se=se,
        se_ideal=math.sqrt(deviations) / given.size if name == "mean" else se,
        se_classic=classic,
        replicates=replicates,
        seed=seed,
    )


def bootstrap_percentile(
    values: Sequence[float],
    replicates: int = 2000,
    statistic: Statistic = "mean",
    conf_level: float = 0.95,
    *,
    seed: int = DEFAULT_SEED,
) -> BootstrapInterval:
    """Return the percentile interval of a statistic. Source: Efron & Tibshirani (1993), chapter 13."""
    given = np.array(arguments.numbers("values", values))
    tail = (1 - arguments.level("conf_level", conf_level)) / 2
    apply = _statistic(statistic)
    replicates, seed = arguments.whole("replicates", replicates, least=2), arguments.seed(seed)
    drawn = _replicate(given, apply, replicates, seed)
    lower, upper = np.quantile(drawn, [tail, 1 - tail])
    return BootstrapInterval(
        float(apply(given[np.newaxis, :])[0]), float(lower), float(upper), replicates=replicates, seed=seed
    )


def _statistic(statistic: Statistic) -> Callable[[Values], Values]:
    if callable(statistic):
        return _checked(statistic)
    known: dict[str, Callable[[Values], Values]] = {
        "mean": lambda drawn: np.asarray(drawn.mean(axis=1)),
        "median": lambda drawn: np.asarray(np.median(drawn, axis=1)),
    }
    if str(statistic) not in known:
        raise ValueError(f"statistic must be mean, median or a function, not {statistic!r}")
    return known[statistic]


def _checked(statistic: Callable[[Values], Values]) -> Callable[[Values], Values]:
    def one_value_a_row(drawn: Values) -> Values:
        found = np.asarray(statistic(drawn), dtype=np.float64)
        if found.shape != drawn.shape[:1]:
            raise ValueError("statistic must return one value for each row of a (replicates, n) array")
        return found

    return one_value_a_row


def _replicate(given: Values, apply: Callable[[Values], Values], replicates: int, seed: int) -> Values:
    generator = np.random.default_rng(seed)
    rows = max(1, _MOST_DRAWN_AT_ONCE // given.size)
    parts = [
        apply(given[generator.integers(0, given.size, size=(min(rows, replicates - done), given.size))])
        for done in range(0, replicates, rows)
    ]
    return np.concatenate(parts)
