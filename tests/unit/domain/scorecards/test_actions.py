"""The one thing to do: which rule chose it, what came of the last one, and what this many people can show."""

from typing import Any

import pytest

from app.domain.instruments import Item
from app.domain.scorecards.actions import proposed_action
from app.domain.scorecards.funnel import FunnelFigures
from app.domain.scorecards.publish import Json
from app.domain.statistics import sample_size_two_proportions
from app.domain.statistics.planning import detectable_difference
from tests.builders.figures import METHOD, document, figures, outside, rated, told


def shares(**estimates: float) -> Json:
    """Return aspects with an interval of twenty points around each share."""
    found = {"csat_overall": 0.6} | estimates
    return {
        item: {"top_two_box": {"estimate": share, "lower": share - 0.1, "upper": share + 0.1, "method": "wilson"}}
        for item, share in found.items()
    }


def weights(**importances: float) -> list[Json]:
    """Return rows of drivers."""
    return [{"dimension": item, "importance": {"estimate": weight}} for item, weight in importances.items()]


def chosen(internal: Json, drivers: list[Json]) -> tuple[str | None, str | None]:
    """Return the aspect that is proposed for a target of .8 and the rule that chose it."""
    found = proposed_action(internal, 0.8, drivers, has_answers=True)
    return found.get("dimension"), found.get("rule")


THREE = shares(timeliness=0.5, result_quality=0.6, communication=0.65)


def test_the_largest_product_of_weight_and_shortfall_is_chosen() -> None:
    # 0.1 x 0.30 = 0.030, 0.3 x 0.20 = 0.060, 0.35 x 0.15 = 0.0525
    drivers = weights(timeliness=0.1, result_quality=0.3, communication=0.35)

    assert chosen(THREE, drivers) == ("result_quality", "importance_times_shortfall")


def test_without_drivers_the_aspect_furthest_below_target_is_chosen() -> None:
    assert chosen(THREE, []) == ("timeliness", "furthest_below_target")


def test_a_weight_that_is_missing_for_one_candidate_decides_nothing() -> None:
    assert chosen(THREE, weights(result_quality=0.3, communication=0.3)) == ("timeliness", "furthest_below_target")


def test_weights_of_nothing_at_all_decide_nothing() -> None:
    drivers = weights(timeliness=0.0, result_quality=0.0, communication=0.0)

    assert chosen(THREE, drivers) == ("timeliness", "furthest_below_target")


def test_what_may_well_be_on_target_is_not_chosen_however_much_it_weighs() -> None:
    internal = shares(timeliness=0.5, result_quality=0.75)

    assert chosen(internal, weights(timeliness=0.05, result_quality=0.9))[0] == "timeliness"


def test_equal_products_go_by_code() -> None:
    internal = shares(timeliness=0.5, result_quality=0.5, communication=0.5)
    drivers = weights(timeliness=0.2, result_quality=0.2, communication=0.2)

    assert chosen(internal, drivers)[0] == "communication"


def two_quarters(before: int, now: int, *, people: int = 60, **changed: Any) -> dict[str, Any]:
    """Return the second of two quarters whose satisfied with the time it took are given."""

    def items(satisfied: int) -> dict[Item, Any]:
        return {Item.CSAT_OVERALL: rated(people, people // 2), Item.TIMELINESS: rated(people, satisfied)}

    first = document(figures(items(before))) | {"period": "2026-Q2"} | changed
    return document(figures(items(now), earlier=[("2026-Q2", first)]))


@pytest.mark.parametrize(("before", "now", "outcome"), [(20, 55, "better"), (40, 15, "worse"), (30, 32, "no_evidence")])
def test_the_last_thing_to_do_is_told_with_what_came_of_it(before: int, now: int, outcome: str) -> None:
    found = two_quarters(before, now)

    told_now, told_before = round(now / 60 + 1e-9, 2), round(before / 60 + 1e-9, 2)
    assert found["action"]["previous"] == {
        "period": "2026-Q2",
        "dimension": "timeliness",
        "outcome": outcome,
        "sentence": {
            "key": f"action_previous_{outcome}",
            "params": {"previous": "2026-Q2", "items": ["timeliness"], "before": told_before, "now": told_now},
        },
    }
    assert found["sentences"]["action_previous"] == found["action"]["previous"]["sentence"]


def test_another_way_of_counting_since_then_leaves_the_outcome_open() -> None:
    other = document(figures(rated(60, 20)))["method"] | {"weighting": "per_request"}

    found = two_quarters(20, 55, method=other)

    assert found["change"] == {}
    assert found["action"]["previous"]["outcome"] == "not_compared"


def test_an_aspect_that_is_hidden_now_has_no_outcome() -> None:
    first = two_quarters(20, 20) | {"period": "2026-Q2"}

    found = document(figures(rated(60, 20), earlier=[("2026-Q2", first)]))

    assert found["action"] == {}  # nobody was asked about aspects: nothing is said of the last one either
    few = {Item.CSAT_OVERALL: rated(60, 20), Item.TIMELINESS: rated(7, 2), Item.COMMUNICATION: rated(60, 20)}
    told_of_few = document(figures(few, earlier=[("2026-Q2", first)]))["action"]
    assert (told_of_few["dimension"], told_of_few["previous"]["outcome"]) == ("communication", "too_few")


def test_a_quarter_without_a_proposal_leaves_nothing_to_look_back_at() -> None:
    assert "previous" not in two_quarters(58, 30)["action"]


def test_documents_issued_before_there_were_drivers_can_be_looked_back_at() -> None:
    assert two_quarters(20, 55, drivers=None)["action"]["previous"]["outcome"] == "better"


@pytest.mark.parametrize(
    ("n", "points"), [(10, 0.38), (20, 0.27), (30, 0.23), (50, 0.19), (100, 0.14)]
)  # the table of the design: internal n against 200 answers outside at 85 %, 80 % power
def test_what_can_be_seen_against_two_hundred_answers_outside(n: int, points: float) -> None:
    assert detectable_difference(0.85, 200, n) == pytest.approx(points, abs=0.011)


@pytest.mark.parametrize(("share", "other"), [(0.8, 0.9), (0.75, 0.5), (0.3, 0.1)])
def test_the_difference_is_the_inverse_of_the_sample_size(share: float, other: float) -> None:
    middle, edge = sorted((share, other), key=lambda value: abs(value - 0.5))
    n = sample_size_two_proportions(middle, edge).n

    assert detectable_difference(edge, n) == pytest.approx(abs(share - other), abs=1e-6)


def test_more_people_see_smaller_differences_and_too_few_none_but_the_largest() -> None:
    found = [detectable_difference(0.5, n) for n in (5, 10, 20, 80, 320)]

    assert found == sorted(found, reverse=True)
    assert found[0] == pytest.approx(0.5)


@pytest.mark.parametrize(("share", "n", "name"), [(1.2, 10, "share"), (0.5, 0, "n")])
def test_impossible_shares_and_sizes_are_refused_by_name(share: float, n: float, name: str) -> None:
    with pytest.raises(ValueError, match=rf"^{name} "):
        detectable_difference(share, n)


def test_a_document_says_what_its_number_of_people_can_show() -> None:
    found = document(figures(rated(40, 30)))["sentences"]["detectable"]

    assert found == {"key": "precision_detectable", "params": {"points": 0.3}}
    assert "detectable" not in document(figures(rated(8, 6)))["sentences"]


@pytest.mark.parametrize(
    ("favourable", "counts", "said"),
    [
        (20, (2, 2, 2, 40, 160), "gap_effect_large"),
        (44, (10, 5, 5, 60, 120), None),  # no evidence of a difference: nothing is said of its size
    ],
)
def test_an_evident_difference_is_told_by_its_size_in_words(
    favourable: int, counts: tuple[int, ...], said: str | None
) -> None:
    department = figures(rated(50, favourable), dimensions={Item.CSAT_OVERALL: outside(told(counts=counts))})

    found = document(department, {Item.CSAT_OVERALL: 0.01 if said else 0.6}, method=METHOD)

    assert found["sentences"].get("gap_effect", {}).get("key") == said


@pytest.mark.parametrize(
    ("completed", "invited", "answered", "why"),
    [
        (67, 15, 13, {"key": "action_few_asked", "params": {"invited": 15, "completed": 67}}),
        (67, 60, 12, {"key": "action_few_answered", "params": {"share": 0.2}}),
        (16, 15, 13, {"key": "action_few_requests", "params": {"completed": 16}}),
    ],
)
def test_where_answers_are_too_few_it_says_why(completed: int, invited: int, answered: int, why: Json) -> None:
    funnel = FunnelFigures(
        {
            "completed": completed,
            "eligible": completed,
            "invited": invited,
            "delivered": invited,
            "answered": answered,
        },
        completed,
    )

    found = document(figures(rated(8, 6), funnel=funnel))["sentences"]

    assert found["action"] == {"key": "action_too_few", "params": {"needed": 10}}
    assert found["action_reason"] == why


def test_where_nothing_is_known_of_the_asking_it_says_only_that_answers_are_too_few() -> None:
    found = document(figures(rated(8, 6)))["sentences"]

    assert (found["action"]["key"], "action_reason" in found) == ("action_too_few", False)
