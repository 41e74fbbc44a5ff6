import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from app.domain.statistics import (
    Share,
    cliffs_delta,
    cliffs_delta_of_counts,
    difference_p_value,
    mean_difference_p_value,
    mean_interval_adjusted,
    newcombe_difference,
    share_difference,
    square_and_add,
    weighted_mean,
    weighted_share,
    welch_difference,
    wilson_interval,
)

FIVE = (1, 2, 3, 4, 5)
pairs = st.tuples(st.integers(1, 300), st.floats(0, 1)).map(lambda pair: (round(pair[0] * pair[1]), pair[0]))


@given(first=pairs, second=pairs)
def test_newcombe_agrees_with_statsmodels(first: tuple[int, int], second: tuple[int, int]) -> None:
    found = newcombe_difference(*first, *second)

    lower, upper = confint_proportions_2indep(*first, *second, method="newcomb", compare="diff")
    assert (found.lower, found.upper) == pytest.approx((lower, upper), abs=1e-9)
    assert -1 <= found.lower <= found.difference <= found.upper <= 1


@given(first=pairs, second=pairs)
def test_the_p_value_is_the_level_at_which_the_interval_touches_zero(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    p = difference_p_value(*first, *second)
    assume(1e-12 < p < 1)

    touching = newcombe_difference(*first, *second, conf_level=1 - p)

    assert min(abs(touching.lower), abs(touching.upper)) < 1e-5
    assert difference_p_value(*second, *first) == pytest.approx(p)


def test_equal_shares_have_p_one_and_distant_ones_a_tiny_p() -> None:
    assert difference_p_value(3, 6, 5, 10) == 1
    assert 0 <= difference_p_value(10_000, 10_000, 0, 10_000) < 1e-100


def test_p_and_interval_agree_at_five_percent() -> None:
    for x in range(21):
        interval = newcombe_difference(x, 20, 150, 200)

        assert (difference_p_value(x, 20, 150, 200) <= 0.05) == (interval.lower > 0 or interval.upper < 0)


def test_a_raw_mean_outside_its_adjusted_interval_does_not_break_the_difference() -> None:
    ceiling = mean_interval_adjusted([0, 0, 0, 0, 10_000], FIVE, conf_level=0.5)
    floor = mean_interval_adjusted([10_000, 0, 0, 0, 0], FIVE, conf_level=0.5)

    found = square_and_add(ceiling, floor)

    assert ceiling.upper < ceiling.mean
    assert (found.difference, found.upper) == (4, 4)
    assert found.lower < 4


def test_the_p_value_of_means_uses_the_adjusted_ones() -> None:
    inside = mean_interval_adjusted([1, 2, 3, 10, 14], FIVE)
    outside = mean_interval_adjusted([10, 20, 50, 80, 40], FIVE)

    p = mean_difference_p_value(inside, outside)

    z = abs(inside.adjusted_mean - outside.adjusted_mean) / math.hypot(inside.se, outside.se)
    assert p == pytest.approx(float(2 * stats.norm.sf(z)))
    assert mean_difference_p_value(inside, inside) == 1


def test_one_touchpoint_of_any_weight_is_plain_wilson() -> None:
    alone = weighted_share([Share(30, 40, weight=0.4)])

    plain = wilson_interval(30, 40)
    assert (alone.estimate, alone.lower, alone.upper) == pytest.approx((plain.estimate, plain.lower, plain.upper))


def test_touchpoints_are_weighted_by_the_formula() -> None:
    found = weighted_share([Share(30, 40, weight=3), Share(10, 50, weight=1)])

    first, second = wilson_interval(30, 40), wilson_interval(10, 50)
    p = 0.75 * 0.75 + 0.25 * 0.2
    assert found.estimate == pytest.approx(p)
    assert found.lower == pytest.approx(
        p - math.sqrt((0.75 * (0.75 - first.lower)) ** 2 + (0.25 * (0.2 - second.lower)) ** 2)
    )
    assert found.upper == pytest.approx(
        p + math.sqrt((0.75 * (first.upper - 0.75)) ** 2 + (0.25 * (second.upper - 0.2)) ** 2)
    )
    assert found.n == 90


@given(inside=pairs, outside=st.lists(pairs, min_size=1, max_size=4))
def test_a_difference_of_weighted_shares_agrees_with_its_p_value(
    inside: tuple[int, int], outside: list[tuple[int, int]]
) -> None:
    parts = [Share(x, n, weight=1 + place) for place, (x, n) in enumerate(outside)]

    found = share_difference([Share(*inside)], parts)

    assume(abs(found.p_value - 0.05) > 1e-9)
    assert (found.p_value < 0.05) == (found.lower > 0 or found.upper < 0)


def test_a_single_pair_of_shares_is_newcombe() -> None:
    found = share_difference([Share(56, 70)], [Share(48, 80)])

    plain = newcombe_difference(56, 70, 48, 80)
    assert (found.lower, found.upper) == pytest.approx((plain.lower, plain.upper))
    assert found.p_value == pytest.approx(difference_p_value(56, 70, 48, 80))


def test_weighted_means_keep_what_the_p_value_needs() -> None:
    first = mean_interval_adjusted([1, 2, 3, 10, 14], FIVE)
    second = mean_interval_adjusted([10, 20, 50, 80, 40], FIVE)

    both = weighted_mean([first, second], [3, 1])

    assert both.mean == pytest.approx(0.75 * first.mean + 0.25 * second.mean)
    assert both.adjusted_mean == pytest.approx(0.75 * first.adjusted_mean + 0.25 * second.adjusted_mean)
    assert both.se == pytest.approx(math.hypot(0.75 * first.se, 0.25 * second.se))
    assert both.lower < both.mean < both.upper
    assert weighted_mean([first], [0.2]).lower == pytest.approx(first.lower)


@given(
    a=st.lists(st.integers(1, 5), min_size=2, max_size=30),
    b=st.lists(st.integers(1, 5), min_size=2, max_size=30),
)
def test_cliffs_delta_is_the_mann_whitney_u_rescaled(a: list[int], b: list[int]) -> None:
    found = cliffs_delta(a, b)

    u = float(stats.mannwhitneyu(a, b, method="asymptotic").statistic) if len(set(a + b)) > 1 else len(a) * len(b) / 2
    assert found.delta == pytest.approx(2 * u / (len(a) * len(b)) - 1, abs=1e-12)
    assert -1 <= found.lower <= found.delta + 1e-12
    assert found.delta - 1e-12 <= found.upper <= 1
    assert found == cliffs_delta_of_counts([a.count(v) for v in FIVE], [b.count(v) for v in FIVE])


def test_cliffs_delta_has_words_and_an_honest_interval_at_the_ends() -> None:
    apart = cliffs_delta([4, 5, 5, 4], [1, 2, 1])
    alone = cliffs_delta([4], [1, 2, 1])

    assert (apart.delta, apart.upper, apart.magnitude) == (1, 1, "large")
    assert apart.lower < 0
    assert (alone.lower, alone.upper) == (-1, 1)
    assert cliffs_delta([1, 2], [1, 2]).magnitude == "negligible"


@given(
    a=st.lists(st.floats(-50, 50), min_size=2, max_size=20),
    b=st.lists(st.floats(-50, 50), min_size=2, max_size=20),
)
def test_welch_agrees_with_scipy(a: list[float], b: list[float]) -> None:
    assume(max(a) - min(a) > 1e-3)
    assume(max(b) - min(b) > 1e-3)

    found = welch_difference(a, b)

    theirs = stats.ttest_ind(a, b, equal_var=False)
    assert found.t == pytest.approx(float(theirs.statistic), rel=1e-6, abs=1e-9)
    assert found.p == pytest.approx(float(theirs.pvalue), rel=1e-6, abs=1e-9)


def test_two_constant_samples_have_no_test() -> None:
    found = welch_difference([4, 4], [3, 3])

    assert (found.diff, found.lower, found.upper, found.p) == (1, 1, 1, None)
