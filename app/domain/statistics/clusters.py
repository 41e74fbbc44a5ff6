"""Several answers of one person: intraclass correlation, design effect, cluster-robust standard error."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.statistics import arguments
from app.domain.statistics.distributions import t_quantile
from app.domain.statistics.proportions import at_least, wilson_interval


@dataclass(frozen=True)
class ClusteredProportion:
    """A share 0..1 of n answers by clusters, with intraclass correlation, design effect and Wilson interval."""

    estimate: float
    n: float
    x: float
    clusters: int
    icc: float
    design_effect: float
    lower: float
    upper: float


@dataclass(frozen=True)
class ClusterMean:
    """A mean with cluster-robust standard error; se and interval are None with a single cluster."""

    mean: float
    se: float | None
    lower: float | None
    upper: float | None
    clusters: int


def clustered_proportion(
    cluster_successes: Sequence[float], cluster_sizes: Sequence[float], conf_level: float = 0.95
) -> ClusteredProportion:
    """Return a share with Wilson interval at n divided by the design effect sum of m(1 + (m-1) icc) / n.

    icc is the ANOVA estimator. Where the data cannot tell (one cluster, or no spread at all) it is taken as 1: one
    person, one vote. A design effect below 1 counts as 1. Sources: Donner (1986); Short et al. (2020).
    """
    arguments.same_length(cluster_successes=cluster_successes, cluster_sizes=cluster_sizes)
    sizes = [arguments.positive("cluster_sizes", m) for m in arguments.numbers("cluster_sizes", cluster_sizes)]
    successes = [
        arguments.part_of("cluster_successes", x, "cluster_sizes", m)
        for x, m in zip(cluster_successes, sizes, strict=True)
    ]
    n, x = sum(sizes), sum(successes)
    icc = _anova_icc(successes, sizes)
    effect = max(1.0, sum(m * (1 + (m - 1) * icc) for m in sizes) / n)
    interval = wilson_interval(x, n, conf_level, design_effect=effect)
    return ClusteredProportion(
        interval.estimate, n, x, len(sizes), icc, effect, lower=interval.lower, upper=interval.upper
    )


def cluster_robust_mean(
    cluster_totals: Sequence[float],
    cluster_sizes: Sequence[float],
    population_clusters: float | None = None,
    conf_level: float = 0.95,
) -> ClusterMean:
    """Return the mean of all answers with v = G/(G-1) sum (t - m mean)^2 / n^2 and t on G - 1 degrees of freedom.

    With population_clusters the variance shrinks by 1 - G/N. Source: Lohr, Sampling: Design and Analysis, chapter 5.
    """
    arguments.same_length(cluster_totals=cluster_totals, cluster_sizes=cluster_sizes)
    totals = arguments.numbers("cluster_totals", cluster_totals)
    sizes = [arguments.positive("cluster_sizes", m) for m in cluster_sizes]
    groups, n = len(totals), sum(sizes)
    arguments.level("conf_level", conf_level)
    left = 1.0
    if population_clusters is not None:
        left = 1 - groups / at_least("population_clusters", population_clusters, groups)
    mean = math.fsum(totals) / n
    if groups == 1:
        return ClusterMean(mean, None, None, None, groups)
    squares = math.fsum((total - size * mean) ** 2 for total, size in zip(totals, sizes, strict=True))
    se = math.sqrt(left * groups / (groups - 1) * squares) / n
    half = t_quantile((1 + conf_level) / 2, groups - 1) * se
    return ClusterMean(mean, se, mean - half, mean + half, groups)


def _anova_icc(successes: list[float], sizes: list[float]) -> float:
    groups, n = len(sizes), sum(sizes)
    if groups == 1 or n <= groups:
        return 1.0
    share = sum(successes) / n
    pairs = list(zip(successes, sizes, strict=True))
    between = sum(m * (x / m - share) ** 2 for x, m in pairs) / (groups - 1)
    within = sum(x * (1 - x / m) for x, m in pairs) / (n - groups)
    typical = (n - sum(m * m for m in sizes) / n) / (groups - 1)
    spread = between + (typical - 1) * within
    return (between - within) / spread if spread > 1e-15 else 1.0
