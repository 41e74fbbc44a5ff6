"""Departments as points on two axes: exact, frozen figures, the limits of chance, and the same as a table."""

from typing import Any

from app.foundations.languages import speaking
from app.reports.culture import explore_points, explore_table
from tests.builders import company as samples
from tests.builders.culture import scorecard, share

CARDS: dict[str, dict[str, Any]] = {
    "ZED": scorecard("ZED", (30, 40), external={"csat_overall": {"top_two_box": share(80, 100)}}),
    "AID": scorecard("AID", (5, 8)),
    "LAW": scorecard("LAW", None, hidden=("internal",)),
}
BARE: dict[str, Any] = {"limits": {}}


def test_points_are_exact_figures_by_name_and_words_are_none() -> None:
    found = explore_points(BARE, CARDS)

    assert found["points"] == [
        {
            "name": "Zed",
            "values": {
                "satisfied": [75.0, 60.0, 86.0, "75% (60–86), n 40"],
                "customers": [80.0, 71.0, 87.0, "80% (71–87), n 100"],
                "people": [40, 40, 40, "40"],
            },
        }
    ]
    assert [(axis["key"], axis["unit"]) for axis in found["axes"]] == [
        ("people", ""),
        ("satisfied", "%"),
        ("customers", "%"),
    ]
    assert found["limits"] is None


def test_the_table_says_words_hidden_and_nothing_where_there_is_no_point() -> None:
    table = explore_table(CARDS)

    assert table is not None
    assert [column.name for column in table.columns] == [
        "Department",
        "n",
        "Colleagues satisfied",
        "Customers satisfied",
    ]
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["Aid", "8", "more than half", "–"],
        ["Law", "–", "hidden", "–"],
        ["Zed", "40", "75%", "80%"],
    ]


def test_without_any_figure_there_is_no_table() -> None:
    assert explore_table({"LAW": scorecard("LAW", None)}) is None


def test_the_funnel_is_the_documents_and_stays_within_what_a_share_can_be() -> None:
    cards = {code: dict(card.document) for code, card in samples.cards().items()}

    limits = explore_points(samples.a_company(), cards)["limits"]

    assert (limits["centre"], limits["words"]) == (77, ["company 77%", "limit of 95%", "limit of 99.8%"])
    assert limits["curves"][0] == [10.0, 50.9, 100.0, 35.9, 100.0]
    assert limits["curves"][-1][0] >= max(n for _, _, n, *_ in samples.DEPARTMENTS)


def test_axes_speak_the_readers_language() -> None:
    with speaking("de"):
        axes = explore_points(BARE, CARDS)["axes"]

    assert [(axis["name"], axis["unit"]) for axis in axes][:2] == [
        ("Personen, die geantwortet haben", ""),
        ("Kollegenkreis zufrieden", "\N{NO-BREAK SPACE}%"),
    ]
