"""Comments in text, on paper, and never in what is mailed."""

import pytest

from app.foundations.languages import speaking
from app.pipeline.scorecards.drawing import files_of
from app.reports.comment_texts import comment_lines, comments_of
from app.reports.documents import scorecard_pdf
from app.reports.theme_tables import theme_lines
from tests import pdfs
from tests.builders import scorecards as samples

PATIENT, WAITED = "Patient and clear; I understood what had been wrong.", "I heard nothing\nfor #three days."
COMMENTS = [{"id": "a1", "text": PATIENT}, {"id": "b2", "text": WAITED}, {"id": "c3"}]
NOTE = "Comments of 26 people, read and sorted; one may have several themes. Each person counts once in the share."
AGREEMENT = (
    "Two people sorted 60 comments: their agreement beyond chance is 0.72 (0.61 to 0.80), full agreement would be 1."
)
DOCUMENT = samples.a_document() | {"comments": COMMENTS}


def test_comments_are_listed_with_the_rule_of_their_choice_and_without_those_taken_out() -> None:
    with speaking("en"):
        lines = comment_lines(DOCUMENT)

    assert lines == [
        "In colleagues' own words:",
        f"  – {PATIENT}",
        "  – I heard nothing for #three days.",
        (
            "Drawn by lot from the comments that may be shown, in random order, names taken out:"
            " they need not fit the figures."
        ),
    ]


def test_where_no_text_is_left_nothing_is_said() -> None:
    assert comments_of({"comments": [{"id": "c3"}]}) is None
    assert comment_lines(samples.a_document()) == []


@pytest.mark.parametrize("third", ["Kurz.", " ".join(["wirklich lange gewartet,"] * 24)])
def test_comments_stand_on_paper_word_for_word_and_on_its_two_pages(third: str) -> None:
    document = samples.a_document() | {"comments": [*COMMENTS[:2], {"id": "d4", "text": third}]}

    data = scorecard_pdf(document, samples.a_trend(document), "de")

    text = " ".join(pdfs.text(data).split())
    assert [words in text for words in (PATIENT, "I heard nothing for #three days.")] == [True, True]
    assert len(pdfs.open_pdf(data).pages) == 2


def test_the_pdf_that_is_mailed_holds_no_comment() -> None:
    drawn = files_of(DOCUMENT, samples.a_trend(DOCUMENT), "en")

    assert "Patient and clear" not in pdfs.text(drawn.pdf)


def test_themes_of_comments_carry_their_own_names_and_how_far_two_readers_agreed() -> None:
    share = {"estimate": 0.52, "lower": 0.35, "upper": 0.69, "n": 26, "answers": 27, "method": "wilson"}
    kappa = {"estimate": 0.72, "lower": 0.61, "upper": 0.8, "n": 60, "answers": 60, "method": "pooled_kappa"}
    row = {"source": "comments", "theme": "food", "answers": 14, "share": share, "agreement": kappa}
    document = {"themes": [row | {"names": {"en": "Food", "de": "Essen"}}]}

    with speaking("en"):
        lines = theme_lines(document)
    with speaking("de"):
        german = theme_lines(document)

    assert lines == [
        "What colleagues write about:",
        "  Food · Comments: 14 of 27 · People: 52% (35–69)",
        f"{NOTE} {AGREEMENT}",
    ]
    assert german[1].startswith("  Essen ·")
