"""What stands out among many shares: pulled to the common one, and marked only where chance would not explain it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.scorecards.publish import COARSE_METHOD, Json, rounded
from app.domain.statistics import benjamini_hochberg, beta_binomial_prior, beta_binomial_shrinkage
from app.domain.statistics.distributions import normal_p_value

FALSE_DISCOVERIES = 0.10  # of all marked ones, in one family


@dataclass(frozen=True)
class Judged:
    """One share among others: pulled estimate with its sd, adjusted p-value, and `lower`, `higher` or nothing."""

    shrunken: float
    sd: float
    z: float
    p_adjusted: float
    flag: str | None


@dataclass(frozen=True)
class Family:
    """Shares compared with their common one; `differ` is False where their spread is no more than chance."""

    centre: float
    differ: bool
    members: Mapping[object, Judged]

    @property
    def overdispersion(self) -> float | None:
        """Return the mean square of the z values: 1 where only chance is at work, None without a spread to judge."""
        scores = [judged.z for judged in self.members.values()]
        return math.fsum(z * z for z in scores) / len(scores) if len(scores) > 1 else None

    @property
    def is_overdispersed(self) -> bool:
        """Tell whether that spread is beyond two standard errors of what chance alone gives (Spiegelhalter 2005)."""
        spread = self.overdispersion
        return spread is not None and spread > 1 + 2 * math.sqrt(2 / len(self.members))


def is_exact(interval: Json | None) -> bool:
    """Tell whether a published share rests on ten people or more: tenths are neither compared nor pulled."""
    return interval is not None and interval["method"] != COARSE_METHOD


def judged(shares: Mapping[object, Json]) -> Family | None:
    """Compare published shares (all exact) with their common one; None for fewer than two.

    Pulled by the beta-binomial prior that the shares themselves give; p by the score test against the common share,
    adjusted in this one family by Benjamini & Hochberg. Sources as in app.domain.statistics.
    """
    if len(shares) < 2:
        return None
    intervals = list(shares.values())
    n = [float(found["n"]) for found in intervals]
    x = [found["estimate"] * size for found, size in zip(intervals, n, strict=True)]
    prior = beta_binomial_prior(x, n)
    centre = prior.prior_mean
    scores = [_score(found["estimate"], size, centre) for found, size in zip(intervals, n, strict=True)]
    adjusted = benjamini_hochberg([normal_p_value(z) for z in scores], q=FALSE_DISCOVERIES).adjusted
    pulled = [_pulled(centre, prior.prior_sd, part, size) for part, size in zip(x, n, strict=True)]
    members = {
        name: Judged(mean, sd, z, p, _flag(z, p))
        for name, (mean, sd), z, p in zip(shares, pulled, scores, adjusted, strict=True)
    }
    return Family(centre, prior.prior_sd is not None, members)


def published(found: Judged) -> Json:
    """Return what a document prints of one share among others."""
    block: Json = {"shrunken": rounded(found.shrunken, 2), "p_adjusted": rounded(found.p_adjusted, 4)}
    return block | ({"flag": found.flag} if found.flag else {})


def codes(values: Sequence[str]) -> list[str]:
    """Return each code once, in order: the order of a matrix or list never tells a figure."""
    return sorted(set(values))


def _score(share: float, n: float, centre: float) -> float:
    spread = centre * (1 - centre)
    return (share - centre) / math.sqrt(spread / n) if spread > 0 else 0.0


def _pulled(centre: float, sd: float | None, x: float, n: float) -> tuple[float, float]:
    if sd is None:
        return centre, 0.0
    found = beta_binomial_shrinkage(centre, sd, x, n)
    return found.posterior_mean, found.posterior_sd


def _flag(z: float, p_adjusted: float) -> str | None:
    if p_adjusted > FALSE_DISCOVERIES:
        return None
    return "lower" if z < 0 else "higher"
