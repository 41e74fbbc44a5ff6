"""Inside minus outside: measure, interval, p-value, and the verdict over the declared family."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.instruments import Comparability, Item
from app.domain.scorecards.external import Dimension
from app.domain.scorecards.internal import ItemFigures
from app.domain.scorecards.publish import COMPARABLE_FROM, Json, rounded, score_gap, share_gap
from app.domain.statistics import (
    Difference,
    Share,
    ShareDifference,
    benjamini_hochberg,
    cliffs_delta_of_counts,
    mean_difference_p_value,
    share_difference,
    square_and_add,
)

EVIDENCE_AT = 0.05
FLAG_AT = 0.10
SCALE_EFFECT = 5.0  # points of 100: Dawes (2008) found 3.3 between 5 and 10 points; class C needs more
_SUBTRACTED = (Comparability.IDENTICAL, Comparability.NEAR_SCALE, Comparability.FAR_SCALE)


@dataclass(frozen=True)
class Gap:
    """A gap before rounding. `p_value` is None where nothing is subtracted; `shares` for class A."""

    item: Item
    comparability: Comparability
    refusal: str | None = None  # too_few | not_comparable
    shares: ShareDifference | None = None
    means: Difference | None = None
    p_value: float | None = None
    n: tuple[float, float] = (0, 0)
    answers: tuple[int, int] = (0, 0)
    cliffs_delta: Json | None = None


def gap_between(inside: ItemFigures | None, outside: Dimension, confidential_requesters: int) -> Gap:
    """Compare one item with one dimension; refuses by class, by incompleteness and below 30 on either side."""
    item, found = outside.item, outside.comparability
    if found not in _SUBTRACTED or outside.is_incomplete:
        return Gap(item, found, refusal="not_comparable")
    few = inside is None or min(inside.requesters, confidential_requesters) < COMPARABLE_FROM
    if inside is None or few or outside.answers < COMPARABLE_FROM:
        return Gap(item, found, refusal="too_few")
    means = square_and_add(inside.mean, outside.mean) if outside.mean is not None else None
    n, answers = (inside.requesters, outside.answers), (inside.answers, outside.answers)
    if found is Comparability.IDENTICAL and outside.shares:
        votes = inside.per_requester
        shares = share_difference([Share(votes.x, votes.n)], outside.shares)
        return Gap(
            item, found, None, shares, means, shares.p_value, n, answers, cliffs_delta=_cliffs_delta(inside, outside)
        )
    if means is None or outside.mean is None:
        return Gap(item, found, refusal="not_comparable")
    return Gap(item, found, None, None, means, mean_difference_p_value(inside.mean, outside.mean), n, answers)


def _cliffs_delta(inside: ItemFigures, outside: Dimension) -> Json | None:
    """Return Cliff's delta per answer where one touchpoint with counts on our own scale is compared."""
    if len(outside.parts) != 1 or len(outside.parts[0].measured.counts) != len(inside.counts):
        return None
    measured = outside.parts[0].measured
    counts = (
        measured.counts[::-1] if measured.instrument.scale and measured.instrument.scale.reverse else measured.counts
    )
    found = cliffs_delta_of_counts(inside.counts, counts)
    return {
        "estimate": rounded(found.delta, 2),
        "lower": rounded(found.lower, 2),
        "upper": rounded(found.upper, 2),
        "n": [sum(inside.counts), sum(counts)],
        "answers": [sum(inside.counts), sum(counts)],
        "method": "cliffs_delta",
        "magnitude": found.magnitude,
    }


def adjusted(p_values: Mapping[str, float]) -> dict[str, float]:
    """Return Benjamini-Hochberg adjusted p-values of one declared family, by the same keys."""
    if not p_values:
        return {}
    names = sorted(p_values)
    found = benjamini_hochberg([p_values[name] for name in names])
    return dict(zip(names, found.adjusted, strict=True))


def verdict(gap: Gap, p_adjusted: float) -> str:
    """Return better, worse or no_evidence on the headline measure; before any rounding."""
    if gap.shares is not None:
        size = gap.shares.difference
    elif gap.means is not None:
        size = gap.means.difference
    else:
        return gap.refusal or "too_few"
    within_scale_effect = gap.comparability is Comparability.FAR_SCALE and abs(size) < SCALE_EFFECT
    if p_adjusted > EVIDENCE_AT or within_scale_effect or size == 0:
        return "no_evidence"
    return "better" if size > 0 else "worse"


def published_gap(gap: Gap, p_adjusted: float | None) -> Json:
    """Return a gap as printed; a refused one carries its class and verdict only."""
    if gap.refusal is not None or gap.p_value is None or p_adjusted is None:
        return {"comparability": gap.comparability.value, "verdict": gap.refusal or "too_few"}
    found: Json = {"comparability": gap.comparability.value}
    if gap.shares is not None:
        found["top_two_box"] = share_gap(gap.shares, gap.n, gap.answers, "square_and_add")
    if gap.means is not None:
        found["score_0_100"] = score_gap(gap.means, gap.n, gap.answers, "square_and_add")
    if gap.cliffs_delta is not None:
        found["cliffs_delta"] = gap.cliffs_delta
    return found | {
        "p_value": rounded(gap.p_value, 4),
        "p_adjusted": rounded(p_adjusted, 4),
        "flag": p_adjusted <= FLAG_AT,
        "verdict": verdict(gap, p_adjusted),
    }
