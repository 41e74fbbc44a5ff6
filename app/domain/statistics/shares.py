"""The headline share: one vote a person, or one weight a request; and shares put together from touchpoints."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.statistics import arguments
from app.domain.statistics.differences import Difference, p_value_of_interval, square_and_add
from app.domain.statistics.distributions import two_sided_z
from app.domain.statistics.means import MeanInterval
from app.domain.statistics.proportions import ShareInterval, wilson_bounds, wilson_interval

# Weights of the per-request estimand, clipped to [1/3, 3], stored as 6w (rules: five steps keep profiles countable).
WEIGHT_STEPS = (2, 3, 6, 12, 18)


@dataclass(frozen=True)
class Share:
    """x favourable of n (both real), with its weight among others."""

    x: float
    n: float
    weight: float = 1.0


@dataclass(frozen=True)
class WeightedShare:
    """A weighted share 0..1; n is the sum of its parts' n."""

    estimate: float
    lower: float
    upper: float
    n: float


@dataclass(frozen=True)
class ShareDifference:
    """Inside minus outside, shares 0..1, with the interval and the p-value that agrees with it."""

    difference: float
    lower: float
    upper: float
    p_value: float


def per_requester_share(
    favourable: Sequence[float],
    answers: Sequence[float],
    requesters: Sequence[float] | None = None,
    conf_level: float = 0.95,
) -> ShareInterval:
    """Return the share with one vote a person: the mean of x_i/m_i, Wilson with x = sum of x_i/m_i and n = G.

    Entry i gave answers[i] valid answers, favourable[i] of them favourable; requesters[i] people look like that
    (default 1), so the profile rollup can be passed as it is. Never claims more than G votes, because
    Var(x_i/m_i) <= p(1-p). Exact when everybody answers once.
    """
    people = _people(favourable, answers, requesters)
    shares = [x / m for x, m in _valid_pairs(favourable, answers)]
    votes = math.fsum(count * share for count, share in zip(people, shares, strict=True))
    return wilson_interval(votes, math.fsum(people), conf_level)


def per_request_share(
    favourable: Sequence[float],
    answers: Sequence[float],
    weights: Sequence[float],
    requesters: Sequence[float] | None = None,
    conf_level: float = 0.95,
) -> ShareInterval:
    """Return the share with one weight a request: sum of w x / sum of w m, Wilson at the effective n of the weights.

    Effective n = (sum of w m)^2 / sum of (w m)^2 over people (Kish 1965, a person's answers as one unit). weights may
    be the stored 6w, because only ratios count.
    """
    people = _people(favourable, answers, requesters)
    pairs = _valid_pairs(favourable, answers)
    arguments.same_length(answers=answers, weights=weights)
    steps = [arguments.positive("weights", weight) for weight in weights]
    loads = [step * m for step, (_, m) in zip(steps, pairs, strict=True)]
    total = math.fsum(count * load for count, load in zip(people, loads, strict=True))
    squares = math.fsum(count * load * load for count, load in zip(people, loads, strict=True))
    good = math.fsum(count * step * x for count, step, (x, _) in zip(people, steps, pairs, strict=True))
    n = total * total / squares
    return wilson_interval(good / total * n, n, conf_level)


def request_weights(eligible: Sequence[int], accepted: Sequence[int]) -> list[int]:
    """Return each requester's weight per request as 6w: E/M over its mean, clipped and rounded to the nearest step.

    eligible[i] requests could have been asked about, accepted[i] responses came in (at least 1); E = max(M, eligible).
    A weight halfway between two steps takes the larger. An empty department-period has no weights.
    """
    arguments.same_length(eligible=eligible, accepted=accepted)
    if any(count < 1 for count in accepted):
        raise ValueError("accepted must be at least 1 for every requester")
    pairs = Counter(zip(eligible, accepted, strict=True))  # few differ, however many people
    ratios = {(e, m): Fraction(max(m, e), m) for e, m in pairs}
    mean = sum((ratios[pair] * people for pair, people in pairs.items()), Fraction(0)) / max(1, len(accepted))
    steps = {
        pair: min(WEIGHT_STEPS, key=lambda step: (abs(6 * ratio / mean - step), -step))
        for pair, ratio in ratios.items()
    }
    return [steps[pair] for pair in zip(eligible, accepted, strict=True)]


def weighted_share(parts: Sequence[Share], conf_level: float = 0.95) -> WeightedShare:
    """Return the weighted share of several touchpoints with the weighted square-and-add interval.

    L = p - sqrt(sum of a^2 (p_t - l_t)^2), U likewise with Wilson bounds; weights are divided by their sum. Source:
    Newcombe (1998) method 10 for a weighted sum, as in Zou & Donner (2008).
    """
    return _weighted_at(_checked(parts), two_sided_z(conf_level))


def share_difference(inside: Sequence[Share], outside: Sequence[Share], conf_level: float = 0.95) -> ShareDifference:
    """Return inside minus outside, either side put together from one or several weighted shares."""
    left, right = _checked(inside), _checked(outside)

    def difference_at(z: float) -> Difference:
        return square_and_add(_weighted_at(left, z), _weighted_at(right, z))

    found = difference_at(two_sided_z(conf_level))
    return ShareDifference(found.difference, found.lower, found.upper, p_value_of_interval(difference_at))


def weighted_mean(parts: Sequence[MeanInterval], weights: Sequence[float]) -> MeanInterval:
    """Return the weighted mean of several touchpoints with the weighted square-and-add interval.

    adjusted_mean and se are weighted too, so that `mean_difference_p_value` works on the result. All parts must be on
    the same scale and confidence level; weights are divided by their sum.
    """
    arguments.same_length(parts=parts, weights=weights)
    given = arguments.counts_of("weights", weights)
    shares = [weight / sum(given) for weight in given]
    pairs = list(zip(shares, parts, strict=True))
    mean = sum(a * part.mean for a, part in pairs)
    return MeanInterval(
        mean=mean,
        adjusted_mean=sum(a * part.adjusted_mean for a, part in pairs),
        se=math.hypot(*(a * part.se for a, part in pairs)),
        lower=mean - math.hypot(*(a * max(0.0, part.mean - part.lower) for a, part in pairs)),
        upper=mean + math.hypot(*(a * max(0.0, part.upper - part.mean) for a, part in pairs)),
        n=sum(part.n for part in parts),
        conf_level=parts[0].conf_level,
    )


def _weighted_at(parts: list[tuple[float, float, float]], z: float) -> WeightedShare:
    estimate = sum(weight * share for weight, share, _ in parts)
    bounds = [(weight, share, *wilson_bounds(share, n, z)) for weight, share, n in parts]
    return WeightedShare(
        estimate,
        lower=max(0.0, estimate - math.hypot(*(weight * (share - lower) for weight, share, lower, _ in bounds))),
        upper=min(1.0, estimate + math.hypot(*(weight * (upper - share) for weight, share, _, upper in bounds))),
        n=sum(n for _, _, n in parts),
    )


def _checked(parts: Sequence[Share]) -> list[tuple[float, float, float]]:
    """Return (weight, share, n) with weights that sum to 1."""
    if not parts:
        raise ValueError("parts must hold at least one share")
    weights = [arguments.positive("weight", part.weight) for part in parts]
    sizes = [arguments.positive("n", part.n) for part in parts]
    shares = [arguments.part_of("x", part.x, "n", n) / n for part, n in zip(parts, sizes, strict=True)]
    return [(weight / sum(weights), share, n) for weight, share, n in zip(weights, shares, sizes, strict=True)]


def _people(
    favourable: Sequence[float], answers: Sequence[float], requesters: Sequence[float] | None
) -> Sequence[float]:
    arguments.same_length(favourable=favourable, answers=answers)
    if requesters is None:
        return arguments.counts_of("answers", [1.0] * len(answers))
    arguments.same_length(answers=answers, requesters=requesters)
    return arguments.counts_of("requesters", requesters)


def _valid_pairs(favourable: Sequence[float], answers: Sequence[float]) -> list[tuple[float, float]]:
    pairs = [(x, arguments.positive("answers", m)) for x, m in zip(favourable, answers, strict=True)]
    return [(arguments.part_of("favourable", x, "answers", m), m) for x, m in pairs]
