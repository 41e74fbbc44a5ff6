"""Months on a control chart: limits from six on, phases, signals, and gaps where a quarter was hidden."""

from typing import Any

import pytest

from app.domain.periods import Period
from app.domain.scorecards.counts_told import figures_by_name
from app.domain.scorecards.cuts import own_rows
from app.domain.scorecards.months import months_with_history
from app.pipeline.scorecards.revisions import Told
from tests.builders.figures import document, figures, rated

METHOD = {"instrument_versions": ["parity/1"], "weighting": "per_requester"}


def month(
    name: str, share: float, n: int = 40, *, method: str = "wilson", score: float | None = None
) -> dict[str, Any]:
    """Return a month as a document prints it."""
    row: dict[str, Any] = {
        "value": name,
        "top_two_box": {"estimate": share, "lower": share - 0.1, "upper": share + 0.1, "n": n, "method": method},
    }
    if score is not None:
        row["score_0_100"] = {"estimate": score, "lower": score - 5, "upper": score + 5, "n": n, "method": "mean"}
    return row


def months_of(quarter: Period, *shares: float, **known: Any) -> list[dict[str, Any]]:
    """Return the three months of a quarter of calendar years."""
    names = [f"{quarter.year}-{quarter.quarter * 3 - 2 + place:02d}" for place in range(3)]
    return [month(name, share, **known) for name, share in zip(names, shares, strict=True)]


def quarters(count: int, *shares: float, method: dict[str, Any] | None = None, **known: Any) -> list[Any]:
    """Return so many earlier documents, the last one right before the third quarter of 2026."""
    last = Period(2026, 3)
    return [
        (
            str(period := last.shifted(back)),
            {"method": method or METHOD, "trend_months": months_of(period, *shares, **known)},
        )
        for back in range(-count, 0)
    ]


NOW = months_of(Period(2026, 3), 0.8, 0.7, 0.75)


def test_fewer_than_six_months_have_no_limits_and_no_signal() -> None:
    found = months_with_history(NOW, METHOD, [])

    assert found == [row | {"signal": False, "phase": 1} for row in NOW]


def test_six_months_have_a_centre_and_limits_by_their_own_number_of_people() -> None:
    found = months_with_history(months_of(Period(2026, 3), 0.8, 0.7, 0.75, n=90), METHOD, quarters(1, 0.8, 0.7, 0.75))

    assert [row.get("period") for row in found] == ["2026-04", "2026-05", "2026-06", None, None, None]
    assert [row.get("value") for row in found] == [None, None, None, "2026-07", "2026-08", "2026-09"]
    assert {row["centre"] for row in found} == {0.75}
    assert [row["limits"] for row in found] == [[0.54, 0.96]] * 3 + [[0.61, 0.89]] * 3
    assert [row["signal"] for row in found] == [False] * 6


def test_a_month_outside_its_limits_signals_and_says_the_rule() -> None:
    found = months_with_history(months_of(Period(2026, 3), 0.8, 0.75, 0.3), METHOD, quarters(5, 0.8, 0.75, 0.78))

    assert [row.get("rule") for row in found] == [None] * 17 + ["outside"]
    assert found[-1]["signal"] is True


def test_months_that_have_shifted_do_not_shift_the_limits() -> None:
    before = quarters(6, 0.8, 0.75, 0.78)
    steady = months_with_history(months_of(Period(2026, 3), 0.8, 0.75, 0.78), METHOD, before)

    shifted = months_with_history(months_of(Period(2026, 3), 0.4, 0.4, 0.4), METHOD, before)

    assert shifted[-1]["centre"] == steady[-1]["centre"]
    assert shifted[-1]["limits"] == steady[-1]["limits"]
    assert [row["signal"] for row in shifted[-3:]] == [True, True, True]


@pytest.mark.parametrize("changed", [{"instrument_versions": ["parity/2"]}, {"weighting": "per_request"}])
def test_new_questions_or_another_way_of_counting_begin_a_new_phase(changed: dict[str, Any]) -> None:
    found = months_with_history(NOW, METHOD | changed, quarters(3, 0.8, 0.75, 0.78))

    assert [row["phase"] for row in found] == [1] * 9 + [2] * 3
    assert ["limits" in row for row in found] == [True] * 9 + [False] * 3


def test_phases_of_earlier_quarters_stay_apart_too() -> None:
    earlier = quarters(4, 0.8, 0.75, 0.78)
    old = METHOD | {"instrument_versions": ["parity/0"]}
    earlier[:2] = [(name, told | {"method": old}) for name, told in earlier[:2]]

    found = months_with_history(NOW, METHOD, earlier)

    assert [row["phase"] for row in found] == [1] * 6 + [2] * 9


def test_a_hidden_quarter_leaves_a_gap_and_five_to_nine_people_are_on_no_chart() -> None:
    earlier = quarters(3, 0.8, 0.75, 0.78)
    earlier[1] = (earlier[1][0], {"method": METHOD})
    few = months_of(Period(2026, 3), 0.8, 0.75, 0.7, n=7, method="wilson_coarse")

    found = months_with_history(few, METHOD, earlier)

    assert [row.get("period", row.get("value")) for row in found] == [
        "2025-10", "2025-11", "2025-12", "2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09",
    ]  # fmt: skip
    assert ["limits" in row for row in found] == [True] * 6 + [False] * 3


def test_scores_stand_on_limits_of_their_moving_ranges() -> None:
    rising = [
        month(f"2026-{place:02d}", 0.8, score=score) for place, score in zip((7, 8, 9), (70, 71, 95), strict=True)
    ]

    found = months_with_history(rising, METHOD, quarters(4, 0.8, 0.8, 0.8, score=70.5))

    assert found[-1]["score_signal"] is True
    assert found[-1]["score_rule"] == "outside"
    assert found[-1]["score_centre"] == 70.5
    assert found[-1]["signal"] is False


def test_at_most_two_years_are_shown() -> None:
    assert len(months_with_history(NOW, METHOD, quarters(9, 0.8, 0.75, 0.78))) == 24


def test_a_document_adds_the_months_that_earlier_ones_printed() -> None:
    def quarter(*people: tuple[str, int], earlier: Any = ()) -> dict[str, Any]:
        values = {name: rated(20, favourable) for name, favourable in people}
        return document(figures(rated(60, 45), cuts={"month": values}, earlier=earlier))

    first = quarter(("2026-04", 15), ("2026-05", 14), ("2026-06", 16))

    second = quarter(("2026-07", 15), ("2026-08", 14), ("2026-09", 2), earlier=[("2026-Q2", first)])

    assert [row.get("period", row.get("value")) for row in second["trend_months"]] == [
        "2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09",
    ]  # fmt: skip
    assert second["trend_months"][-1]["rule"] == "outside"
    assert [row["value"] for row in own_rows(second, "trend_months")] == ["2026-07", "2026-08", "2026-09"]


def test_limits_that_move_make_no_month_look_changed_to_a_later_revision() -> None:
    rows = months_with_history(NOW, METHOD, quarters(1, 0.8, 0.7, 0.75))
    moved = [row | {"limits": [0.0, 1.0], "signal": True} for row in rows]

    before, after = (Told(figures_by_name({"trend_months": told}), {}) for told in (rows, moved))

    assert before.figures == after.figures
    assert set(before.figures) == {"trend_months:2026-07", "trend_months:2026-08", "trend_months:2026-09"}
