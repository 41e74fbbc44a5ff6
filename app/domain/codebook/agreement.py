"""Whether two people say the same of the same comments."""

from collections.abc import Sequence
from typing import Any

from app.domain.codebook.themes import Codebook
from app.domain.statistics import Kappa, codes_as_rows, pooled_kappa

DOUBLE_CODED_FROM = 50  # comments: below, how far two coders agree says little

Pair = tuple[Sequence[str], Sequence[str]]  # codes of the first and of the second coder


def agreement(pairs: Sequence[Pair], codebook: Codebook) -> Kappa:
    """Return how far two coders agree beyond chance; `n` says on how many comments."""
    themes = [theme.code for theme in codebook.themes]
    first, second = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return pooled_kappa(codes_as_rows(first, themes), codes_as_rows(second, themes))


def published_agreement(kappa: Kappa) -> dict[str, Any] | None:
    """Return kappa as documents print it, or None where too few comments were coded twice or there is none."""
    if kappa.n < DOUBLE_CODED_FROM or kappa.estimate is None or kappa.lower is None or kappa.upper is None:
        return None
    return {
        "estimate": round(kappa.estimate, 2),
        "lower": round(kappa.lower, 2),
        "upper": round(kappa.upper, 2),
        "n": kappa.n,
        "answers": kappa.n,
        "method": "pooled_kappa",
    }
