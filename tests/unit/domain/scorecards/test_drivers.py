"""Drivers: the order of aspects is found, chance is not, and what a model may not tell it does not."""

import numpy as np
import pytest

from app.domain.scorecards.drivers import (
    COMPANY,
    DEPARTMENT,
    MOST_REQUESTERS,
    CompleteAnswers,
    DriverModel,
    fit_drivers,
    published_drivers,
)
from app.domain.scorecards.publish import Json
from app.domain.statistics import key_driver_importance, pearson_interval

COMMUNICATION_WEIGHS_MOST = {"timeliness": 0.5, "result_quality": 0.2, "communication": 1.2}


def answers(
    count: int, weights: dict[str, float], *, seed: int = 1, people: int | None = None, level: int = 0
) -> CompleteAnswers:
    """Return ratings in which the overall one follows the aspects by these weights, and chance."""
    random = np.random.default_rng(seed)
    aspects = random.integers(1, 6, size=(count, 3))
    follows = aspects @ np.array(list(weights.values())) / (sum(weights.values()) or 1)
    overall = np.clip(np.round(follows + random.normal(0, 0.7, count)) + level, 1, 5)
    ratings = np.column_stack([overall, aspects]).astype(np.int64)
    who = np.arange(count) % (people or count)
    return CompleteAnswers(ratings, who, np.ones(count, dtype=np.int64))


def internal(**methods: str) -> Json:
    """Return items as a document prints them, whole shares unless said otherwise."""
    items = ("csat_overall", "timeliness", "result_quality", "communication")
    return {item: {"top_two_box": {"method": methods.get(item, "wilson")}} for item in items}


def model(kind: str = DEPARTMENT, *, answered: int = 60, r_squared: float = 0.4) -> DriverModel:
    """Return a model as it is read back."""
    parts = {"timeliness": (0.1, 0.02, 0.2), "result_quality": (0.1, 0.03, 0.2), "communication": (0.2, 0.1, 0.3)}
    return DriverModel(kind, r_squared, requesters=55, answers=answered, seed=20260101, importance=parts)


def test_the_aspect_that_weighs_most_comes_first_with_an_interval_apart_from_the_last() -> None:
    found = fit_drivers(answers(300, COMMUNICATION_WEIGHS_MOST), DEPARTMENT)

    assert found is not None
    assert found.is_usable
    assert max(found.importance, key=lambda item: found.importance[item][0]) == "communication"
    assert found.importance["communication"][1] > found.importance["result_quality"][2]


def test_the_split_is_the_one_of_the_correlations() -> None:
    given = answers(120, COMMUNICATION_WEIGHS_MOST)

    found = fit_drivers(given, DEPARTMENT)

    matrix = [[pearson_interval(one, other).r or 0.0 for other in given.ratings.T] for one in given.ratings.T]
    expected = key_driver_importance(matrix, 0, ["timeliness", "result_quality", "communication"])
    assert found is not None
    assert found.r_squared == pytest.approx(expected.r_squared)
    assert [part[0] for part in found.importance.values()] == pytest.approx(expected.importance)


def test_neither_the_order_of_answers_nor_the_numbers_of_people_change_a_digit() -> None:
    given = answers(150, COMMUNICATION_WEIGHS_MOST, people=90)
    order = np.random.default_rng(7).permutation(150)
    names = np.random.default_rng(8).permutation(90) + 1000
    shuffled = CompleteAnswers(given.ratings[order], names[given.requesters[order]], given.departments[order])

    assert fit_drivers(shuffled, DEPARTMENT) == fit_drivers(given, DEPARTMENT)


def test_fewer_than_fifty_complete_answers_have_no_model() -> None:
    assert fit_drivers(answers(49, COMMUNICATION_WEIGHS_MOST), DEPARTMENT) is None
    assert fit_drivers(answers(50, COMMUNICATION_WEIGHS_MOST), DEPARTMENT) is not None


def test_chance_alone_has_no_model() -> None:
    assert fit_drivers(answers(200, dict.fromkeys(COMMUNICATION_WEIGHS_MOST, 0.0)), DEPARTMENT) is None


def test_the_companys_model_knows_no_difference_between_departments() -> None:
    # Within each department chance alone, but everybody is gentle in one and harsh in the other.
    random = np.random.default_rng(3)
    gentle, harsh = random.integers(4, 6, size=(100, 4)), random.integers(1, 3, size=(100, 4))
    places = np.repeat([1, 2], 100)
    both = CompleteAnswers(np.vstack([gentle, harsh]).astype(np.int64), np.arange(200), places)

    naive = fit_drivers(both, DEPARTMENT)

    assert naive is not None
    assert naive.r_squared > 0.8
    assert fit_drivers(both, COMPANY) is None  # its R squared is next to nothing


def test_who_answers_often_widens_the_interval() -> None:
    one_each = fit_drivers(answers(300, COMMUNICATION_WEIGHS_MOST), DEPARTMENT)
    repeated = answers(100, COMMUNICATION_WEIGHS_MOST)
    thrice = CompleteAnswers(*(np.concatenate([part] * 3) for part in vars(repeated).values()))

    often = fit_drivers(thrice, DEPARTMENT)

    assert one_each is not None
    assert often is not None
    _, lower, upper = one_each.importance["communication"]
    _, often_lower, often_upper = often.importance["communication"]
    assert often.requesters == 100
    assert often_upper - often_lower > 1.3 * (upper - lower)


def test_an_aspect_that_never_varies_weighs_nothing() -> None:
    given = answers(80, COMMUNICATION_WEIGHS_MOST)
    given.ratings[:, 2] = 5

    found = fit_drivers(given, DEPARTMENT)

    assert found is not None
    assert found.importance["result_quality"] == pytest.approx((0.0, 0.0, 0.0))


def test_very_many_requesters_are_drawn_from_a_sample_of_them() -> None:
    found = fit_drivers(answers(MOST_REQUESTERS + 500, COMMUNICATION_WEIGHS_MOST), DEPARTMENT)

    assert found is not None
    estimate, lower, upper = found.importance["communication"]
    assert lower < estimate < upper
    assert found.requesters == MOST_REQUESTERS + 500


def test_rows_come_by_weight_then_by_code_and_name_model_and_seed() -> None:
    rows = published_drivers(model(), internal())

    assert [row["dimension"] for row in rows] == ["communication", "result_quality", "timeliness"]
    assert rows[0] == {
        "dimension": "communication",
        "importance": {
            "estimate": 0.2, "lower": 0.1, "upper": 0.3, "n": 55, "answers": 60, "method": "lmg_bootstrap",
        },
        "model": "department",
        "r_squared": 0.4,
        "seed": 20260101,
    }  # fmt: skip


@pytest.mark.parametrize("found", [model(answered=49), model(r_squared=0.19), None])
def test_below_either_limit_nothing_is_told(found: DriverModel | None) -> None:
    assert published_drivers(found, internal()) == []


def test_five_to_nine_people_are_told_no_drivers_not_even_the_companys() -> None:
    assert published_drivers(model(COMPANY), internal(csat_overall="wilson_coarse")) == []


def test_a_hidden_aspect_takes_the_departments_own_model_along_and_only_its_row_of_the_companys() -> None:
    shown = internal()
    del shown["timeliness"]

    assert published_drivers(model(DEPARTMENT), shown) == []
    assert [row["dimension"] for row in published_drivers(model(COMPANY), shown)] == [
        "communication",
        "result_quality",
    ]


def test_a_later_revision_repeats_what_the_first_one_told() -> None:
    told = published_drivers(model(), internal())

    assert published_drivers(model(answered=90, r_squared=0.9), internal(), told) == told
    assert published_drivers(model(), internal(), ()) == []
