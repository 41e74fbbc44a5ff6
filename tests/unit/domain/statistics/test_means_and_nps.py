import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from app.domain.statistics import (
    mean_interval_adjusted,
    mean_interval_t,
    nps_difference,
    nps_interval_adjusted,
    nps_interval_bound,
    nps_interval_wald,
    sums_from_sd,
)

FIVE = (0, 25, 50, 75, 100)
counts_of_five = st.lists(st.integers(0, 200), min_size=5, max_size=5).filter(any)


@given(counts=counts_of_five)
def test_counts_and_sufficient_statistics_give_the_same_interval(counts: list[int]) -> None:
    n = sum(counts)
    total = sum(c * v for c, v in zip(counts, FIVE, strict=True))
    squares = sum(c * v * v for c, v in zip(counts, FIVE, strict=True))

    from_counts = mean_interval_adjusted(counts, FIVE)
    from_sums = mean_interval_adjusted(n=n, sum_x=total, sum_x2=squares, values=FIVE)

    assert from_sums.mean == pytest.approx(from_counts.mean)
    assert from_sums.lower == pytest.approx(from_counts.lower)
    assert from_sums.upper == pytest.approx(from_counts.upper)
    assert from_sums.se == pytest.approx(from_counts.se)


@given(counts=counts_of_five, level=st.floats(0.5, 0.999))
def test_the_interval_stays_on_the_scale_and_never_collapses(counts: list[int], level: float) -> None:
    interval = mean_interval_adjusted(counts, FIVE, conf_level=level)

    assert 0 <= interval.lower < interval.upper <= 100
    assert 0 <= interval.mean <= 100


@given(own=st.lists(st.floats(1, 5), min_size=1, max_size=40))
def test_requesters_own_means_may_be_any_real_numbers_on_the_scale(own: list[float]) -> None:
    interval = mean_interval_adjusted(
        n=len(own), sum_x=sum(own), sum_x2=sum(y * y for y in own), values=(1, 2, 3, 4, 5)
    )

    assert interval.mean == pytest.approx(sum(own) / len(own))
    assert 1 <= interval.lower <= interval.upper <= 5


def test_a_design_effect_widens_the_interval() -> None:
    plain = mean_interval_adjusted([1, 2, 3, 8, 6], (1, 2, 3, 4, 5))
    wide = mean_interval_adjusted([1, 2, 3, 8, 6], (1, 2, 3, 4, 5), design_effect=4)

    assert wide.se == pytest.approx(2 * plain.se)


def test_an_imported_mean_with_its_standard_deviation_becomes_sums() -> None:
    values = [3, 4, 4, 5, 5, 1]
    mean = sum(values) / 6
    deviation = math.sqrt(sum((v - mean) ** 2 for v in values) / 5)

    sum_x, sum_x2 = sums_from_sd(6, mean, deviation)

    assert (sum_x, sum_x2) == pytest.approx((22, sum(v * v for v in values)))


@pytest.mark.parametrize(
    ("given_", "name"),
    [
        ({"counts": [0, 0, 0], "values": (1, 2, 3)}, "counts"),
        ({"counts": [1, 2], "values": (1, 2, 3)}, "counts"),
        ({"counts": [1, -2, 3], "values": (1, 2, 3)}, "counts"),
        ({"counts": [1, 2, 3], "values": (1, 2, 2)}, "values"),
        ({"values": (1, 2, 3)}, "counts"),
        ({"counts": [1, 1, 1], "n": 3, "values": (1, 2, 3)}, "counts"),
        ({"n": 0, "sum_x": 0, "sum_x2": 0, "values": (1, 2, 3)}, "n"),
        ({"n": 2, "sum_x": 9, "sum_x2": 41, "values": (1, 2, 3)}, "sum_x"),
        ({"n": 2, "sum_x": 4, "sum_x2": 30, "values": (1, 2, 3)}, "sum_x2"),
        ({"counts": [1, 1, 1], "values": (1, 2, 3), "pseudo_answers": -1}, "pseudo_answers"),
    ],
)
def test_bad_input_is_named(given_: dict[str, float], name: str) -> None:
    with pytest.raises(ValueError, match=rf"^{name}\b"):
        mean_interval_adjusted(**given_)  # type: ignore[arg-type]


@given(values=st.lists(st.integers(0, 10), min_size=2, max_size=50))
def test_the_t_interval_agrees_with_scipy(values: list[int]) -> None:
    deviation = float(stats.tstd(values)) if len(set(values)) > 1 else 0.0
    assume(deviation > 0)

    found = mean_interval_t(len(values), sum(values) / len(values), deviation, 0.9)

    lower, upper = stats.t.interval(0.9, len(values) - 1, loc=found.mean, scale=found.se)
    assert (found.lower, found.upper) == pytest.approx((lower, upper))


def test_a_t_interval_needs_two_answers() -> None:
    with pytest.raises(ValueError, match=r"^n must be greater than 1"):
        mean_interval_t(1, 4, 0)


@given(down=st.integers(0, 50), middle=st.integers(0, 50), up=st.integers(0, 50))
def test_nps_intervals_hold_the_score_and_stay_in_range(down: int, middle: int, up: int) -> None:
    assume(down + middle + up > 0)

    wald = nps_interval_wald(down, middle, up)
    adjusted = nps_interval_adjusted(down, middle, up)
    bound = nps_interval_bound(wald.nps, wald.n)

    assert -100 <= wald.lower <= wald.nps <= wald.upper <= 100
    assert -100 <= adjusted.lower < adjusted.upper <= 100
    assert bound.lower <= wald.lower + 1e-9
    assert bound.upper >= wald.upper - 1e-9
    assert bound.lower < bound.upper


def test_the_bound_of_a_bare_nps_is_that_of_no_passives() -> None:
    bare = nps_interval_bound(20, 100)
    no_passives = nps_interval_wald(40, 0, 60)

    assert (bare.method, bare.lower, bare.upper) == pytest.approx(("nps_bound", no_passives.lower, no_passives.upper))


def test_nps_input_is_checked() -> None:
    with pytest.raises(ValueError, match=r"^detractors, passives and promoters"):
        nps_interval_wald(0, 0, 0)
    with pytest.raises(ValueError, match=r"^a must name .* missing: passives"):
        nps_difference({"detractors": 1, "promoters": 2}, {"detractors": 1, "passives": 1, "promoters": 2})
    with pytest.raises(ValueError, match=r"^nps must lie"):
        nps_interval_bound(101, 5)


def test_two_groups_without_variation_have_no_p_value() -> None:
    same = {"detractors": 0, "passives": 0, "promoters": 4}

    assert nps_difference(same, same).p is None
