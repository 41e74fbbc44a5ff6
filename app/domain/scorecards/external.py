"""What customers say: one dimension put together from weighted touchpoints (rules of internal against external)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.instruments import Comparability, Item, comparability
from app.domain.scorecards.measured import Measured, NpsBounds
from app.domain.statistics import MeanInterval, Share, weighted_mean

LEAST_WEIGHT = 0.5  # of the agreed touchpoint weights, below which a dimension is absent
_COMPARABLE = (Comparability.IDENTICAL, Comparability.NEAR_SCALE, Comparability.FAR_SCALE)


@dataclass(frozen=True)
class Weighted:
    """A touchpoint's best measure with its agreed weight and its class against the item."""

    measured: Measured
    weight: float
    comparability: Comparability


@dataclass(frozen=True)
class Dimension:
    """One dimension of the customers' side; `parts` entered, their class is the worst.

    `shares` and `mean` are compared; `shown` is the favourable share that is printed, compared or not.
    """

    item: Item
    comparability: Comparability
    parts: tuple[Weighted, ...]
    is_incomplete: bool = False  # less than half of the agreed weight is comparable
    shares: tuple[Share, ...] = field(default=())
    shown: tuple[Share, ...] = field(default=())
    mean: MeanInterval | None = None
    nps: NpsBounds | None = None

    @property
    def answers(self) -> int:
        """Answers outside that entered."""
        return sum(part.measured.n or 0 for part in self.parts)

    @property
    def is_equated(self) -> bool:
        """True where a mean was set on our scale by people who answered both questions."""
        return any(part.measured.equating is not None for part in self.parts)

    def distribution(self) -> list[float]:
        """Return shares per point, worst first, where one touchpoint with counts entered; else nothing."""
        if len(self.parts) != 1 or not self.parts[0].measured.counts:
            return []
        measured = self.parts[0].measured
        scale, total = measured.instrument.scale, sum(measured.counts)
        counts = measured.counts[::-1] if scale is not None and scale.reverse else measured.counts
        return [count / total for count in counts] if total else []


def class_of(item: Item, measured: Measured) -> Comparability:
    """Return the class of one measure: E without n, otherwise by instrument; a far scale set on ours is near."""
    found = comparability(item, measured.instrument, n_known=bool(measured.n))
    is_equated = found is Comparability.FAR_SCALE and measured.equating is not None
    return Comparability.NEAR_SCALE if is_equated else found


def best_of(item: Item, candidates: Sequence[Measured]) -> Measured:
    """Return the most comparable measure of one touchpoint; of equals the one with most answers."""
    return min(candidates, key=lambda m: (class_of(item, m).value, -(m.n or 0), m.instrument.name))


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
    entered = _entering(chosen)
    if not entered:
        best_class = min(part.comparability for part in chosen)
        if len(chosen) == 1:
            return Dimension(item, best_class, tuple(chosen), shown=_known_shares(chosen), nps=_nps(chosen))
        comparable = [part for part in chosen if part.comparability in _COMPARABLE]
        return Dimension(item, best_class, tuple(chosen), nps=_nps(comparable))
    worst = max(part.comparability for part in entered)
    if math.fsum(part.weight for part in entered) < LEAST_WEIGHT * math.fsum(weights.values()) - 1e-9:
        return Dimension(item, worst, entered, is_incomplete=True)
    shares = _known_shares(entered) if worst is Comparability.IDENTICAL else ()
    shown = shares or (_known_shares(entered) if len(entered) == 1 else ())
    return Dimension(item, worst, entered, shares=shares, shown=shown, mean=_mean(entered), nps=_nps(entered))


def _entering(chosen: Sequence[Weighted]) -> tuple[Weighted, ...]:
    """Return the touchpoints of classes A to C that have what is compared: shares where all are A, else means."""
    comparable = tuple(part for part in chosen if part.comparability in _COMPARABLE)
    are_shares = all(part.comparability is Comparability.IDENTICAL for part in comparable) and all(
        part.measured.share() is not None for part in comparable
    )
    if are_shares:
        return comparable
    return tuple(part for part in comparable if part.measured.mean_interval() is not None)


def _known_shares(parts: Sequence[Weighted]) -> tuple[Share, ...]:
    """Return the weighted shares of all parts, or nothing where one has none."""
    found = [(part.weight, part.measured.share()) for part in parts]
    if any(share is None for _, share in found):
        return ()
    return tuple(Share(share.x, share.n, weight) for weight, share in found if share is not None)


def _mean(parts: Sequence[Weighted]) -> MeanInterval | None:
    means = [part.measured.mean_interval() for part in parts]
    if any(mean is None for mean in means):
        return None
    return weighted_mean([mean for mean in means if mean is not None], [part.weight for part in parts])


def _nps(parts: Sequence[Weighted]) -> NpsBounds | None:
    """Return the NPS of the touchpoints by the weighted square-and-add; None where one has none."""
    found = [part.measured.nps_bounds() for part in parts]
    known = [bounds for bounds in found if bounds is not None]
    if not known or len(known) < len(found):
        return None
    if len(known) == 1:
        return known[0]
    total = math.fsum(part.weight for part in parts)
    weights = [part.weight / total for part in parts]
    estimate = math.fsum(a * one.estimate for a, one in zip(weights, known, strict=True))
    below = math.hypot(*(a * max(0.0, one.estimate - one.lower) for a, one in zip(weights, known, strict=True)))
    above = math.hypot(*(a * max(0.0, one.upper - one.estimate) for a, one in zip(weights, known, strict=True)))
    methods = {one.method for one in known}
    return NpsBounds(
        estimate,
        lower=max(-100.0, estimate - below),
        upper=min(100.0, estimate + above),
        n=sum(one.n for one in known),
        method=methods.pop() if len(methods) == 1 else "nps_bound",
    )
