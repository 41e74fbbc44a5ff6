"""Departments beside each other: no league table."""

from typing import Any

import pytest

from app.domain.culture.departments import quadrant
from tests.builders.culture import culture, scorecard, share


def many(*favourable: int, people: int = 100) -> list[dict[str, Any]]:
    return [scorecard(f"D{number}", (count, people)) for number, count in enumerate(favourable)]


def test_departments_stand_by_code_whatever_their_figures() -> None:
    found = culture(*many(95, 20, 60, 80, 40, 55, 70, 65))

    assert [row["code"] for row in found["departments"]] == [f"D{number}" for number in range(8)]
    assert found["differ"] is True
    assert [sentence["key"] for sentence in found["sentences"][-2:]] == [
        "departments_differ",
        "departments_overdispersed",
    ]


def test_ranks_are_intervals_and_only_among_eight_that_differ() -> None:
    eight = culture(*many(95, 20, 60, 62, 40, 55, 70, 65))
    seven = culture(*many(95, 20, 60, 62, 40, 55, 70))
    alike = culture(*many(60, 61, 60, 62, 59, 60, 61, 60))

    ranks = {row["code"]: row["rank"] for row in eight["departments"]}
    assert (ranks["D0"], ranks["D1"]) == ([1, 1], [8, 8])
    assert ranks["D2"][0] < ranks["D2"][1]
    assert [row.get("rank") for row in seven["departments"]] == [None] * 7
    assert [row.get("rank") for row in alike["departments"]] == [None] * 8
    assert (alike["differ"], alike["sentences"][-1]["key"]) == (False, "departments_do_not_differ")


def test_where_none_stands_out_departments_differ_only_together() -> None:
    found = culture(*many(53, 68, 55, 67, 60, 62, 54, 66))

    said = {sentence["key"] for sentence in found["sentences"]}
    assert (found["differ"], [row["code"] for row in found["departments"] if "flag" in row]) == (True, [])
    assert said & {"departments_differ", "departments_differ_together"} == {"departments_differ_together"}


def test_the_funnel_says_how_far_out_a_share_lies() -> None:
    rows = culture(*many(60, 61, 51, 62, 59, 90, 61, 60))["departments"]

    limits = {row["code"]: row["limits"] for row in rows}
    assert (limits["D0"], limits["D2"], limits["D5"]) == ("within", "beyond_95", "beyond_998")
    assert [row["code"] for row in rows if "flag" in row] == ["D2", "D5"]


def test_a_hidden_department_has_no_row_and_a_coarse_one_no_judgement() -> None:
    hidden, coarse = scorecard("A", None, hidden=("internal",)), scorecard("B", (6, 8))

    (row,) = culture(hidden, coarse)["departments"]

    assert set(row) == {"code", "name", "top_two_box", "quadrant"}


def beside_customers(inside: tuple[int, int], outside: tuple[int, int], letter: str = "A") -> dict[str, Any]:
    gap = {"csat_overall": {"comparability": letter}}
    return scorecard("IT", inside, external={"csat_overall": {"top_two_box": share(*outside)}}, gap=gap)


@pytest.mark.parametrize(
    ("inside", "outside", "where"),
    [
        ((95, 100), (980, 1000), "both_high"),
        ((95, 100), (500, 1000), "only_inside"),
        ((40, 100), (980, 1000), "only_outside"),
        ((40, 100), (500, 1000), "both_low"),
        ((80, 100), (980, 1000), "undecided"),
        ((40, 100), (800, 1000), "undecided"),
    ],
)
def test_a_quadrant_needs_both_intervals_clear_of_the_target(
    inside: tuple[int, int], outside: tuple[int, int], where: str
) -> None:
    assert quadrant(beside_customers(inside, outside), 0.8) == where


@pytest.mark.parametrize(
    ("inside", "outside", "letter", "where"),
    [
        ((28, 29), (980, 1000), "A", "too_few"),
        ((95, 100), (29, 29), "A", "too_few"),
        ((7, 8), (980, 1000), "A", "too_few"),
        ((95, 100), (980, 1000), "D", "not_comparable"),
    ],
)
def test_few_people_and_another_question_have_no_place_in_the_picture(
    inside: tuple[int, int], outside: tuple[int, int], letter: str, where: str
) -> None:
    assert quadrant(beside_customers(inside, outside, letter), 0.8) == where


def test_without_customers_there_is_no_quadrant() -> None:
    assert quadrant(scorecard("IT", (40, 100)), 0.8) == "not_comparable"


def test_departments_that_vary_as_chance_does_are_not_called_overdispersed() -> None:
    found = culture(*many(60, 61, 51, 62, 59, 72, 61, 60))

    assert found["limits"]["overdispersion"] < 2
    assert "departments_overdispersed" not in [sentence["key"] for sentence in found["sentences"]]


def test_a_department_that_holds_others_stands_beside_them_and_is_compared_with_none() -> None:
    below = [scorecard("IT1", (40, 60)), scorecard("IT2", (50, 60))]
    above = scorecard("IT", (90, 120), {"HR": (30, 40), "SALES": (60, 80)})

    found = culture(
        *below, above={"IT": above}, holds={"IT": ["IT2", "IT1"]}, targets=dict.fromkeys(("IT", "IT1", "IT2"), 0.8)
    )

    assert [row["code"] for row in found["departments"]] == ["IT1", "IT2"]
    assert found["departments_above"] == [
        {
            "code": "IT",
            "name": "It",
            "holds": ["IT1", "IT2"],
            "top_two_box": share(90, 120),
            "quadrant": "not_comparable",
        }
    ]
    assert found["service_matrix"]["sums"] == [
        {"provider": "IT", "requester": "HR", "top_two_box": share(30, 40)},
        {"provider": "IT", "requester": "SALES", "top_two_box": share(60, 80)},
    ]
