"""What customers say: one dimension put together from weighted touchpoints (rules of internal against external)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.instruments import Comparability, Instrument, Item, comparability
from app.domain.scorecards.internal import points_0_100
from app.domain.statistics import (
    MeanInterval,
    Share,
    mean_interval_adjusted,
    nps_interval_bound,
    rescale_0_100,
    sums_from_sd,
    weighted_mean,
)

LEAST_WEIGHT = 0.5  # of the agreed touchpoint weights, below which a dimension is absent
_COMPARABLE = (Comparability.IDENTICAL, Comparability.NEAR_SCALE, Comparability.FAR_SCALE)


@dataclass(frozen=True)
class Measured:
    """What one instrument says of one touchpoint in one quarter, as far as it is known."""

    touchpoint: str
    instrument: Instrument
    n: int | None = None
    counts: tuple[int, ...] = ()  # answers per point, lowest point of the scale first
    positive: float | None = None  # favourable answers, a count
    mean: float | None = None  # on the instrument's own scale
    standard_deviation: float | None = None
    nps: float | None = None
    quoted: float | None = None  # a share 0..1 without n: told, never computed with

    def share(self) -> Share | None:
        """Return the favourable share, weight 1; None where it is unknown."""
        scale = self.instrument.scale
        if self.counts and scale is not None:
            good = sum(c for point, c in zip(scale.points, self.counts, strict=True) if point in scale.favourable)
            return Share(good, sum(self.counts))
        if self.positive is not None and self.n:
            return Share(self.positive, self.n)
        return None

    def mean_interval(self) -> MeanInterval | None:
        """Return the mean on 0..100, None where it is unknown."""
        scale = self.instrument.scale
        if scale is None:
            return None
        values = points_0_100(scale)
        if self.counts:
            ordered = sorted(zip(values, self.counts, strict=True))
            return mean_interval_adjusted([count for _, count in ordered], [value for value, _ in ordered])
        if self.mean is None or self.standard_deviation is None or not self.n:
            return None
        mean = rescale_0_100([self.mean], scale.lowest, scale.highest).values[0]
        deviation = 100 * self.standard_deviation / (scale.highest - scale.lowest)
        total, squares = sums_from_sd(self.n, 100 - mean if scale.reverse else mean, deviation)
        return mean_interval_adjusted(values=sorted(values), n=self.n, sum_x=total, sum_x2=squares)

    def nps_bounds(self) -> tuple[float, float, float] | None:
        """Return (nps, lower, upper) in points where only the NPS is known."""
        if self.nps is None or not self.n:
            return None
        found = nps_interval_bound(self.nps, self.n)
        return found.nps, found.lower, found.upper


@dataclass(frozen=True)
class Weighted:
    """A touchpoint's best measure with its agreed weight and its class against the item."""

    measured: Measured
    weight: float
    comparability: Comparability


@dataclass(frozen=True)
class Dimension:
    """One dimension of the customers' side; `parts` entered, their class is the worst."""

    item: Item
    comparability: Comparability
    parts: tuple[Weighted, ...]
    is_incomplete: bool = False  # less than half of the agreed weight is comparable
    shares: tuple[Share, ...] = field(default=())
    mean: MeanInterval | None = None

    @property
    def answers(self) -> int:
        """Answers outside that entered."""
        return sum(round(part.measured.n or sum(part.measured.counts)) for part in self.parts)

    def distribution(self) -> list[float]:
        """Return shares per point, worst first, where one touchpoint with counts entered; else nothing."""
        if len(self.parts) != 1 or not self.parts[0].measured.counts:
            return []
        measured = self.parts[0].measured
        scale, total = measured.instrument.scale, sum(measured.counts)
        counts = measured.counts[::-1] if scale is not None and scale.reverse else measured.counts
        return [count / total for count in counts] if total else []


def class_of(item: Item, measured: Measured) -> Comparability:
    """Return the class of one measure: E without n, otherwise by instrument."""
    return comparability(item, measured.instrument, n_known=bool(measured.n or sum(measured.counts)))


def best_of(item: Item, candidates: Sequence[Measured]) -> Measured:
    """Return the most comparable measure of one touchpoint; of equals the one with most answers."""
    return min(candidates, key=lambda m: (class_of(item, m).value, -(m.n or sum(m.counts)), m.instrument.name))


def dimension(item: Item, measures: Sequence[Measured], weights: dict[str, float]) -> Dimension | None:
    """Put one dimension together from the touchpoints of `weights` (sum 1); None where nothing was measured."""
    chosen = []
    for touchpoint, weight in sorted(weights.items()):
        candidates = [measured for measured in measures if measured.touchpoint == touchpoint]
        if candidates:
            best = best_of(item, candidates)
            chosen.append(Weighted(best, weight, class_of(item, best)))
    if not chosen:
        return None
    entered = tuple(part for part in chosen if part.comparability in _COMPARABLE and _measure_of(part) is not None)
    if not entered:
        worst = min(part.comparability for part in chosen)
        return Dimension(item, worst, tuple(chosen), shares=_alone(chosen))
    worst = max(part.comparability for part in entered)
    if math.fsum(part.weight for part in entered) < LEAST_WEIGHT * math.fsum(weights.values()) - 1e-9:
        return Dimension(item, worst, entered, is_incomplete=True)
    return Dimension(item, worst, entered, shares=_shares(entered, worst), mean=_mean(entered))


def _measure_of(part: Weighted) -> Share | MeanInterval | None:
    return part.measured.share() or part.measured.mean_interval()


def _shares(parts: Sequence[Weighted], worst: Comparability) -> tuple[Share, ...]:
    found = [(part.weight, part.measured.share()) for part in parts]
    if worst is not Comparability.IDENTICAL or any(share is None for _, share in found):
        return ()
    return tuple(Share(share.x, share.n, weight) for weight, share in found if share is not None)


def _alone(parts: Sequence[Weighted]) -> tuple[Share, ...]:
    """Return the share of the one touchpoint that has one: shown for itself, compared with nothing."""
    known = [share for part in parts if (share := part.measured.share()) is not None and part.measured.n != 0]
    return tuple(known) if len(known) == 1 and len(parts) == 1 else ()


def _mean(parts: Sequence[Weighted]) -> MeanInterval | None:
    means = [part.measured.mean_interval() for part in parts]
    if any(mean is None for mean in means):
        return None
    return weighted_mean([mean for mean in means if mean is not None], [part.weight for part in parts])
