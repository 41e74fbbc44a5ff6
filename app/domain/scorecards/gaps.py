"""Inside minus outside: measure, interval, p-value, and the verdict over the declared family."""

from dataclasses import dataclass, replace

from app.domain.instruments import Comparability, Item
from app.domain.scorecards.external import Dimension
from app.domain.scorecards.internal import ItemFigures
from app.domain.scorecards.publish import COMPARABLE_FROM, Json, rounded, score_gap, share_gap
from app.domain.statistics import (
    Difference,
    MeanInterval,
    Share,
    ShareDifference,
    ShareInterval,
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
class Inside:
    """Colleagues' side of a gap: the headline share by the estimand of the policy, the mean, and what stands behind.

    `requesters` are those whom thresholds count; `counts` are answers per point, lowest first, empty where unknown.
    """

    share: ShareInterval
    mean: MeanInterval | None
    requesters: int
    answers: int
    counts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Gap:
    """A gap before rounding. `p_value` is None where nothing is subtracted; `shares` for class A."""

    item: Item
    comparability: Comparability
    refusal: str | None = None  # too_few | not_comparable
    shares: ShareDifference | None = None
    means: Difference | None = None
    p_value: float | None = None
    n: tuple[float, float] = (0, 0)  # of the shares
    n_of_means: tuple[float, float] = (0, 0)
    answers: tuple[int, int] = (0, 0)
    cliffs_delta: Json | None = None
    is_equated: bool = False  # customers' mean was set on our scale


def inside_of(figures: ItemFigures | None, weighting: str, confidential: int) -> Inside | None:
    """Return colleagues' side of one item; `confidential` requesters did not consent to contact."""
    if figures is None:
        return None
    requesters = min(figures.requesters, confidential)
    return Inside(figures.headline(weighting), figures.mean, requesters, figures.answers, figures.counts)


def gap_between(inside: Inside | None, outside: Dimension) -> Gap:
    """Compare one item with one dimension; refuses by class, by incompleteness and below 30 on either side."""
    item, found = outside.item, outside.comparability
    if found not in _SUBTRACTED or outside.is_incomplete:
        return Gap(item, found, refusal="not_comparable")
    if inside is None or inside.requesters < COMPARABLE_FROM or outside.answers < COMPARABLE_FROM:
        return Gap(item, found, refusal="too_few")
    gap = Gap(
        item,
        found,
        means=square_and_add(inside.mean, outside.mean) if inside.mean and outside.mean else None,
        n=(inside.share.n, outside.answers),
        n_of_means=(inside.mean.n if inside.mean else 0, outside.answers),
        answers=(inside.answers, outside.answers),
        is_equated=outside.is_equated,
    )
    if found is Comparability.IDENTICAL and outside.shares:
        shares = share_difference([Share(inside.share.x, inside.share.n)], outside.shares)
        return replace(gap, shares=shares, p_value=shares.p_value, cliffs_delta=_cliffs_delta(inside, outside))
    if inside.mean is None or outside.mean is None:
        return Gap(item, found, refusal="not_comparable")
    return replace(gap, p_value=mean_difference_p_value(inside.mean, outside.mean))


def _cliffs_delta(inside: Inside, outside: Dimension) -> Json | None:
    """Return Cliff's delta per answer where one touchpoint with counts on our own scale is compared."""
    if len(outside.parts) != 1 or not inside.counts or len(outside.parts[0].measured.counts) != len(inside.counts):
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
        method = "square_and_add_equated" if gap.is_equated else "square_and_add"
        found["score_0_100"] = score_gap(gap.means, gap.n_of_means, gap.answers, method)
    if gap.cliffs_delta is not None:
        found["cliffs_delta"] = gap.cliffs_delta
    return found | {
        "p_value": rounded(gap.p_value, 4),
        "p_adjusted": rounded(p_adjusted, 4),
        "flag": p_adjusted <= FLAG_AT,
        "verdict": verdict(gap, p_adjusted),
    }
