"""What colleagues say: figures of one item in one cell, from the profiles of its requesters."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.instruments import Item, Scale, scale_of
from app.domain.profiles import read_profile
from app.domain.scorecards.publish import (
    COARSE_BELOW,
    ROUNDING,
    Json,
    coarse_interval,
    nps_interval,
    rounded,
    score_interval,
    share_interval,
)
from app.domain.statistics import (
    MeanInterval,
    ShareInterval,
    mean_interval_adjusted,
    nps_interval_adjusted,
    per_request_share,
    per_requester_share,
)

WEIGHTINGS_PART_AT = 0.05  # the other estimate is printed beside the headline from here on
PER_REQUEST = "per_request"


@dataclass(frozen=True)
class ProfileRow:
    """So many requesters of one weight step gave this profile."""

    weight_step: int
    profile: str
    requesters: int


@dataclass(frozen=True)
class ItemFigures:
    """One item of one cell, unrounded. `requesters` is G; shares 0..1, the mean on 0..100.

    `confidential` are those of them who did not consent to contact, at least: what every threshold counts.
    """

    item: Item
    requesters: int
    confidential: int
    answers: int
    counts: tuple[int, ...]  # answers per point, lowest first
    per_requester: ShareInterval
    per_request: ShareInterval
    mean: MeanInterval
    distribution: tuple[float, ...]  # per requester

    def headline(self, weighting: str) -> ShareInterval:
        """Return the favourable share by the estimand that the policy chose."""
        return self.per_request if weighting == PER_REQUEST else self.per_requester


def item_figures(item: Item, rows: Sequence[ProfileRow], consenting: int = 0) -> ItemFigures | None:
    """Return the item's figures, None without answers (rules of the headline: per requester, per request).

    consenting: requesters of the cell who consented to contact; which items they answered is not known, so all count.
    """
    if not rows:
        return None
    scale = scale_of(item)
    profiles = [read_profile(row.profile) for row in rows]
    people = [row.requesters for row in rows]
    answers = [sum(profile) for profile in profiles]
    good = [_favourable(profile, scale) for profile in profiles]
    total = sum(people)
    shares = [[count / sum(profile) for count in profile] for profile in profiles]
    return ItemFigures(
        item=item,
        requesters=total,
        confidential=max(0, total - consenting),
        answers=sum(n * count for n, count in zip(people, answers, strict=True)),
        counts=tuple(_weighted(people, point) for point in zip(*profiles, strict=True)),
        per_requester=per_requester_share(good, answers, people),
        per_request=per_request_share(good, answers, [row.weight_step for row in rows], people),
        mean=_mean(profiles, people, scale),
        distribution=tuple(
            math.fsum(n * share for n, share in zip(people, point, strict=True)) / total
            for point in zip(*shares, strict=True)
        ),
    )


def _weighted(people: Sequence[int], counts: Sequence[int]) -> int:
    return sum(n * count for n, count in zip(people, counts, strict=True))


def _favourable(profile: Sequence[int], scale: Scale) -> int:
    return sum(count for point, count in zip(scale.points, profile, strict=True) if point in scale.favourable)


def points_0_100(scale: Scale) -> list[float]:
    """Return the scale's points on 0..100, the better the higher."""
    width = scale.highest - scale.lowest
    rising = [100 * (point - scale.lowest) / width for point in scale.points]
    return [100 - value for value in rising] if scale.reverse else rising


def _mean(profiles: Sequence[Sequence[int]], people: Sequence[int], scale: Scale) -> MeanInterval:
    values = points_0_100(scale)
    own = [sum(v * c for v, c in zip(values, profile, strict=True)) / sum(profile) for profile in profiles]
    return mean_interval_adjusted(
        values=values,
        n=sum(people),
        sum_x=math.fsum(n * mean for n, mean in zip(people, own, strict=True)),
        sum_x2=math.fsum(n * mean * mean for n, mean in zip(people, own, strict=True)),
    )


def published_item(figures: ItemFigures, weighting: str, not_applicable: int, minimum_group: int) -> Json:
    """Return an item as a scorecard prints it; the caller has made sure that the cell may be shown."""
    chosen = figures.headline(weighting)
    other = figures.per_requester if weighting == PER_REQUEST else figures.per_request
    if figures.confidential < COARSE_BELOW:
        return {"top_two_box": coarse_interval(chosen, figures.answers)}
    found: Json = {"top_two_box": share_interval(chosen, figures.answers)}
    if abs(chosen.estimate - other.estimate) > WEIGHTINGS_PART_AT + ROUNDING:
        found["other_weighting"] = share_interval(other, figures.answers)
    found["score_0_100"] = score_interval(figures.mean, figures.answers)
    if figures.item is Item.RECOMMEND:
        found["nps"] = _nps(figures)
    found["distribution"] = [rounded(share, 2) for share in figures.distribution]
    if not_applicable >= minimum_group:
        found["not_applicable"] = not_applicable
    return found


def _nps(figures: ItemFigures) -> Json:
    """Return the NPS with one vote a person, as everything inside: who answered twice is half in each group."""
    votes = [figures.requesters * share for share in figures.distribution]
    found = nps_interval_adjusted(math.fsum(votes[:7]), math.fsum(votes[7:9]), math.fsum(votes[9:]))
    return nps_interval(found, figures.answers, found.method)
