"""How far two people agree who sort the same texts, beyond what chance would give."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.domain.statistics import arguments
from app.domain.statistics.many import DEFAULT_SEED

RESAMPLES = 2000
_EDGE = 1e-12


@dataclass(frozen=True)
class Kappa:
    """Agreement beyond chance with its interval; None where both coders always decided the same one way."""

    estimate: float | None
    lower: float | None
    upper: float | None
    observed: float
    expected: float
    n: int
    conf_level: float
    seed: int


def pooled_kappa(
    first: ArrayLike, second: ArrayLike, conf_level: float = 0.95, seed: int = DEFAULT_SEED, resamples: int = RESAMPLES
) -> Kappa:
    """Return Cohen's kappa over several themes: observed and expected agreement are averaged over them first.

    `first` and `second` have a row for each text and a column for each theme, 1 where the coder saw it. With one column
    it is Cohen's kappa. The interval resamples texts (percentile bootstrap). Raises ValueError where the shapes differ.
    Source: Cohen (1960), Educational and Psychological Measurement 20:37-46; De Vries, Elliott, Kanouse and Teleki
    (2008), Field Methods 20:272-282.
    """
    ones, others = _seen("first", first), _seen("second", second)
    if ones.shape != others.shape:
        raise ValueError(f"second has the shape {others.shape}, first {ones.shape}")
    conf_level = arguments.level("conf_level", conf_level)
    n = len(ones)
    if not n:
        return Kappa(None, None, None, 0.0, 0.0, 0, conf_level, seed)
    observed, expected = _agreement(ones, others)
    draw = np.random.default_rng(seed)
    drawn = [_kappa(*_agreement(ones[rows], others[rows])) for rows in draw.integers(0, n, (resamples, n))]
    usable = [value for value in drawn if value is not None]
    estimate = _kappa(observed, expected)
    if estimate is None or not usable:
        return Kappa(None, None, None, observed, expected, n, conf_level, seed)
    lower, upper = np.quantile(usable, [(1 - conf_level) / 2, (1 + conf_level) / 2])
    return Kappa(estimate, float(lower), float(upper), observed, expected, n, conf_level, seed)


def _seen(name: str, values: ArrayLike) -> NDArray[np.bool_]:
    found = np.asarray(values, dtype=float)
    if found.ndim == 1:
        found = found.reshape(-1, 1)
    if found.ndim != 2 or not np.isin(found, (0, 1)).all():
        raise ValueError(f"{name} must be rows of 0 and 1, one row a text")
    seen: NDArray[np.bool_] = found.astype(np.bool_)
    return seen


def _agreement(ones: NDArray[np.bool_], others: NDArray[np.bool_]) -> tuple[float, float]:
    """Return observed and expected agreement, each averaged over themes."""
    if not ones.shape[1]:
        return 1.0, 1.0
    here, there = ones.mean(axis=0), others.mean(axis=0)
    expected = here * there + (1 - here) * (1 - there)
    return float((ones == others).mean()), float(expected.mean())


def _kappa(observed: float, expected: float) -> float | None:
    return None if expected > 1 - _EDGE else (observed - expected) / (1 - expected)


def codes_as_rows(codes: Sequence[Sequence[str]], themes: Sequence[str]) -> list[list[int]]:
    """Return what `pooled_kappa` takes, from the codes of each text."""
    return [[int(theme in found) for theme in themes] for found in codes]
