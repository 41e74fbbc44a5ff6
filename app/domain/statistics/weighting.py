"""Weights: strata, poststratification, one weight a requester, and what unequal weights cost."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from app.domain.statistics import arguments
from app.domain.statistics.proportions import at_least


@dataclass(frozen=True)
class StratifiedMean:
    """A mean over strata with its standard error, in the unit of the means."""

    mean: float
    se: float


@dataclass(frozen=True)
class PoststratifiedMean:
    """A mean reweighted to known cell sizes; weights are the cells' shares of the population."""

    mean: float
    weights: list[float]


@dataclass(frozen=True)
class RequesterMean:
    """The mean of requesters' own means, and the plain mean of all answers beside it."""

    mean: float
    naive_mean: float
    requesters: int
    answers: int


@dataclass(frozen=True)
class EffectiveN:
    """How many equally weighted answers the weighted ones are worth."""

    design_effect: float
    effective_n: float


def stratified_mean(
    population_sizes: Sequence[float],
    sample_sizes: Sequence[float],
    means: Sequence[float],
    sds: Sequence[float],
    strata: Sequence[Hashable] | None = None,
) -> StratifiedMean:
    """Return the stratified mean and its standard error sqrt(sum of W^2 (1 - f) s^2 / n).

    Source: Cochran; Lohr, Sampling: Design and Analysis. `strata` only names the strata. Raises ValueError for an empty
    stratum or one with more answers than members.
    """
    _same_cells("strata", strata, population_sizes, sample_sizes, means)
    arguments.same_length(means=means, sds=sds)
    sizes = arguments.counts_of("population_sizes", population_sizes)
    total = sum(sizes)
    mean = variance = 0.0
    for size, answers, value, sd in zip(sizes, sample_sizes, means, sds, strict=True):
        share = size / total
        n = arguments.positive("sample_sizes", answers)
        at_least("population_sizes", size, n)
        mean += share * arguments.finite("means", value)
        variance += share**2 * (1 - n / size) * arguments.not_negative("sds", sd) ** 2 / n
    return StratifiedMean(mean, math.sqrt(variance))


def poststratified_mean(
    population_sizes: Sequence[float],
    sample_sizes: Sequence[float],
    means: Sequence[float],
    cells: Sequence[Hashable] | None = None,
) -> PoststratifiedMean:
    """Return the mean of cell means weighted by the cells' known sizes (Holt & Smith 1979; R's postStratify).

    Raises ValueError for a cell with members and no answer: collapse such cells first.
    """
    _same_cells("cells", cells, population_sizes, sample_sizes, means)
    sizes = arguments.counts_of("population_sizes", population_sizes)
    weights = [size / sum(sizes) for size in sizes]
    values = arguments.numbers("means", means)
    answers = [arguments.not_negative("sample_sizes", n) for n in sample_sizes]
    if any(weight > 0 and n == 0 for weight, n in zip(weights, answers, strict=True)):
        raise ValueError("sample_sizes must be above 0 in every cell that has members")
    return PoststratifiedMean(sum(w * value for w, value in zip(weights, values, strict=True)), weights)


def one_requester_one_weight(requester: Sequence[Hashable], score: Sequence[float]) -> RequesterMean:
    """Return the mean in which each requester's answers weigh 1/m, whatever number m of answers they gave."""
    arguments.same_length(requester=requester, score=score)
    scores = arguments.numbers("score", score)
    own: dict[Hashable, list[float]] = {}
    for person, value in zip(requester, scores, strict=True):
        own.setdefault(arguments.label("requester", person), []).append(value)
    return RequesterMean(
        mean=math.fsum(math.fsum(values) / len(values) for values in own.values()) / len(own),
        naive_mean=math.fsum(scores) / len(scores),
        requesters=len(own),
        answers=len(scores),
    )


def kish_effective_n(weights: Sequence[float]) -> EffectiveN:
    """Return design effect n sum(w^2) / (sum w)^2 and effective n (sum w)^2 / sum(w^2). Source: Kish (1965)."""
    given = arguments.counts_of("weights", weights)
    largest = max(given)  # only relations count, and squares of tiny weights would vanish
    relative = [weight / largest for weight in given]
    effective = math.fsum(relative) ** 2 / math.fsum(weight * weight for weight in relative)
    return EffectiveN(design_effect=len(given) / effective, effective_n=effective)


def _same_cells(
    name: str,
    labels: Sequence[Hashable] | None,
    population_sizes: Sequence[float],
    sample_sizes: Sequence[float],
    means: Sequence[float],
) -> None:
    if labels is not None:
        arguments.same_length(**{name: labels, "population_sizes": population_sizes})
    arguments.same_length(population_sizes=population_sizes, sample_sizes=sample_sizes, means=means)
