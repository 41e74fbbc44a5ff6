import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from app.domain.statistics import nonresponse_bounds, proportion_fpc, wilson_interval


def test_wilson_is_exactly_zero_without_favourable_answers_and_exactly_one_with_all() -> None:
    for n in (0.3, 1, 5, 7.7, 20, 1e9):
        assert wilson_interval(0, n).lower == 0.0
        assert wilson_interval(n, n).upper == 1.0


def test_wilson_forgives_the_rounding_of_summed_thirds() -> None:
    for x in (sum([0.1] * 30), 3 - 1e-14, 3 + 1e-13):
        interval = wilson_interval(x, 3)

        assert (interval.estimate, interval.upper) == (1.0, 1.0)


@given(n=st.floats(0.01, 1e7), share=st.floats(0, 1), level=st.floats(0.5, 0.999))
def test_wilson_agrees_with_statsmodels_and_holds_its_estimate(n: float, share: float, level: float) -> None:
    interval = wilson_interval(share * n, n, level)
    lower, upper = proportion_confint(share * n, n, alpha=1 - level, method="wilson")

    assert 0 <= interval.lower <= interval.estimate <= interval.upper <= 1
    assert math.isclose(interval.lower, max(0, lower), abs_tol=1e-9)
    assert math.isclose(interval.upper, min(1, upper), abs_tol=1e-9)


def test_a_census_leaves_nothing_to_estimate() -> None:
    interval = wilson_interval(22, 25, population_size=25)

    assert (interval.lower, interval.upper) == (0.88, 0.88)
    assert wilson_interval(0.2, 0.4, population_size=1).lower == 0.0


def test_worst_cases_of_no_answer_at_all_are_zero_and_one() -> None:
    bounds = nonresponse_bounds(0, 0, 40)

    assert (bounds.lower, bounds.upper) == (0, 1)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"x": 1, "n": 0}, "n"),
        ({"x": 6, "n": 5}, "x"),
        ({"x": -1, "n": 5}, "x"),
        ({"x": math.nan, "n": 5}, "x"),
        ({"x": 1, "n": 5, "conf_level": 1}, "conf_level"),
        ({"x": 1, "n": 5, "design_effect": 0}, "design_effect"),
        ({"x": 1, "n": 5, "population_size": 4}, "population_size"),
    ],
)
def test_bad_input_is_named(arguments: dict[str, float], name: str) -> None:
    with pytest.raises(ValueError, match=rf"^{name} "):
        wilson_interval(**arguments)


def test_a_standard_error_needs_two_answers() -> None:
    with pytest.raises(ValueError, match=r"^n must be greater than 1"):
        proportion_fpc(1, 1, 5)
