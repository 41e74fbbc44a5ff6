"""The per-request weight, its steps and its ties."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.weights import WEIGHT_STEPS, weight_step, weight_steps


@pytest.mark.parametrize(
    ("weight", "step"),
    [
        (Fraction(1, 100), 2),
        (Fraction(5, 12), 3),  # halfway between 1/3 and 1/2: the larger
        (Fraction(3, 4), 6),
        (Fraction(3, 2), 12),
        (Fraction(5, 2), 18),
        (Fraction(100), 18),
    ],
)
def test_it_takes_the_nearest_step_and_the_larger_at_a_tie(weight: Fraction, step: int) -> None:
    assert weight_step(weight) == step


def test_a_heavy_user_who_was_asked_once_weighs_more() -> None:
    steps = weight_steps({"alice": 1, "bob": 1}, {"alice": 9, "bob": 1})

    assert steps == {"alice": 12, "bob": 2}


def test_more_answers_than_known_requests_count_as_themselves() -> None:
    assert weight_steps({"alice": 3}, {}) == {"alice": 6}


@given(st.dictionaries(st.integers(), st.integers(1, 20), min_size=1))
def test_everybody_gets_a_step(responses: dict[int, int]) -> None:
    assert set(weight_steps(responses, {}).values()) <= set(WEIGHT_STEPS)
