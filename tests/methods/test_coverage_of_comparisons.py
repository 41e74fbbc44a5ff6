"""How often intervals of differences, ranks and resampled figures hold the truth (`pytest -s` prints the tables)."""

import sys
from typing import Any

import numpy as np
import pytest

from app.domain.scorecards.drivers import DEPARTMENT, CompleteAnswers, fit_drivers
from app.domain.statistics import (
    bootstrap_percentile,
    dersimonian_laird,
    empirical_bayes_normal,
    key_driver_importance,
    mean_interval_adjusted,
    rank_interval,
    square_and_add,
    welch_difference,
)

POINTS = [1, 2, 3, 4, 5]
STRONG_CEILING, MEAN = (0.02, 0.01, 0.03, 0.13, 0.81), 4.70


def test_ten_colleagues_against_two_hundred_customers_at_the_ceiling() -> None:
    runs = 1500
    generator = np.random.default_rng(1)
    inside = generator.multinomial(10, STRONG_CEILING, size=runs).tolist()
    outside = generator.multinomial(200, STRONG_CEILING, size=runs).tolist()
    held_welch = held = 0

    for few, many in zip(inside, outside, strict=True):
        welch = welch_difference(np.repeat(POINTS, few).tolist(), np.repeat(POINTS, many).tolist())
        ours = square_and_add(mean_interval_adjusted(few, POINTS), mean_interval_adjusted(many, POINTS))
        held_welch += welch.lower <= 0 <= welch.upper
        held += ours.lower <= 0 <= ours.upper

    found = (held_welch / runs, held / runs)
    sys.stdout.write(f"\n10 against 200: Welch {found[0]:.2f} (0.84), square-and-add {found[1]:.2f} (0.95)\n")
    assert found == pytest.approx((0.84, 0.95), abs=0.025)


def test_the_percentile_bootstrap_of_a_mean_is_no_better_than_t() -> None:
    documented, runs, found = {5: 0.65, 20: 0.85, 50: 0.91}, 3000, {}
    for n in documented:
        drawn = np.random.default_rng(n).multinomial(n, STRONG_CEILING, size=runs)
        held = 0
        for counts, times in zip(*np.unique(drawn, axis=0, return_counts=True), strict=True):
            interval = bootstrap_percentile(np.repeat(POINTS, counts).tolist(), 1000)
            held += int(times) * (interval.lower - 1e-9 <= MEAN <= interval.upper + 1e-9)
        found[n] = held / runs

    for n, coverage in found.items():
        sys.stdout.write(f"\npercentile bootstrap, n = {n:2}: {coverage:.2f} ({documented[n]:.2f})")
    assert list(found.values()) == pytest.approx(list(documented.values()), abs=0.025)


@pytest.mark.parametrize(("spread", "documented"), [(0.03, 0.95), (0.06, 0.96), (0.12, 0.96)])
def test_ninety_percent_intervals_of_ranks_hold_more_than_they_promise(spread: float, documented: float) -> None:
    """Twelve departments, true shares around .80; quarters in which they do not differ measurably get no order."""
    generator = np.random.default_rng(5)
    held, ranked = 0, 0
    for _ in range(250):
        truth = generator.normal(0.8, spread, 12)
        variances = generator.uniform(0.03, 0.08, 12) ** 2
        seen = generator.normal(truth, np.sqrt(variances)).tolist()
        if dersimonian_laird(seen, variances.tolist()).tau2 == 0:
            continue
        shrunk = empirical_bayes_normal(seen, variances.tolist())
        found = rank_interval(shrunk.estimates, shrunk.sds, draws=1000)
        ranks = (np.argsort(np.argsort(-truth)) + 1).tolist()
        held += sum(low <= rank <= high for low, rank, high in zip(found.lower, ranks, found.upper, strict=True))
        ranked += len(ranks)

    sys.stdout.write(f"\n90 % intervals of ranks, departments {spread} apart: {held / ranked:.2f} ({documented:.2f})\n")
    assert held / ranked == pytest.approx(documented, abs=0.02)


def ratings(generator: np.random.Generator, people: int) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Draw overall ratings and three aspects that share a halo; the first aspect weighs most, the last least."""
    halo = generator.normal(size=people)
    aspects = [0.6 * halo + 0.8 * generator.normal(size=people) for _ in range(3)]
    overall = 0.5 * aspects[0] + 0.3 * aspects[1] + 0.15 * aspects[2] + 0.5 * generator.normal(size=people)
    points = np.round(3.9 + 0.9 * np.stack([overall, *aspects], axis=1))
    return np.asarray(np.clip(points, 1, 5), dtype=np.int64)


def test_the_bootstrap_of_drivers_holds_their_importance_among_sixty_people() -> None:
    """What the importance is comes from 200,000 people; a longer run had .95 at 60 people and at 120."""
    generator, people, runs = np.random.default_rng(11), 60, 60
    matrix: Any = np.corrcoef(ratings(generator, 200_000), rowvar=False).tolist()
    truth = key_driver_importance(matrix, 0, ["timeliness", "result_quality", "communication"]).importance
    held = 0
    for run in range(runs):
        answers = CompleteAnswers(
            ratings(generator, people), np.arange(people, dtype=np.int64), np.zeros(people, dtype=np.int64)
        )
        model = fit_drivers(answers, DEPARTMENT, seed=run)
        assert model is not None
        intervals = zip(model.importance.values(), truth, strict=True)
        held += sum(lower <= importance <= upper for (_, lower, upper), importance in intervals)

    coverage = held / (runs * len(truth))
    sys.stdout.write(f"\nbootstrap of driver importance, n = {people}: {coverage:.2f} (0.95)\n")
    assert coverage == pytest.approx(0.95, abs=0.035)
