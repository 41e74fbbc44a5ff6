"""Drivers: which aspects go with overall satisfaction, in the department itself or else over the whole company.

LMG split of R squared over the three aspects that everybody is asked about, with a bootstrap that draws requesters.
Association, not cause; halo lifts all of them, so read the order and not the size (docs/methods.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.instruments import GRID
from app.domain.scorecards.publish import COARSE_METHOD, Json, rounded
from app.domain.statistics import DEFAULT_SEED
from app.domain.statistics.drivers import shares_of_r_squared

FEWEST_ANSWERS = 50  # with an overall rating and all three aspects
LEAST_R_SQUARED = 0.2  # below it the aspects say too little of the whole
MOST_REQUESTERS = 2_000  # that one bootstrap draws from
REPLICATES = 2_000
DEPARTMENT, COMPANY = "department", "company"
METHOD = "lmg_bootstrap"
CONFIDENCE_TAILS = (0.025, 0.975)
_AT_ONCE = 250  # replicates whose draws are held in memory
_PAIRS = tuple(combinations_with_replacement(range(1 + len(GRID)), 2))

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class CompleteAnswers:
    """Responses with an overall rating and all aspects, one row each.

    `ratings` has the overall rating first, then the aspects in the order of GRID; `requesters` and `departments` are
    numbers that stand for whoever gave the answer and whoever it is about.
    """

    ratings: NDArray[np.int64]
    requesters: NDArray[np.int64]
    departments: NDArray[np.int64]

    def of(self, departments: Sequence[int]) -> "CompleteAnswers":
        """Return the answers about some departments."""
        chosen = np.isin(self.departments, np.array(sorted(departments), dtype=np.int64))
        return CompleteAnswers(self.ratings[chosen], self.requesters[chosen], self.departments[chosen])

    def __len__(self) -> int:
        return len(self.ratings)


@dataclass(frozen=True)
class DriverModel:
    """The split of R squared of one department or of the company: estimate, lower and upper end by item.

    `requesters` and `answers` are those behind it, `seed` the one of its draws.
    """

    kind: str
    r_squared: float
    requesters: int
    answers: int
    seed: int
    importance: Mapping[str, tuple[float, float, float]]

    @property
    def is_usable(self) -> bool:
        """True from 50 complete answers and an R squared of .2 up."""
        return self.answers >= FEWEST_ANSWERS and self.r_squared >= LEAST_R_SQUARED


def fit_drivers(answers: CompleteAnswers, kind: str, *, seed: int = DEFAULT_SEED) -> DriverModel | None:
    """Return the model of some answers, None below 50 complete ones or an R squared of .2.

    The company's model has department effects: each department's means are taken away first, so that only differences
    between answers about one and the same department count. The order in which answers come, and the numbers that
    stand for people, change nothing: requesters are put in the order of what they said before they are drawn.
    """
    if len(answers) < FEWEST_ANSWERS:
        return None
    sums = _sums_per_requester(answers, by_department=kind == COMPANY)
    r_squared, importance = shares_of_r_squared(_correlations(sums.sum(axis=0)[np.newaxis]))
    if r_squared[0] < LEAST_R_SQUARED:
        return None  # of what is told to nobody nothing is drawn
    drawn = _bootstrap(sums, seed)
    lower, upper = np.quantile(drawn, CONFIDENCE_TAILS, axis=0)
    return DriverModel(
        kind,
        float(r_squared[0]),
        requesters=len(sums),
        answers=len(answers),
        seed=seed,
        importance={
            item.value: (float(importance[0, place]), float(lower[place]), float(upper[place]))
            for place, item in enumerate(GRID)
        },
    )


def _sums_per_requester(answers: CompleteAnswers, *, by_department: bool) -> Floats:
    """Return, per requester, the count of answers, the sums of the items and the sums of their products."""
    ratings = answers.ratings.astype(np.float64)
    if by_department:
        _, place = np.unique(answers.departments, return_inverse=True)
        sizes = np.bincount(place)
        means = np.stack([np.bincount(place, weights=column) / sizes for column in ratings.T], axis=1)
        ratings = ratings - means[place]
    people, who = np.unique(answers.requesters, return_inverse=True)
    columns = [np.ones(len(ratings)), *ratings.T, *(ratings[:, one] * ratings[:, other] for one, other in _PAIRS)]
    sums = np.stack([np.bincount(who, weights=column, minlength=len(people)) for column in columns], axis=1)
    sums = np.round(sums, 9)  # what floating point leaves over must not decide about the order
    return np.asarray(sums[np.lexsort(sums.T)])


def _bootstrap(sums: Floats, seed: int) -> Floats:
    """Return the importances of every replicate, (replicates, aspects)."""
    generator = np.random.default_rng(seed)
    if len(sums) > MOST_REQUESTERS:
        sums = sums[np.sort(generator.choice(len(sums), MOST_REQUESTERS, replace=False))]
    people = len(sums)
    parts = []
    for _ in range(0, REPLICATES, _AT_ONCE):
        times = generator.multinomial(people, np.full(people, 1 / people), size=_AT_ONCE)
        parts.append(shares_of_r_squared(_correlations(times @ sums))[1])
    return np.concatenate(parts)


def _correlations(sums: Floats) -> Floats:
    """Return the correlation matrices of rows of sums; an item that does not vary goes with nothing."""
    size = 1 + len(GRID)
    count, means = sums[:, 0], sums[:, 1 : 1 + size] / sums[:, :1]
    covariances = np.empty((len(sums), size, size))
    for column, (one, other) in enumerate(_PAIRS, start=1 + size):
        shared = sums[:, column] / count - means[:, one] * means[:, other]
        covariances[:, one, other] = covariances[:, other, one] = shared
    variances = np.einsum("mii->mi", covariances)
    spread = np.sqrt(np.where(variances > 1e-9, variances, np.inf))
    found = np.clip(covariances / spread[:, :, np.newaxis] / spread[:, np.newaxis, :], -1.0, 1.0)
    found[:, np.arange(size), np.arange(size)] = 1.0
    return np.asarray(found)


def published_drivers(model: DriverModel | None, internal: Json, told: Sequence[Json] | None = None) -> list[Json]:
    """Return the rows of `drivers`, the weightiest first (ties by code).

    Nothing is told where the headline is absent or coarse, and of an aspect that is hidden here. `told` are the rows
    that an earlier revision of the quarter printed: a later one repeats them.
    """
    overall = internal.get("csat_overall", {}).get("top_two_box")
    if overall is None or overall["method"] == COARSE_METHOD:
        return []
    rows = _rows(model) if told is None else list(told)
    shown = {item for item, block in internal.items() if block["top_two_box"]["method"] != COARSE_METHOD}
    kept = [row for row in rows if row["dimension"] in shown]
    if len(kept) < len(rows) and any(row["model"] == DEPARTMENT for row in rows):
        return []  # the others' parts would speak of the hidden one
    return kept


def _rows(model: DriverModel | None) -> list[Json]:
    if model is None or not model.is_usable:
        return []
    order = sorted(model.importance, key=lambda item: (-model.importance[item][0], item))
    return [_row(model, item) for item in order]


def _row(model: DriverModel, item: str) -> Json:
    estimate, lower, upper = model.importance[item]
    interval: dict[str, Any] = {
        "estimate": rounded(estimate, 2),
        "lower": rounded(lower, 2),
        "upper": rounded(upper, 2),
        "n": model.requesters,
        "answers": model.answers,
        "method": METHOD,
    }
    return {
        "dimension": item,
        "importance": interval,
        "model": model.kind,
        "r_squared": rounded(model.r_squared, 2),
        "seed": model.seed,
    }
