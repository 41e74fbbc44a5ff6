"""Setting a far scale on ours: the line through people who answered both, and what the line itself does not know."""

import numpy as np
import pytest

from app.domain.instruments.equating import FEWEST_PEOPLE, Equating, equate
from app.domain.statistics import MeanInterval, mean_interval_adjusted

TEN = [100 * point / 9 for point in range(10)]


def people(count: int, seed: int = 3) -> list[tuple[float, float]]:
    """Pairs on 0..100: ours is about .8 of theirs and 22 more, and nobody is consistent."""
    generator = np.random.default_rng(seed)
    theirs = np.clip(generator.normal(65, 15, count), 0, 100)
    ours = np.clip(22 + 0.8 * theirs + generator.normal(0, 6, count), 0, 100)
    return list(zip(theirs.tolist(), ours.tolist(), strict=True))


def equated(pairs: list[tuple[float, float]]) -> Equating:
    found = equate(pairs)
    assert found is not None
    return found


def mean_of(counts: list[int]) -> MeanInterval:
    return mean_interval_adjusted(counts, TEN)


def test_means_and_spreads_of_the_people_who_link_the_scales_fall_on_each_other() -> None:
    pairs = people(400)
    theirs, ours = np.array(pairs).T

    found = equated(pairs)

    assert found.slope == pytest.approx(ours.std() / theirs.std())
    assert found.intercept + found.slope * theirs.mean() == pytest.approx(ours.mean())
    assert found.people == 400


def test_a_hundred_people_are_needed_and_answers_that_differ() -> None:
    assert equate(people(FEWEST_PEOPLE - 1)) is None
    assert equate(people(FEWEST_PEOPLE)) is not None
    assert equate([(50.0, ours) for _, ours in people(200)]) is None
    assert equate([(theirs, 75.0) for theirs, _ in people(200)]) is None


def test_the_error_of_the_line_joins_the_error_of_the_mean() -> None:
    found, plain = equated(people(120)), mean_of([0, 0, 1, 4, 9, 20, 40, 50, 30, 12])

    ours = found.equated(plain)

    assert ours.mean == pytest.approx(found.intercept + found.slope * plain.mean)
    assert ours.se == pytest.approx(np.hypot(found.slope * plain.se, found.error_at(plain.adjusted_mean)))
    assert ours.se > found.slope * plain.se
    assert ours.lower < ours.mean < ours.upper


def test_more_people_leave_less_error_and_far_from_them_there_is_more() -> None:
    few, many = equated(people(120)), equated(people(1200))

    assert many.error_at(65) < few.error_at(65) / 2
    assert few.error_at(5) > few.error_at(65)


def test_the_bootstrap_error_is_what_repeated_samples_show() -> None:
    lines = [equated(people(150, seed)) for seed in range(120)]

    spread = float(np.std([line.intercept + 65 * line.slope for line in lines]))

    assert float(np.mean([line.error_at(65) for line in lines])) == pytest.approx(spread, rel=0.2)


def test_the_same_people_give_the_same_line_and_nothing_leaves_the_scale() -> None:
    assert equate(people(150)) == equate(people(150))
    top = equated(people(150)).equated(mean_of([0] * 9 + [40]))
    assert (top.mean, top.upper) == (100, 100)
