"""Correlation of two series with its interval, also lagged and from sums. It never says which causes which."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.statistics import arguments
from app.domain.statistics.distributions import t_p_value, two_sided_z

_FEWEST_PAIRS = 3


@dataclass(frozen=True)
class Correlation:
    """Pearson's r of n pairs. All None with fewer than 3 pairs or a constant series; t None where |r| = 1."""

    r: float | None
    lower: float | None
    upper: float | None
    t: float | None
    p: float | None
    n: int


@dataclass(frozen=True)
class LaggedCorrelation:
    """Pearson's r of (internal now, external `lag` periods later); None as in Correlation."""

    r: float | None
    lower: float | None
    upper: float | None
    p: float | None
    n_pairs: int
    lag: int


def pearson_interval(x: Sequence[float], y: Sequence[float], conf_level: float = 0.95) -> Correlation:
    """Return Pearson's r with Fisher's z interval and the t test. Three pairs have the interval -1 to 1.

    Source: Fisher (1921); R's cor.test.
    """
    arguments.same_length(x=x, y=y)
    xs, ys = arguments.numbers("x", x, least=0), arguments.numbers("y", y, least=0)
    z = two_sided_z(conf_level)
    r = _pearson(xs, ys)
    if r is None:
        return Correlation(None, None, None, None, None, n=len(xs))
    n = len(xs)
    if abs(r) == 1:
        return Correlation(r, r if n > _FEWEST_PAIRS else -1.0, r if n > _FEWEST_PAIRS else 1.0, None, 0.0, n=n)
    t = r * math.sqrt((n - 2) / ((1 - r) * (1 + r)))
    lower, upper = -1.0, 1.0
    if n > _FEWEST_PAIRS:
        half = z / math.sqrt(n - 3)
        lower, upper = math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half)
    return Correlation(r, lower, upper, t=t, p=t_p_value(t, n - 2), n=n)


def lagged_correlation(
    internal: Sequence[float | None], external: Sequence[float | None], lag: int, conf_level: float = 0.95
) -> LaggedCorrelation:
    """Correlate internal with the external value `lag` periods later (a negative lag: earlier).

    Both series cover the same periods; None marks a period without a figure, and its pair is left out.
    """
    arguments.same_length(internal=internal, external=external)
    lag, length = arguments.whole("lag", lag), len(internal)
    before, after = _with_holes("internal", internal), _with_holes("external", external)
    pairs = [
        (first, second)
        for first, second in zip(
            before[max(0, -lag) : max(0, length - lag)], after[max(0, lag) : max(0, length + lag)], strict=False
        )
        if first is not None and second is not None
    ]
    found = pearson_interval([first for first, _ in pairs], [second for _, second in pairs], conf_level)
    return LaggedCorrelation(found.r, found.lower, found.upper, found.p, n_pairs=len(pairs), lag=lag)


def correlation_of_sums(
    n: float, sum_x: float, sum_y: float, sum_x2: float, sum_y2: float, sum_xy: float
) -> float | None:
    """Return Pearson's r from the sums of the pairs rollup; None where a side does not vary."""
    n = arguments.positive("n", n)
    across = n * sum_xy - sum_x * sum_y
    squares = (n * sum_x2 - sum_x**2) * (n * sum_y2 - sum_y**2)
    if squares <= 0:
        return None
    return min(1.0, max(-1.0, across / math.sqrt(squares)))


def _with_holes(name: str, values: Sequence[float | None]) -> list[float | None]:
    return [None if value is None else arguments.finite(name, value) for value in values]


def _pearson(xs: list[float], ys: list[float]) -> float | None:
    n = len(xs)
    if n < _FEWEST_PAIRS or len(set(xs)) == 1 or len(set(ys)) == 1:
        return None
    mean_x, mean_y = math.fsum(xs) / n, math.fsum(ys) / n
    dx, dy = [x - mean_x for x in xs], [y - mean_y for y in ys]
    # Scaling first keeps tiny and huge series from under- or overflowing when squared.
    top_x, top_y = max(map(abs, dx)), max(map(abs, dy))
    if top_x == 0 or top_y == 0:
        return None
    dx, dy = [d / top_x for d in dx], [d / top_y for d in dy]
    norm = math.sqrt(math.fsum(d * d for d in dx) * math.fsum(d * d for d in dy))
    r = math.fsum(a * b for a, b in zip(dx, dy, strict=True)) / norm
    return math.copysign(1.0, r) if abs(r) > 1 - 1e-15 else r
