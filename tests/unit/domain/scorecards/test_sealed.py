"""After the release customers' scores may still change a document; colleagues' figures stay as they were printed."""

from datetime import timedelta
from typing import Any

import pytest

from app.domain.instruments import Item
from app.domain.scorecards.digest import is_genuine
from app.domain.scorecards.families import Family, p_values_of
from app.domain.scorecards.gaps import gap_between, inside_of
from app.domain.scorecards.measured import Measured
from app.domain.scorecards.sealed import with_new_customers
from tests.builders.figures import FREEZE, document, figures, outside, rated, told

CSAT = Item.CSAT_OVERALL
BEFORE, NOW = told(counts=(10, 10, 20, 60, 100)), told(counts=(2, 2, 6, 90, 300))
PEOPLE = rated(60, 36)
TOUCHPOINTS = ({"code": "support", "weight": 1.0},)


def frozen(*measures: Measured, p: float = 0.04) -> dict[str, Any]:
    sides = {CSAT: outside(*measures)} if measures else {}
    return document(figures(PEOPLE, dimensions=sides), {CSAT: p})


def later(found: dict[str, Any], *measures: Measured, family: dict[str, float] | None = None) -> Any:
    return with_new_customers(
        found,
        TOUCHPOINTS if measures else (),
        {CSAT: outside(*measures)} if measures else {},
        family=Family(family or {"IT|csat_overall": 0.04, "HR|csat_overall": 0.5}),
        people={"internal:csat_overall": 60},
        frozen_at=FREEZE + timedelta(days=30),
    )


def test_the_same_scores_again_are_no_revision() -> None:
    assert later(frozen(BEFORE), BEFORE) is None


def test_new_scores_change_customers_gap_and_sentences_and_nothing_else() -> None:
    first = frozen(BEFORE)

    second = later(first, NOW)

    assert is_genuine(second)
    assert second["revision"] == 2
    assert {part for part in first if first[part] != second[part]} == {
        "revision", "frozen_at", "digest", "external", "gap", "sentences",
    }  # fmt: skip
    assert second["external"]["csat_overall"]["top_two_box"]["n"] == 400
    assert second["gap"]["csat_overall"]["verdict"] == "worse"
    assert second["sentences"]["finding"]["params"]["external"] == 0.98
    assert second["sentences"]["precision"] == first["sentences"]["precision"]


def test_the_new_gap_is_that_of_the_figures_as_published() -> None:
    gap = gap_between(inside_of(PEOPLE, "per_requester", 60), outside(NOW))

    found = later(frozen(BEFORE), NOW)["gap"]["csat_overall"]

    assert gap.shares is not None
    assert gap.means is not None
    assert gap.p_value is not None
    assert found["top_two_box"]["estimate"] == pytest.approx(gap.shares.difference, abs=0.006)
    assert found["top_two_box"]["lower"] == pytest.approx(gap.shares.lower, abs=0.011)
    assert found["score_0_100"]["lower"] == pytest.approx(gap.means.lower, abs=0.11)
    assert found["p_value"] == pytest.approx(gap.p_value, abs=1e-4)
    assert found["p_adjusted"] == pytest.approx(2 * gap.p_value, abs=1e-4)
    assert "cliffs_delta" not in found  # per answer: the answers are gone


def test_scores_that_come_later_for_the_first_time_make_a_comparison() -> None:
    found = later(frozen(), BEFORE, family={"HR|csat_overall": 0.9})

    assert found["gap"]["csat_overall"]["verdict"] == "worse"
    assert (
        p_values_of({CSAT: gap_between(inside_of(PEOPLE, "per_requester", 60), outside(BEFORE))})["csat_overall"] < 0.01
    )


def test_without_touchpoints_any_more_there_is_no_comparison() -> None:
    found = later(frozen(BEFORE))

    assert (found["external"], found["gap"]) == ({}, {})
    assert found["sentences"]["gap"]["key"] == "gap_no_external"


def test_a_gap_whose_customers_did_not_change_stays_as_it_was_printed() -> None:
    both = {CSAT: outside(BEFORE), Item.TIMELINESS: outside(BEFORE, item=Item.TIMELINESS)}
    first = document(
        figures({CSAT: PEOPLE, Item.TIMELINESS: rated(60, 50)}, dimensions=both), {CSAT: 0.04, Item.TIMELINESS: 0.3}
    )

    second = with_new_customers(
        first,
        TOUCHPOINTS,
        both | {Item.TIMELINESS: outside(NOW, item=Item.TIMELINESS)},
        family=Family({"IT|csat_overall": 0.04, "IT|timeliness": 0.3}),
        people={},
        frozen_at=FREEZE + timedelta(days=30),
    )

    assert second is not None
    assert second["gap"]["csat_overall"] == first["gap"]["csat_overall"]
    assert second["gap"]["timeliness"] != first["gap"]["timeliness"]


def test_few_people_are_compared_with_nothing_then_either() -> None:
    small = document(figures(rated(8, 6), dimensions={CSAT: outside(BEFORE)}))

    found = later(small, NOW)

    assert found["gap"] == {"csat_overall": {"comparability": "A", "verdict": "too_few"}}
    assert found["sentences"] == small["sentences"]
