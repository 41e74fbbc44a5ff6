"""Which items go with overall satisfaction: the LMG (Shapley) split of R squared. Association, not cause."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from app.domain.statistics import arguments

Matrices = NDArray[np.float64]

_MOST_PREDICTORS = 12  # 4,096 regressions; a form has 8 items


@dataclass(frozen=True)
class KeyDrivers:
    """R squared 0..1 and its split over the predictors, in the order given; share = importance / r_squared."""

    r_squared: float
    importance: list[float]
    share: list[float]
    predictors: list[str]


def key_driver_importance(
    correlation_matrix: Sequence[Sequence[float]], outcome_index: int, predictors: Sequence[str]
) -> KeyDrivers:
    """Split R squared over the predictors by averaging their contribution over all orders of entry.

    correlation_matrix holds outcome and predictors; predictors are named in the order of the other rows. Source:
    Lindeman, Merenda & Gold (1980); R package relaimpo. Collinear predictors share what they have in common.
    """
    matrix = _checked(correlation_matrix, outcome_index, predictors)
    outcome_index = int(outcome_index)
    others = [index for index in range(len(matrix)) if index != outcome_index]
    order = [outcome_index, *others]
    totals, parts = shares_of_r_squared(matrix[np.ix_(order, order)][np.newaxis])
    total, importance = float(totals[0]), [float(part) for part in parts[0]]
    return KeyDrivers(
        total, importance, [part / total if total > 0 else 0.0 for part in importance], predictors=list(predictors)
    )


def shares_of_r_squared(matrices: Matrices) -> tuple[Matrices, Matrices]:
    """Return R squared of each of many correlation matrices, outcome first, and its split over the other rows.

    matrices: (many, size, size); the split is (many, size - 1). What `key_driver_importance` does, for a bootstrap.
    """
    count = matrices.shape[1] - 1
    explained = _explained(matrices, count)
    importance = np.zeros((len(matrices), count))
    for subset, r_squared in explained.items():
        for new in set(range(count)) - set(subset):
            gain = explained[tuple(sorted((*subset, new)))] - r_squared
            importance[:, new] += gain / (count * comb(count - 1, len(subset)))
    return explained[tuple(range(count))], importance


def _explained(matrices: Matrices, count: int) -> dict[tuple[int, ...], Matrices]:
    """Return R squared of every subset of the predictors."""
    result: dict[tuple[int, ...], Matrices] = {(): np.zeros(len(matrices))}
    for size in range(1, count + 1):
        for subset in combinations(range(count), size):
            rows = [1 + index for index in subset]
            against = matrices[:, rows, 0]
            # The pseudo-inverse lets two identical items share instead of failing.
            inverse = np.linalg.pinv(matrices[:, rows][:, :, rows], hermitian=True)
            explained = np.einsum("mi,mij,mj->m", against, inverse, against)
            result[subset] = np.clip(explained, 0.0, 1.0)
    return result


def _checked(rows: Sequence[Sequence[float]], outcome_index: int, predictors: Sequence[str]) -> Matrices:
    size = len(arguments.listed("correlation_matrix", rows))
    if any(len(arguments.listed("correlation_matrix", row)) != size for row in rows) or size < 2:
        raise ValueError("correlation_matrix must be square with at least two rows")
    matrix = np.array([arguments.numbers("correlation_matrix", row) for row in rows])
    if not (np.allclose(matrix, matrix.T, atol=1e-8) and np.allclose(np.diag(matrix), 1, atol=1e-8)):
        raise ValueError("correlation_matrix must be symmetric with ones on its diagonal")
    if np.abs(matrix).max() > 1 + 1e-8:
        raise ValueError("correlation_matrix must hold correlations between -1 and 1")
    if arguments.whole("outcome_index", outcome_index, least=0) >= size:
        raise ValueError(f"outcome_index must be a row of correlation_matrix, not {outcome_index}")
    if len(arguments.listed("predictors", predictors)) != size - 1:
        raise ValueError(f"predictors must name the {size - 1} other rows, not {len(predictors)}")
    if len(predictors) > _MOST_PREDICTORS:
        raise ValueError(f"predictors must be at most {_MOST_PREDICTORS}, not {len(predictors)}")
    return matrix
