"""Quarters beside each other print what their documents print, and no verdict that no document made."""

from typing import Any

from app.reports.compared_quarters import Comparison, compared
from tests.builders.scorecards import CALENDAR, a_document, a_hidden_document, a_small_document, figure


def quarter(
    period: str, share: float = 0.66, *, previous: str = "", verdict: str = "", **changed: Any
) -> dict[str, Any]:
    document = a_document(period=period, **changed)
    document["internal"]["csat_overall"]["top_two_box"] = figure(share, share - 0.1, share + 0.1)
    document["change"] = {"csat_overall": {"previous": previous, "verdict": verdict}} if previous else {}
    return document


def row(found: Comparison, name: str) -> list[str]:
    (one,) = [row for row in found.rows if row.name == name]
    return [f"{cell.figure.value} {cell.verdict_word}".strip() for cell in one.cells]


def test_a_verdict_stands_where_a_document_made_it_against_the_quarter_left_of_it() -> None:
    first = quarter("2026-Q1", 0.6)
    second = quarter("2026-Q2", 0.72, previous="2026-Q1", verdict="better")
    third = quarter("2026-Q3", 0.7, previous="2026-Q2", verdict="no_evidence")

    beside = compared([first, second, third], CALENDAR)
    apart = compared([first, third], CALENDAR)

    assert row(beside, "Overall") == ["60%", "72% clearly better", "70% too close to tell"]
    assert row(apart, "Overall") == ["60%", "70%"]
    assert [one.words for one in apart.quarters] == ["January to March 2026", "July to September 2026"]


def test_what_is_hidden_stays_hidden_and_few_people_get_a_word() -> None:
    hidden, small = {**a_hidden_document(), "period": "2026-Q1"}, {**a_small_document(), "period": "2026-Q2"}

    found = compared([hidden, small, quarter("2026-Q3")], CALENDAR)

    assert row(found, "Overall") == ["hidden", "more than half", "66%"]
    assert row(found, "The time it took")[1:] == ["–", "48%"]


def test_new_questions_are_said_at_the_quarter_that_asked_them() -> None:
    new = quarter("2026-Q3")
    new["method"] = {**new["method"], "instrument_versions": ["csat-4"]}

    found = compared([quarter("2026-Q1"), quarter("2026-Q2"), new], CALENDAR)

    assert [one.has_new_questions for one in found.quarters] == [False, False, True]


def test_measures_that_no_quarter_has_are_left_out() -> None:
    found = compared([quarter("2026-Q2"), quarter("2026-Q3")], CALENDAR)

    names = [row.name for row in found.rows]
    assert "Contacted, of those who asked" not in names
    assert "Half of the requests completed within" not in names
    assert row(found, "Requests completed") == ["412", "412"]
    assert row(found, "Invitations answered") == ["44%", "44%"]
    assert row(found, "Customers, overall") == ["92%", "92%"]
