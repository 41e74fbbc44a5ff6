"""The figure beside the finding stands on its scale; a hidden quarter is no verdict; headings say what rows do."""

from typing import Any

import pytest

from app.domain.sentences import SentenceKey, sentence
from app.foundations.languages import speaking
from app.reports.cut_tables import cut_tables, cuts_title
from app.reports.headlines import headline, hidden_words
from tests.builders import scorecards as samples
from tests.builders.scorecards import figure


def in_points() -> dict[str, Any]:
    document = samples.a_document()
    document["internal"]["csat_overall"]["score_0_100"] = figure(71.2, 64.5, 77.1, method="mean_adjusted")
    document["sentences"]["finding"] = sentence(
        SentenceKey.FINDING_WORSE_SCORE, department="IT Support", internal=71.2, external=88.0
    )
    return document


def test_a_finding_in_points_has_points_beside_it() -> None:
    with speaking("en"):
        shown = headline(in_points())

    assert shown is not None
    assert (shown["value"], shown["range"]) == ("71", "between 65 and 77")
    assert shown["subject"] == "of 100 points, the mean of colleagues"
    assert shown["facts"][0] == ["Satisfied", "66% (52–78)"]


@pytest.mark.parametrize(
    ("document", "value"),
    [
        (samples.a_document(), "66%"),
        (samples.a_small_document(), "more than half"),
        (samples.a_hidden_document(), None),
    ],
)
def test_every_other_finding_has_the_share_a_word_or_nothing(document: dict[str, Any], value: str | None) -> None:
    with speaking("en"):
        shown = headline(document)

    assert (shown["value"] if shown else None) == value


def test_a_hidden_quarter_is_said_to_be_no_verdict() -> None:
    with speaking("en"):
        hidden, small = (hidden_words(one) for one in (samples.a_hidden_document(), samples.a_small_document()))

    assert [words.partition(".")[0] for words in hidden] == ["That is no verdict on your work"]
    assert small == []


def cut(*uppers: float) -> dict[str, Any]:
    rows = [
        {"value": f"D{n}", "top_two_box": figure(upper - 0.1, upper - 0.2, upper)} for n, upper in enumerate(uppers)
    ]
    document = samples.a_document(by_requester_department=rows)
    document["internal"]["csat_overall"]["top_two_box"]["estimate"] = 0.8
    return document


@pytest.mark.parametrize(
    ("uppers", "title"), [((0.79, 0.9), "Where it hurts"), ((0.8, 0.9), "Group by group"), ((), "Group by group")]
)
def test_it_hurts_only_where_a_row_is_clearly_below_the_target(uppers: tuple[float, ...], title: str) -> None:
    with speaking("en"):
        assert cuts_title(cut(*uppers)) == title


def test_where_the_lowest_are_hidden_it_says_so_and_hurts_nobody() -> None:
    document, words = cut(0.75, 0.78), cut(0.75, 0.78)
    for one in (document, words):
        one["internal"]["csat_overall"]["top_two_box"]["estimate"] = 0.47
    words["by_requester_department"][0]["top_two_box"]["method"] = "wilson_coarse"
    suppressed = {"suppressed": [{"what": "by_requester_department:FIN", "why": "protects_a_small_group"}]}
    hidden, words = document | suppressed, words | suppressed

    with speaking("en"):
        notes = [cut_tables(one)[0].note for one in (document, hidden, words)]
        title = cuts_title(hidden)

    assert notes == ["", "What may be shown lies above the department as a whole; the rest is hidden.", ""]
    assert title == "Group by group"


@pytest.mark.parametrize(
    ("block", "hidden", "names"),
    [
        ("by_requester_department", 3, ["C0", "C1", "C2"]),
        ("by_requester_department", 4, ["4 departments"]),
        ("by_request_type", 4, ["C0, C1, C2, C3"]),
    ],
)
def test_many_hidden_rows_share_one(block: str, hidden: int, names: list[str]) -> None:
    document = cut(0.7, 0.9)
    document[block] = document["by_requester_department"]
    document["suppressed"] = [
        {"what": f"{block}:C{number}", "why": "protects_a_small_group"} for number in range(hidden)
    ]

    with speaking("en"):
        (table,) = (table for table in cut_tables(document) if table.block == block)

    assert [row.name for row in table.rows if row.figure.is_hidden] == names
