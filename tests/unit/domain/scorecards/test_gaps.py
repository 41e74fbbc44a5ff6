"""Inside minus outside: the measure of each class, p from unrounded figures, verdicts over the declared family."""

from typing import Any

import pytest

from app.domain.instruments import Item
from app.domain.scorecards.families import Family, p_values_of
from app.domain.scorecards.gaps import gap_between, inside_of, published_gap
from app.domain.statistics import (
    benjamini_hochberg,
    cliffs_delta_of_counts,
    difference_p_value,
    mean_difference_p_value,
    newcombe_difference,
    square_and_add,
)
from tests.builders.figures import answered, outside, rated, told

CSAT = Item.CSAT_OVERALL
CUSTOMERS = (10, 10, 20, 60, 100)


def between(people: Any, customers: Any) -> Any:
    return gap_between(inside_of(people, "per_requester", people.confidential), customers)


def test_class_a_compares_shares_and_shows_means_and_cliffs_delta_beside_them() -> None:
    people = answered([[5]] * 20 + [[4, 2]] * 10 + [[1]] * 10)

    gap = between(people, outside(told(counts=CUSTOMERS)))

    expected = newcombe_difference(25, 40, 160, 200)
    assert gap.shares is not None
    assert (gap.shares.difference, gap.shares.lower, gap.shares.upper) == pytest.approx(
        (expected.difference, expected.lower, expected.upper)
    )
    assert gap.p_value == pytest.approx(difference_p_value(25, 40, 160, 200))
    printed = published_gap(gap, 0.2)
    delta = cliffs_delta_of_counts([10, 10, 0, 10, 20], CUSTOMERS)
    assert printed["cliffs_delta"]["estimate"] == round(delta.delta, 2)
    assert printed["cliffs_delta"]["n"] == [50, 200]  # per answer
    assert printed["top_two_box"]["n"] == [40, 200]
    assert printed["score_0_100"]["n"] == [40, 200]
    assert (printed["p_adjusted"], printed["flag"], printed["verdict"]) == (0.2, False, "no_evidence")
    assert printed["p_value"] == round(gap.p_value, 4)


@pytest.mark.parametrize(("instrument", "letter"), [("csat7", "B"), ("csat10", "C"), ("csat4", "C")])
def test_classes_b_and_c_compare_means_only(instrument: str, letter: str) -> None:
    points = int(instrument.removeprefix("csat"))
    people, customers = rated(40, 20), outside(told(instrument=instrument, counts=(10,) * points))

    gap = between(people, customers)
    printed = published_gap(gap, 0.01)

    assert customers.mean is not None
    expected = square_and_add(people.mean, customers.mean)
    assert printed["comparability"] == letter
    assert printed["score_0_100"]["estimate"] == round(expected.difference, 1)
    assert gap.p_value == pytest.approx(mean_difference_p_value(people.mean, customers.mean))
    assert "top_two_box" not in printed
    assert "cliffs_delta" not in printed


def test_class_c_needs_a_gap_of_five_points_beside_the_evidence() -> None:
    people = answered([[5]] * 200 + [[4]] * 800)  # 80 of 100
    small = between(people, outside(told(instrument="csat10", counts=(0,) * 7 + (400, 600, 0))))  # 84.4
    large = between(people, outside(told(instrument="csat10", counts=(0,) * 7 + (100, 900, 0))))  # 87.8

    assert abs(small.means.difference) < 5 < abs(large.means.difference)
    assert published_gap(small, 1e-9)["verdict"] == "no_evidence"
    assert published_gap(large, 1e-9)["verdict"] == "worse"


def test_an_equal_gap_in_class_b_needs_no_five_points() -> None:
    people = answered([[5]] * 200 + [[4]] * 800)

    gap = between(people, outside(told(instrument="csat7", counts=(0,) * 5 + (900, 100))))  # 85

    assert published_gap(gap, 0.04)["verdict"] == "worse"


@pytest.mark.parametrize(
    ("p_adjusted", "verdict", "flag"),
    [
        (0.05, "worse", True),
        (0.0500001, "no_evidence", True),
        (0.1, "no_evidence", True),
        (0.1000001, "no_evidence", False),
    ],
)
def test_the_verdict_is_taken_before_p_is_rounded(p_adjusted: float, verdict: str, flag: bool) -> None:
    printed = published_gap(between(rated(40, 20), outside(told(counts=CUSTOMERS))), p_adjusted)

    assert (printed["verdict"], printed["flag"]) == (verdict, flag)


@pytest.mark.parametrize(
    ("measured", "letter", "verdict"),
    [
        (told(instrument="thumbs", counts=(10, 90)), "D", "not_comparable"),
        (told(instrument="nps", counts=(9,) * 11), "D", "not_comparable"),
        (told(instrument="ces7", counts=(9,) * 7), "D", "not_comparable"),
        (told(instrument="percent", n=100, positive=80), "D", "not_comparable"),
        (told(instrument="percent", quoted=0.8), "E", "not_comparable"),
        (told(quoted=0.8), "E", "not_comparable"),
        (told(counts=(0, 0, 0, 9, 20)), "A", "too_few"),
    ],
)
def test_what_is_refused_carries_class_and_verdict_only(measured: Any, letter: str, verdict: str) -> None:
    gap = between(rated(40, 20), outside(measured))

    assert gap.p_value is None
    assert published_gap(gap, None) == {"comparability": letter, "verdict": verdict}


def test_items_compare_with_the_instrument_of_their_own_name() -> None:
    effort, recommend = rated(40, 30), answered([[10]] * 30 + [[2]] * 10, Item.RECOMMEND)
    easy = outside(told(instrument="ces5", counts=CUSTOMERS), item=Item.EFFORT)
    easier = outside(told(instrument="ces7", counts=(9,) * 7), item=Item.EFFORT)
    friends = outside(told(instrument="nps", counts=(9,) * 11), item=Item.RECOMMEND)

    found = [
        between(people, side).comparability for people, side in ((effort, easy), (effort, easier), (recommend, friends))
    ]

    assert found == ["A", "B", "A"]


def test_the_headline_and_the_other_dimensions_are_two_families() -> None:
    family = Family.of({"IT": {"csat_overall": 0.01, "timeliness": 0.04}, "HR": {"csat_overall": 0.03}})

    found = family.adjusted_for("IT", {"csat_overall": 0.01, "timeliness": 0.04})

    assert found == {Item.CSAT_OVERALL: 0.02, Item.TIMELINESS: 0.04}


def test_a_later_revision_is_judged_by_its_new_p_value_among_the_old_ones_of_the_others() -> None:
    family = Family.of({code: {"csat_overall": p} for code, p in (("IT", 0.2), ("HR", 0.03), ("LAW", 0.5))})

    found = family.adjusted_for("IT", {"csat_overall": 0.01})

    assert found == {CSAT: benjamini_hochberg([0.01, 0.03, 0.5]).adjusted[0]}
    assert family.of_department("IT") == {"csat_overall": 0.2}


def test_a_refused_gap_is_in_no_family() -> None:
    refused, shown = (
        between(rated(40, 20), outside(told(quoted=0.8))),
        between(rated(40, 20), outside(told(counts=CUSTOMERS))),
    )

    assert p_values_of({CSAT: refused}) == {}
    assert p_values_of({CSAT: shown}) == {"csat_overall": shown.p_value}
