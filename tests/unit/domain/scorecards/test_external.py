"""Customers' side: months add up by counts, weights are those of who entered, and each class shows what it may."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.instruments import Comparability, Construct, Item, own_instrument
from app.domain.scorecards.customers import published_customers
from app.domain.scorecards.external import dimension
from app.domain.scorecards.measured import Measured, added, sums_of_mean
from app.domain.statistics import mean_interval_adjusted, wilson_interval
from tests.builders.figures import outside, told

counts = st.lists(st.integers(0, 40), min_size=5, max_size=5).filter(any)
TOUCHPOINTS = ({"code": "support", "weight": 1.0},)


@given(months=st.lists(counts, min_size=2, max_size=3))
def test_months_add_up_to_the_quarter_by_counts(months: list[list[int]]) -> None:
    whole = told(counts=tuple(map(sum, zip(*months, strict=True))))
    mean = whole.mean_interval()

    parts = [told(counts=tuple(month)) for month in months]
    by_share = [told(n=part.n, positive=part.favourable()) for part in parts]
    by_mean = [told(n=part.n, sums=part.sums_of_answers()) for part in parts]

    by_counts = added(parts)
    assert (by_counts.n, by_counts.counts, by_counts.mean_interval()) == (whole.n, whole.counts, mean)
    assert added(by_share).share() == whole.share()
    assert added(by_mean).mean_interval() == mean


def test_a_month_told_otherwise_leaves_only_what_both_tell() -> None:
    july, august = told(counts=(0, 0, 2, 3, 5)), told(n=10, positive=9)

    quarter = added([july, august])

    assert (quarter.n, quarter.favourable(), quarter.counts, quarter.mean_interval()) == (20, 17, (), None)


def test_a_month_without_n_makes_the_quarter_one_without_n_and_an_empty_month_nothing() -> None:
    july, unknown, empty = told(n=10, positive=9), told(quoted=0.7), told(n=0)

    assert added([july, unknown]).n is None
    assert outside(added([july, unknown])).comparability is Comparability.UNKNOWN
    assert added([july, empty]) == july
    assert added([empty, empty]) == empty


def test_months_of_means_add_up_by_their_sums() -> None:
    answers = [[1, 3, 5, 5], [4, 4, 5, 2, 3]]
    parts = []
    for month in answers:
        mean = sum(month) / len(month)
        deviation = math.sqrt(sum((value - mean) ** 2 for value in month) / (len(month) - 1))
        parts.append(told(n=len(month), sums=sums_of_mean(len(month), mean, deviation)))

    found = added(parts).mean_interval()

    everything = [100 * (value - 1) / 4 for month in answers for value in month]
    expected = mean_interval_adjusted(
        values=[0, 25, 50, 75, 100],
        n=9,
        sum_x=sum(everything),
        sum_x2=sum(value * value for value in everything),
    )
    assert found is not None
    assert (found.mean, found.lower, found.upper) == pytest.approx((expected.mean, expected.lower, expected.upper))


def test_a_reversed_instrument_counts_its_smallest_point_as_the_best() -> None:
    school = own_instrument("school", Construct.SATISFACTION, lowest=1, highest=6, reverse=True)
    measured = Measured("support", school, n=10, counts=(4, 3, 1, 1, 1, 0))
    by_mean = Measured("support", school, n=10, sums=measured.sums_of_answers())

    share, mean = measured.share(), by_mean.mean_interval()

    assert share is not None
    assert mean is not None
    assert (share.x, round(mean.mean, 6)) == (7, 76.0)
    assert by_mean.mean_interval() == measured.mean_interval()


@pytest.mark.parametrize(
    ("instrument", "points", "letter", "is_subtracted"),
    [
        ("csat5", 5, "A", True),
        ("csat7", 7, "B", True),
        ("csat10", 10, "C", True),
        ("csat4", 4, "C", True),
        ("thumbs", 2, "D", False),
        ("nps", 11, "D", False),
        ("ces5", 5, "D", False),
    ],
)
def test_a_single_touchpoints_favourable_share_is_shown_whatever_its_class(
    instrument: str, points: int, letter: str, is_subtracted: bool
) -> None:
    found = outside(told(instrument=instrument, counts=(10,) * points))

    printed = published_customers(TOUCHPOINTS, {Item.CSAT_OVERALL: found})["csat_overall"]

    assert found.comparability == letter
    assert "top_two_box" in printed
    assert bool(found.shares) is (letter == "A")
    assert (found.mean is not None) is is_subtracted


def test_a_five_point_question_in_other_words_is_shown_but_not_subtracted() -> None:
    theirs = own_instrument("theirs", Construct.SATISFACTION, lowest=1, highest=5)
    known = Measured("support", theirs, n=100, counts=(5, 5, 10, 40, 40))
    only_share = Measured("support", theirs, n=100, positive=80)

    found = outside(known)
    assert (found.comparability, found.shares, found.shown[0].x) == ("B", (), 80)
    assert outside(only_share).mean is None
    assert published_customers(TOUCHPOINTS, {Item.CSAT_OVERALL: outside(only_share)})["csat_overall"].keys() == {
        "top_two_box"
    }


def test_weights_are_renormalised_over_the_touchpoints_that_are_there() -> None:
    shop, phone = told("shop", counts=(0, 0, 0, 30, 10)), told("phone", counts=(30, 0, 0, 10, 0))

    found = dimension(Item.CSAT_OVERALL, [shop, phone], {"shop": 0.6, "phone": 0.2, "web": 0.2})

    assert found is not None
    printed = published_customers(TOUCHPOINTS, {Item.CSAT_OVERALL: found})["csat_overall"]["top_two_box"]
    first, second = wilson_interval(40, 40), wilson_interval(10, 40)
    share = 0.75 * 1 + 0.25 * 0.25
    lower = share - math.hypot(0.75 * (1 - first.lower), 0.25 * (0.25 - second.lower))
    upper = share + math.hypot(0.75 * (first.upper - 1), 0.25 * (second.upper - 0.25))
    assert (printed["estimate"], printed["lower"], printed["upper"]) == (0.81, round(lower, 2), round(upper, 2))
    assert (printed["n"], printed["answers"]) == (80, 80)


def test_below_half_of_the_agreed_weight_a_dimension_is_absent_and_not_comparable() -> None:
    shop = told("shop", counts=(0, 0, 0, 30, 10))

    half = dimension(Item.CSAT_OVERALL, [shop], {"shop": 0.5, "phone": 0.5})
    less = dimension(Item.CSAT_OVERALL, [shop], {"shop": 0.49, "phone": 0.51})

    assert half is not None
    assert less is not None
    assert (half.is_incomplete, less.is_incomplete) == (False, True)
    assert "csat_overall" not in published_customers(TOUCHPOINTS, {Item.CSAT_OVERALL: less})


def test_the_class_of_several_touchpoints_is_the_worst_and_shares_need_class_a_throughout() -> None:
    shop, phone = told("shop", counts=(0, 0, 0, 30, 10)), told("phone", "csat10", counts=(4,) * 10)
    thumbs = told("web", "thumbs", counts=(10, 30))

    mixed = dimension(Item.CSAT_OVERALL, [shop, phone, thumbs], {"shop": 0.4, "phone": 0.4, "web": 0.2})

    assert mixed is not None
    assert (mixed.comparability, mixed.shown, len(mixed.parts), mixed.answers) == ("C", (), 2, 80)
    assert mixed.mean is not None


def test_a_touchpoint_without_a_mean_does_not_enter_where_means_are_compared() -> None:
    shop = told("shop", n=40, positive=30)
    phone = told("phone", "csat7", counts=(4,) * 7)

    found = dimension(Item.CSAT_OVERALL, [shop, phone], {"shop": 0.3, "phone": 0.7})

    assert found is not None
    assert ([part.measured.touchpoint for part in found.parts], found.comparability) == (["phone"], "B")


def test_a_bare_nps_is_shown_with_the_widest_interval_it_can_have() -> None:
    bare, counted = (
        told(instrument="nps", n=100, nps=30),
        told(instrument="nps", counts=(10, *(0,) * 6, 20, 20, 20, 30)),
    )

    printed = published_customers(TOUCHPOINTS, {Item.RECOMMEND: outside(bare, item=Item.RECOMMEND)})["recommend"]
    exact = published_customers(TOUCHPOINTS, {Item.RECOMMEND: outside(counted, item=Item.RECOMMEND)})["recommend"]

    assert printed == {
        "nps": {"estimate": 30.0, "lower": 11.3, "upper": 48.7, "n": 100, "answers": 100, "method": "nps_bound"}
    }
    assert (exact["nps"]["estimate"], exact["nps"]["method"]) == (40.0, "nps_adjusted")


def test_several_nps_are_put_together_by_square_and_add() -> None:
    shop, phone = told("shop", "nps", n=100, nps=30), told("phone", "nps", n=100, nps=50)

    beside = dimension(Item.CSAT_OVERALL, [shop, phone], {"shop": 0.5, "phone": 0.5})
    both = dimension(Item.RECOMMEND, [shop, phone], {"shop": 0.5, "phone": 0.5})

    assert beside is not None
    assert (beside.comparability, beside.nps) == ("D", None)  # of several only those that compare are put together
    assert both is not None
    assert both.nps is not None
    first, second = shop.nps_bounds(), phone.nps_bounds()
    assert first is not None
    assert second is not None
    assert (both.nps.estimate, both.nps.n, both.nps.method) == (40, 200, "nps_bound")
    assert both.nps.lower == pytest.approx(40 - math.hypot(0.5 * (30 - first.lower), 0.5 * (50 - second.lower)))


def test_without_n_nothing_is_computed() -> None:
    quoted = told(quoted=0.83)

    found = outside(quoted)

    assert (found.comparability, found.shown, found.mean, found.answers) == ("E", (), None, 0)
    assert published_customers(TOUCHPOINTS, {Item.CSAT_OVERALL: found}) == {"touchpoints": list(TOUCHPOINTS)}


def test_a_mean_and_deviation_told_with_few_digits_need_not_fit_each_other_exactly() -> None:
    best, odd = told(n=40, sums=sums_of_mean(40, 5.0, 0.3)), told(n=40, sums=sums_of_mean(40, 1.0, 2.8))

    for measured, mean in ((best, 100), (odd, 0)):
        found = measured.mean_interval()
        assert found is not None
        assert found.mean == mean
