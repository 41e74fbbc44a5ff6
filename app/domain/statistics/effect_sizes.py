"""How large a difference is, beside whether it is one: Cliff's delta."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.statistics import arguments
from app.domain.statistics.distributions import t_quantile, two_sided_z

# Romano et al. (2006): words for |delta|.
_MAGNITUDES = ((0.147, "negligible"), (0.33, "small"), (0.474, "medium"), (math.inf, "large"))


@dataclass(frozen=True)
class CliffsDelta:
    """P(a > b) - P(a < b) in -1..1; superiority is P(a > b) + P(a = b)/2."""

    delta: float
    lower: float
    upper: float
    superiority: float
    magnitude: str


def cliffs_delta(a: Sequence[float], b: Sequence[float], conf_level: float = 0.95) -> CliffsDelta:
    """Return Cliff's delta of two lists of ordinal answers.

    Sources: Cliff (1993); Feng & Cliff (2004) for the interval; R package effsize. With one answer on a side the
    interval is -1 to 1.
    """
    first = Counter(arguments.numbers("a", a))
    second = Counter(arguments.numbers("b", b))
    values = sorted(first | second)
    return cliffs_delta_of_counts([first[value] for value in values], [second[value] for value in values], conf_level)


def cliffs_delta_of_counts(a: Sequence[float], b: Sequence[float], conf_level: float = 0.95) -> CliffsDelta:
    """Return Cliff's delta of two distributions over the same ascending scale, counts per point."""
    arguments.same_length(a=a, b=b)
    first, second = arguments.counts_of("a", a), arguments.counts_of("b", b)
    m, n = sum(first), sum(second)
    rows = [dominance / n for dominance in _dominances(second)]
    columns = [-dominance / m for dominance in _dominances(first)]
    delta = sum(count * row for count, row in zip(first, rows, strict=True)) / m
    ties = sum(x * y for x, y in zip(first, second, strict=True)) / (m * n)
    spread = n * n * sum(c * (row - delta) ** 2 for c, row in zip(first, rows, strict=True))
    spread += m * m * sum(c * (column - delta) ** 2 for c, column in zip(second, columns, strict=True))
    # Sum of (d_ij - delta)^2 with d_ij in {-1, 0, 1}: m n (1 - ties - delta^2).
    spread -= m * n * (1 - ties - delta * delta)
    lower, upper = _interval(delta, spread, m, n, conf_level)
    word = next(word for bound, word in _MAGNITUDES if abs(delta) < bound)
    return CliffsDelta(delta, lower, upper, superiority=(delta + 1) / 2, magnitude=word)


def _dominances(counts: list[float]) -> list[float]:
    """Return for each point how many of the counted answers lie below it minus how many lie above."""
    total, below, result = sum(counts), 0.0, []
    for count in counts:
        result.append(below - (total - below - count))
        below += count
    return result


def _interval(delta: float, spread: float, m: float, n: float, conf_level: float) -> tuple[float, float]:
    """Return the asymmetric interval of Feng & Cliff (2004), with their rule for complete separation."""
    z = two_sided_z(conf_level)
    if m <= 1 or n <= 1:
        return -1.0, 1.0
    if abs(delta) >= 1 - 1e-12:
        nearest = (min(m, n) - z * z) / (min(m, n) + z * z)
        return (nearest, 1.0) if delta > 0 else (-1.0, -nearest)
    variance = max(0.0, spread / (m * n * (m - 1) * (n - 1)))
    t = t_quantile((1 + conf_level) / 2, m + n - 2)
    free = 1 - delta * delta
    half = t * math.sqrt(variance) * math.sqrt(free * free + t * t * variance)
    scale = free + t * t * variance
    return max(-1.0, (delta * free - half) / scale), min(1.0, (delta * free + half) / scale)
