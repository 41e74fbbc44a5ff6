"""What one instrument says of one touchpoint, as far as it is known; months add up to quarters by counts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.instruments import Construct, Instrument, Scale
from app.domain.instruments.equating import Equating
from app.domain.statistics import (
    MeanInterval,
    Share,
    mean_interval_adjusted,
    nps_interval_adjusted,
    nps_interval_bound,
    sums_from_sd,
)

_NPS_POINTS = 11  # 0 to 10: detractors 0-6, passives 7-8, promoters 9-10


@dataclass(frozen=True)
class NpsBounds:
    """An NPS in points -100..100 with its interval and the method that made it."""

    estimate: float
    lower: float
    upper: float
    n: float
    method: str


@dataclass(frozen=True)
class Measured:
    """One touchpoint and instrument in a month or quarter. Without n it is quoted, never computed with."""

    touchpoint: str
    instrument: Instrument
    n: int | None = None
    counts: tuple[int, ...] = ()  # answers per point, lowest point of the scale first; they add up to n
    positive: float | None = None  # favourable answers, a count
    sums: tuple[float, float] | None = None  # of the answers and of their squares, on the instrument's own scale
    nps: float | None = None  # points
    quoted: float | None = None  # a share 0..1 without n
    source: str | None = None  # where a total was published
    equating: Equating | None = None  # sets its mean on our scale

    def share(self) -> Share | None:
        """Return the favourable share, weight 1; None where it is unknown."""
        favourable = self.favourable()
        return Share(favourable, self.n) if self.n and favourable is not None else None

    def mean_interval(self) -> MeanInterval | None:
        """Return the mean on 0..100, the better the higher; None where it is unknown."""
        scale, sums = self.instrument.scale, self.sums_of_answers()
        if scale is None or sums is None or not self.n:
            return None
        total, squares = _feasible(self.n, *_on_0_100(scale, self.n, sums))
        found = mean_interval_adjusted(values=_rising_0_100(scale), n=self.n, sum_x=total, sum_x2=squares)
        return found if self.equating is None else self.equating.equated(found)

    def nps_bounds(self) -> NpsBounds | None:
        """Return the NPS with its interval: from counts adjusted, from the score alone the widest it can be."""
        if not self.n or not _is_nps(self.instrument):
            return None
        if self.counts:
            down, middle, up = sum(self.counts[:7]), sum(self.counts[7:9]), sum(self.counts[9:])
            adjusted = nps_interval_adjusted(down, middle, up)
            return NpsBounds(adjusted.nps, adjusted.lower, adjusted.upper, self.n, adjusted.method)
        if self.nps is None:
            return None
        found = nps_interval_bound(self.nps, self.n)
        return NpsBounds(found.nps, found.lower, found.upper, self.n, found.method)

    def favourable(self) -> float | None:
        """Return how many answers were favourable; None where it is unknown."""
        scale = self.instrument.scale
        if self.counts and scale is not None:
            return sum(c for point, c in zip(scale.points, self.counts, strict=True) if point in scale.favourable)
        return self.positive

    def sums_of_answers(self) -> tuple[float, float] | None:
        """Return the sums of answers and of their squares on the instrument's own scale; None where unknown."""
        scale = self.instrument.scale
        if self.counts and scale is not None:
            pairs = list(zip(scale.points, self.counts, strict=True))
            return float(sum(p * c for p, c in pairs)), float(sum(p * p * c for p, c in pairs))
        return self.sums


def sums_of_mean(n: int | None, mean: float | None, standard_deviation: float | None) -> tuple[float, float] | None:
    """Return the sums behind a told mean and standard deviation; None where one of them is unknown."""
    return None if not n or mean is None or standard_deviation is None else sums_from_sd(n, mean, standard_deviation)


def added(parts: Sequence[Measured]) -> Measured:
    """Add measures of one touchpoint and instrument by counts: what one part does not tell, the sum does not know.

    A part without n makes the sum one without n: class E.
    """
    told = [part for part in parts if part.n != 0] or list(parts[:1])  # a month without answers adds nothing
    first = told[0]
    if len(told) == 1:
        return first
    sources = {part.source for part in told}
    source = sources.pop() if len(sources) == 1 else None
    if any(part.n is None for part in told):
        return Measured(first.touchpoint, first.instrument, source=source)
    n = sum(part.n or 0 for part in told)
    counts = [part.counts for part in told]
    sums = [part.sums_of_answers() for part in told]
    scores = [part.nps_bounds() for part in told]
    promoted = _total([None if score is None else score.estimate * score.n for score in scores])
    totals = _total([None if pair is None else pair[0] for pair in sums]), _total([pair and pair[1] for pair in sums])
    return Measured(
        first.touchpoint,
        first.instrument,
        n=n,
        counts=tuple(map(sum, zip(*counts, strict=True))) if all(counts) else (),
        positive=_total([part.favourable() for part in told]),
        sums=None if totals[0] is None or totals[1] is None else (totals[0], totals[1]),
        nps=None if promoted is None else promoted / n,
        source=source,
    )


def _total(values: Sequence[float | None]) -> float | None:
    """Return the sum, None where one value is not known."""
    known = [value for value in values if value is not None]
    return math.fsum(known) if len(known) == len(values) else None


def _feasible(n: float, total: float, squares: float) -> tuple[float, float]:
    """Return sums that answers on 0..100 can have: a mean and deviation told with few digits may miss them a little."""
    total = min(max(total, 0.0), 100.0 * n)
    return total, min(max(squares, total * total / n), 100 * total)


def _is_nps(instrument: Instrument) -> bool:
    scale = instrument.scale
    return (
        instrument.construct is Construct.RECOMMENDATION
        and scale is not None
        and (scale.lowest, len(scale.points), scale.reverse) == (0, _NPS_POINTS, False)
    )


def _rising_0_100(scale: Scale) -> list[float]:
    return [100 * (point - scale.lowest) / (scale.highest - scale.lowest) for point in scale.points]


def _on_0_100(scale: Scale, n: float, sums: tuple[float, float]) -> tuple[float, float]:
    """Return the sums of the same answers on 0..100, turned round where a smaller number is the better answer."""
    factor, low = 100 / (scale.highest - scale.lowest), scale.lowest
    total = factor * (sums[0] - n * low)
    squares = factor * factor * (sums[1] - 2 * low * sums[0] + n * low * low)
    return (100 * n - total, 10_000 * n - 200 * total + squares) if scale.reverse else (total, squares)
