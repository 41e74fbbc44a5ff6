"""How often the nominal 95 % intervals hold the truth, simulated with our own functions (`pytest -s` prints the table).

The distributions are ours, chosen to have the means of the table; it was made with 60,000 runs, this test takes fewer.
"""

import math
import sys
from dataclasses import dataclass

import numpy as np
import pytest

from app.domain.statistics import mean_interval_adjusted, mean_interval_t, nps_interval_adjusted, wilson_interval

RUNS = 4000
NOISE = 0.025  # table and run both round, and the distributions agree in their mean only
SIZES = (5, 8, 10, 15, 20, 30, 50, 100)


@dataclass(frozen=True)
class Answers:
    values: tuple[int, ...]
    shares: tuple[float, ...]
    t: tuple[float, ...]
    adjusted: tuple[float, ...]


FIVE = (1, 2, 3, 4, 5)
TABLE = {
    "ceiling (4.40)": Answers(
        FIVE,
        (0.02, 0.03, 0.08, 0.27, 0.60),
        t=(0.92, 0.92, 0.91, 0.91, 0.92, 0.92, 0.94, 0.94),
        adjusted=(0.92, 0.93, 0.94, 0.95, 0.95, 0.96, 0.95, 0.96),
    ),
    "strong ceiling (4.70)": Answers(
        FIVE,
        (0.02, 0.01, 0.03, 0.13, 0.81),
        t=(0.65, 0.82, 0.88, 0.86, 0.86, 0.87, 0.90, 0.93),
        adjusted=(0.93, 0.94, 0.94, 0.95, 0.95, 0.96, 0.96, 0.96),
    ),
    "spread (3.40)": Answers(
        FIVE,
        (0.10, 0.15, 0.25, 0.25, 0.25),
        t=(0.94, 0.94, 0.94, 0.94, 0.95, 0.95, 0.95, 0.95),
        adjusted=(0.97, 0.96, 0.96, 0.96, 0.95, 0.95, 0.95, 0.95),
    ),
    "polarised (3.70)": Answers(
        FIVE,
        (0.25, 0.05, 0.05, 0.05, 0.60),
        t=(0.88, 0.92, 0.95, 0.94, 0.94, 0.95, 0.95, 0.95),
        adjusted=(0.95, 0.95, 0.95, 0.94, 0.94, 0.95, 0.95, 0.95),
    ),
    "happy, 0-10 (8.3)": Answers(
        tuple(range(11)),
        (0.02, 0.0, 0.01, 0.01, 0.01, 0.03, 0.05, 0.10, 0.19, 0.26, 0.32),
        t=(0.92, 0.89, 0.88, 0.89, 0.90, 0.92, 0.93, 0.94),
        adjusted=(0.92, 0.94, 0.94, 0.95, 0.96, 0.96, 0.96, 0.96),
    ),
}


def coverage(answers: Answers, n: int) -> tuple[float, float]:
    """Share of runs whose t and whose adjusted interval holds the true mean."""
    drawn = np.random.default_rng(n).multinomial(n, answers.shares, size=RUNS)
    samples, times = np.unique(drawn, axis=0, return_counts=True)
    truth = sum(value * share for value, share in zip(answers.values, answers.shares, strict=True))
    held_t = held_adjusted = 0
    for counts, weight in zip(samples.tolist(), times.tolist(), strict=True):
        adjusted = mean_interval_adjusted(counts, answers.values)
        squares = sum(count * (value - adjusted.mean) ** 2 for count, value in zip(counts, answers.values, strict=True))
        t = mean_interval_t(n, adjusted.mean, math.sqrt(squares / (n - 1)))
        held_t += weight * (t.lower - 1e-9 <= truth <= t.upper + 1e-9)
        held_adjusted += weight * (adjusted.lower - 1e-9 <= truth <= adjusted.upper + 1e-9)
    return held_t / RUNS, held_adjusted / RUNS


@pytest.mark.parametrize("name", TABLE)
def test_coverage_of_the_mean_is_as_documented(name: str) -> None:
    answers = TABLE[name]

    found = [coverage(answers, n) for n in SIZES]

    sys.stdout.write(f"\n{name}: found (documented), t / adjusted\n")
    for n, (t, adjusted), t_table, adjusted_table in zip(SIZES, found, answers.t, answers.adjusted, strict=True):
        sys.stdout.write(f"  n = {n:3}   {t:.2f} ({t_table:.2f}) / {adjusted:.2f} ({adjusted_table:.2f})\n")
    assert [t for t, _ in found] == pytest.approx(answers.t, abs=NOISE)
    assert [adjusted for _, adjusted in found] == pytest.approx(answers.adjusted, abs=NOISE)
    assert min(adjusted for _, adjusted in found) > 0.90


def test_coverage_of_wilson_at_90_percent_satisfied_is_as_documented() -> None:
    found = []
    for n in (5, 10, 20, 50):
        drawn = np.random.default_rng(n).binomial(n, 0.9, size=20_000)
        bounds = [wilson_interval(x, n) for x in range(n + 1)]
        found.append(sum(bounds[x].lower <= 0.9 <= bounds[x].upper for x in drawn.tolist()) / len(drawn))

    assert found == pytest.approx([0.92, 0.93, 0.96, 0.97], abs=0.01)


def test_coverage_of_the_adjusted_nps_in_a_very_happy_group_is_as_documented() -> None:
    shares = (0.05, 0.10, 0.85)
    found = []
    for n in (5, 10, 20):
        drawn = np.random.default_rng(n).multinomial(n, shares, size=RUNS).tolist()
        intervals = [nps_interval_adjusted(*counts) for counts in drawn]
        found.append(sum(interval.lower <= 80 <= interval.upper for interval in intervals) / RUNS)

    assert found == pytest.approx([0.92, 0.95, 0.96], abs=0.03)


def test_one_vote_a_person_keeps_its_promise_where_people_answer_often_and_alike() -> None:
    generator = np.random.default_rng(7)
    held = 0
    runs = 2000
    for _ in range(runs):
        own = generator.beta(2.4, 0.6, size=20)  # people differ; 80 % favourable on average
        answers = generator.integers(1, 4, size=20)
        share = float((generator.binomial(answers, own) / answers).mean())
        interval = wilson_interval(20 * share, 20)
        held += interval.lower <= 0.8 <= interval.upper

    assert held / runs > 0.94
