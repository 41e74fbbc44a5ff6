"""Against the quarters before: ten people in both, the unrounded interval decides, charts signal what is unusual."""

from typing import Any

import pytest

from app.domain.instruments import Item
from app.domain.scorecards.changes import change_of, trend_of
from app.domain.scorecards.document import Method
from app.domain.scorecards.publish import Thresholds, share_interval
from app.domain.sentences import SentenceKey as Key
from app.domain.statistics import square_and_add, wilson_interval
from tests.builders.figures import METHOD, document, figures, keys_said, rated


def quarter(people: int, favourable: int, *, method: Method = METHOD, period: str = "2026-Q2") -> dict[str, Any]:
    return document(figures(rated(people, favourable)), method=method) | {"period": period}


def changed(now: tuple[int, int], before: tuple[int, int]) -> dict[str, Any]:
    found: dict[str, Any] = document(figures(rated(*now), earlier=[("2026-Q2", quarter(*before))]))["change"]
    return found


@pytest.mark.parametrize(
    ("now", "before", "is_shown"),
    [((10, 5), (10, 9), True), ((9, 5), (10, 9), False), ((10, 5), (9, 9), False), ((10, 5), (4, 4), False)],
)
def test_a_change_takes_ten_people_in_both_quarters(
    now: tuple[int, int], before: tuple[int, int], is_shown: bool
) -> None:
    found = changed(now, before)["csat_overall"]

    if is_shown:
        assert {"top_two_box", "score_0_100"} <= found.keys()
    else:
        assert found == {"previous": "2026-Q2", "verdict": "too_few"}


def test_the_change_is_square_and_add_on_the_published_intervals() -> None:
    found = changed((100, 60), (80, 72))["csat_overall"]

    now, before = (share_interval(wilson_interval(x, n), n) for x, n in ((60, 100), (72, 80)))
    assert found["top_two_box"]["estimate"] == round(now["estimate"] - before["estimate"], 2)
    assert found["top_two_box"]["n"] == [100, 80]
    assert (found["verdict"], found["shares"]) == ("worse", [0.6, 0.9])


def test_the_verdict_is_taken_before_the_interval_is_rounded() -> None:
    now = {"top_two_box": {"estimate": 0.6, "lower": 0.504, "upper": 0.7, "n": 100, "answers": 100, "method": "wilson"}}
    before = {
        "top_two_box": {"estimate": 0.5, "lower": 0.4, "upper": 0.502, "n": 100, "answers": 100, "method": "wilson"}
    }

    found = change_of(now, before, "2026-Q2")

    assert found["top_two_box"]["lower"] == 0.0
    assert found["verdict"] == "better"


def test_an_effective_n_below_ten_of_enough_people_may_be_compared() -> None:
    now = {"top_two_box": {"estimate": 0.5, "lower": 0.2, "upper": 0.8, "n": 8.4, "answers": 20, "method": "wilson"}}

    assert "top_two_box" in change_of(now, now, "2026-Q2")


@pytest.mark.parametrize(
    ("before", "key"),
    [
        (Method("per_requester", Thresholds(), ("parity/0",), (0,)), Key.CHANGE_NEW_QUESTIONS),
        (Method("per_request", Thresholds(), ("parity/1",), (0,)), Key.CHANGE_NEW_WEIGHTING),
    ],
)
def test_other_questions_or_another_way_of_counting_stop_the_change_with_a_sentence(before: Method, key: Key) -> None:
    found = document(figures(rated(40, 30), earlier=[("2026-Q2", quarter(40, 10, method=before))]))

    assert found["change"] == {}
    assert key in keys_said(found)


def test_a_reorganised_department_says_so_instead_of_comparing() -> None:
    now = document(figures(rated(40, 30), reorganised_in="2026-Q3"))
    later = document(figures(rated(40, 30), reorganised_in="2026-Q2", earlier=[("2026-Q2", quarter(40, 10))]))

    assert now["change"] == {}
    assert {Key.CHANGE_REORGANISED, Key.TREND_REORGANISED} <= keys_said(now)
    assert later["change"]["csat_overall"]["verdict"] == "better"
    assert Key.TREND_REORGANISED in keys_said(later)


def test_the_first_quarter_says_that_it_is_the_first_and_a_gap_in_the_quarters_says_nothing() -> None:
    first = document(figures(rated(40, 30)))
    after_a_gap = document(figures(rated(40, 30), earlier=[("2026-Q1", quarter(40, 10, period="2026-Q1"))]))

    assert Key.CHANGE_FIRST in keys_said(first)
    assert after_a_gap["change"] == {}
    assert "change" not in after_a_gap["sentences"]


def trend(*shares: tuple[float, int]) -> list[bool]:
    points = [
        (f"20{24 + place // 4}-Q{place % 4 + 1}", share_interval(wilson_interval(share * n, n), n))
        for place, (share, n) in enumerate(shares)
    ]
    found = trend_of(points[:-1], *points[-1])
    return [point["signal"] for point in found]


def test_a_trend_has_at_most_eight_quarters_and_signals_what_lies_outside() -> None:
    shares = [(0.8, 100)] * 8 + [(0.5, 100)]

    assert trend(*shares) == [False] * 7 + [True]


def test_before_six_quarters_nothing_signals() -> None:
    assert trend(*[(0.8, 100)] * 4, (0.1, 100)) == [False] * 5
    assert trend(*[(0.8, 100)] * 5, (0.1, 100))[-1]


def test_three_of_four_quarters_nearer_to_a_limit_are_a_signal_though_none_lies_outside() -> None:
    found = trend(*[(0.86, 100)] * 4, (0.72, 100), (0.86, 100), (0.72, 100), (0.72, 100))

    assert found == [False] * 7 + [True]


def test_a_hidden_quarter_is_a_point_without_a_figure() -> None:
    found = trend_of([("2026-Q1", None)], "2026-Q2", None)

    assert found == [{"period": "2026-Q1", "signal": False}, {"period": "2026-Q2", "signal": False}]


def test_rotating_items_change_like_the_others() -> None:
    before = document(figures({Item.TRUST: rated(40, 10)})) | {"period": "2026-Q2"}

    found = document(figures({Item.TRUST: rated(40, 30)}, earlier=[("2026-Q2", before)]))["change"]

    assert {item: value["verdict"] for item, value in found.items()} == {"trust": "better"}


def test_square_and_add_takes_published_bounds() -> None:
    now, before = wilson_interval(60, 100), wilson_interval(72, 80)

    assert changed((100, 60), (80, 72))["csat_overall"]["top_two_box"]["lower"] == pytest.approx(
        square_and_add(now, before).lower, abs=0.02
    )


@pytest.mark.parametrize(("before", "is_said"), [((80, 72), False), ((80, 50), True)])
def test_where_a_change_is_evident_none_is_said_to_be_too_small_to_show(before: tuple[int, int], is_said: bool) -> None:
    found = document(figures(rated(100, 60), earlier=[("2026-Q2", quarter(*before))]))

    assert ("detectable" in found["sentences"]) is is_said
