"""Moving answers between scales, and counting boxes. Nothing here makes two instruments comparable."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.statistics import arguments


@dataclass(frozen=True)
class RescaledValues:
    """Values on the new scale, in the order given."""

    values: list[float]


@dataclass(frozen=True)
class BoxScores:
    """Shares 0..1 of the highest and lowest categories; mean in scale points; score_0_100 in 0..100."""

    n: float
    top_box: float
    top_two_box: float
    bottom_box: float
    bottom_two_box: float
    mean: float
    score_0_100: float


@dataclass(frozen=True)
class AcsiIndex:
    """A weighted index in 0..100."""

    index: float


def rescale_0_100(values: Sequence[float], minimum: float, maximum: float) -> RescaledValues:
    """Rescale answers to percent of maximum possible, 100 (x - min) / (max - min).

    Source: Cohen et al. (1999), POMP. Raises ValueError for a value outside the scale.
    """
    return RescaledValues(_percent_of_maximum("values", values, minimum, maximum))


def rescale(values: Sequence[float], from_scale: Sequence[float], to_scale: Sequence[float]) -> RescaledValues:
    """Rescale answers linearly with both ends anchored (Dawes 2008); ValueError for a value outside from_scale.

    Ends may be given highest first: [1, 5] to [5, 1] turns a scale round.
    """
    low, high = _scale_ends("from_scale", from_scale)
    new_low, new_high = _scale_ends("to_scale", to_scale)
    given = _on_scale("values", values, min(low, high), max(low, high))
    return RescaledValues([new_low + (value - low) * (new_high - new_low) / (high - low) for value in given])


def box_scores(counts: Sequence[float], values: Sequence[float]) -> BoxScores:
    """Summarise the answers of an ordinal item: counts[k] answers (or requesters, real) chose values[k].

    The denominator is valid answers; "cannot judge" is not among the counts. The highest value is the best answer,
    wherever it stands. Source: MetricNet's CSAT definition (satisfied or very satisfied). Raises ValueError for no
    answer or a value that comes twice.
    """
    points, chosen = counts_by_point(counts, values)
    n = sum(chosen)
    mean = sum(count * point for count, point in zip(chosen, points, strict=True)) / n
    return BoxScores(
        n=n,
        top_box=chosen[-1] / n,
        top_two_box=sum(chosen[-2:]) / n,
        bottom_box=chosen[0] / n,
        bottom_two_box=sum(chosen[:2]) / n,
        mean=mean,
        score_0_100=100 * (mean - points[0]) / (points[-1] - points[0]),
    )


def acsi_index(means: Sequence[float], weights: Sequence[float], minimum: float = 1, maximum: float = 10) -> AcsiIndex:
    """Combine item means into an index: the weighted mean of 100 (mean - min) / (max - min).

    Weights are divided by their sum. Source: American Customer Satisfaction Index; Verint (2013) for equal weights.
    """
    arguments.same_length(means=means, weights=weights)
    shares = arguments.counts_of("weights", weights)
    scores = _percent_of_maximum("means", means, minimum, maximum)
    return AcsiIndex(sum(share * score for share, score in zip(shares, scores, strict=True)) / sum(shares))


def scale_points(values: Sequence[float]) -> list[float]:
    """Return the points of a scale, lowest first, or raise ValueError unless there are two or more different ones."""
    points = arguments.numbers("values", values, least=2)
    if len(set(points)) < len(points):
        raise ValueError("values must not repeat a point of the scale")
    return sorted(points)


def counts_by_point(counts: Sequence[float], values: Sequence[float]) -> tuple[list[float], list[float]]:
    """Return the points of a scale, lowest first, and how often each was chosen."""
    points = scale_points(values)
    arguments.same_length(counts=counts, values=values)
    chosen = dict(zip(arguments.numbers("values", values), arguments.counts_of("counts", counts), strict=True))
    return points, [chosen[point] for point in points]


def _percent_of_maximum(name: str, values: Sequence[float], minimum: float, maximum: float) -> list[float]:
    low, high = arguments.finite("minimum", minimum), arguments.finite("maximum", maximum)
    if low >= high:
        raise ValueError(f"maximum must be above minimum = {low:g}, not {maximum!r}")
    return [100 * (value - low) / (high - low) for value in _on_scale(name, values, low, high)]


def _on_scale(name: str, values: Sequence[float], low: float, high: float) -> list[float]:
    given = arguments.numbers(name, values, least=0)
    if any(not low <= value <= high for value in given):
        raise ValueError(f"{name} must lie on the scale {low:g} to {high:g}")
    return given


def _scale_ends(name: str, scale: Sequence[float]) -> tuple[float, float]:
    ends = arguments.numbers(name, scale, least=2)
    if len(ends) != 2 or ends[0] == ends[1]:
        raise ValueError(f"{name} must be the two ends of a scale, not {scale!r}")
    return ends[0], ends[1]
