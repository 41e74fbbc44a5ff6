"""The cuts of the fixed cube as HR meets them: every department by name, what is hidden as such, and nothing else."""

from typing import Any

import pytest

from app.reports.culture import CutView, cut_of_all, cut_of_one, cuts
from tests.builders.culture import scorecard, share

NAMES = {"HR": "People", "SALES": "Sales", "FIN": "Finance"}


def card(code: str, by_clock: dict[str, tuple[int, int]], *hidden: str, **blocks: Any) -> dict[str, Any]:
    rows = [{"value": value, "top_two_box": share(*found)} for value, found in by_clock.items()]
    return scorecard(code, (39, 60), hidden=hidden, by_on_time=rows, **blocks)


def written(view: CutView) -> list[list[str]]:
    """Return heads and rows as words."""
    (table,) = view.tables
    rows = [[" ".join(filter(None, (cell.text, cell.small))) for cell in row] for row in table.rows]
    return [[column.name for column in table.columns], *rows]


def test_every_cut_of_the_cube_is_there_and_no_other() -> None:
    assert [cut.name for cut in cuts()] == [
        "requester_department",
        "request_type",
        "on_time",
        "reopened",
        "requester_history",
        "requester_tag",
        "month",
    ]


def test_departments_stand_by_name_and_their_cells_say_share_words_hidden_or_nothing() -> None:
    cards = {
        "ZED": card("ZED", {"no": (12, 40), "yes": (32, 40)}),
        "AID": card("AID", {"yes": (5, 8)}, "by_on_time:no"),
        "NIL": scorecard("NIL", (20, 40)),
        "LAW": card("LAW", {"yes": (20, 40)}),
    }

    view = cut_of_all(cards, "on_time", 5, NAMES)

    assert written(view) == [
        ["Department", "done on time", "done late"],
        ["Aid", "more than half n\u00a08", "hidden"],
        ["Law", "50% 35–65, n\u00a040", "–"],
        ["Zed", "80% 65–90, n\u00a040", "30% 18–45, n\u00a040"],
    ]
    assert "Hidden: it would tell about fewer than 5 people, here or by subtraction." in view.tables[0].notes


def test_departments_that_ask_have_their_names_also_where_they_are_hidden() -> None:
    cards = {"IT": scorecard("IT", (39, 60), {"SALES": (30, 40)}, hidden=("by_requester_department:FIN",))}

    assert written(cut_of_all(cards, "requester_department", 5, NAMES)) == [
        ["Department", "Finance", "Sales"],
        ["It", "hidden", "75% 60–86, n\u00a040"],
    ]


def test_one_department_alone_has_its_values_below_each_other() -> None:
    view = cut_of_one(card("IT", {"yes": (30, 40)}, "by_on_time:no"), "on_time", 5, NAMES)

    assert written(view) == [
        ["By the clock", "Satisfied or very satisfied", "n"],
        ["done on time", "75% 60–86", "40"],
        ["done late", "hidden", "–"],
    ]
    assert view.sentences == ("Hidden: it would tell about fewer than 5 people, here or by subtraction.",)


@pytest.mark.parametrize(
    ("hidden", "cut"), [("internal", "on_time"), ("by_on_time:yes", "on_time"), ("trend_months", "month")]
)
def test_what_may_not_be_shown_is_said_in_one_sentence(hidden: str, cut: str) -> None:
    found = scorecard("IT", None, hidden=(hidden,))

    view = cut_of_one(found, cut, 5, NAMES)

    assert (view.tables, view.sentences) == ((), ("This may not be shown: it would tell about fewer than 5 people.",))


def test_a_cut_without_any_answer_says_so_instead_of_hidden() -> None:
    view = cut_of_all({"IT": scorecard("IT", (39, 60))}, "reopened", 5, NAMES)

    assert (view.tables, view.sentences) == (
        (),
        ("There is nothing to compare: all answers of the quarter are of one kind, or there are none.",),
    )
