"""Themes in words: how many ratings name a reason, the share of people, and who was asked."""

from typing import Any

import pytest

from app.foundations.languages import speaking
from app.reports.theme_tables import theme_lines, theme_tables


def named(theme: str, answers: int, share: float) -> dict[str, Any]:
    """Return a theme as a document prints it, of 27 low ratings by 26 people."""
    found = {
        "estimate": share,
        "lower": share - 0.17,
        "upper": share + 0.17,
        "n": 26,
        "answers": 27,
        "method": "wilson",
    }
    return {"source": "reasons", "theme": theme, "answers": answers, "share": found}


NOTE = "26 people rated low and were asked why; several reasons could be ticked. Each person counts once in the share."
DOCUMENT = {"themes": [named("too_slow", 14, 0.52), named("something_else", 6, 0.23)]}


def test_themes_are_said_with_their_ratings_their_share_and_of_whom() -> None:
    with speaking("en"):
        lines = theme_lines(DOCUMENT)

    assert lines == [
        "Reasons named with low ratings:",
        "  Too slow · Low ratings: 14 of 27 · People: 52% (35–69)",
        "  Something else · Low ratings: 6 of 27 · People: 23% (6–40)",
        NOTE,
    ]


@pytest.mark.parametrize(
    ("language", "name", "answers", "people"),
    [
        ("de", "Zu lange gedauert", "14 von 27", "26 Personen haben niedrig bewertet"),
        ("ru", "Слишком долго", "14 из 27", "Низкую оценку поставили 26 человек"),
        ("pl", "Za długo", "14 z 27", "26 osób oceniło nisko"),
        ("es", "Demasiado lento", "14 de 27", "26 personas valoraron bajo"),
    ],
)
def test_reasons_are_named_as_the_survey_names_them(language: str, name: str, answers: str, people: str) -> None:
    with speaking(language):
        (table,) = theme_tables(DOCUMENT)

    assert (table.rows[0].name, table.rows[0].answers) == (name, answers)
    assert table.note.startswith(people)


def test_without_themes_there_is_no_table() -> None:
    assert theme_tables({"themes": []}) == theme_tables({}) == []
    assert theme_lines({}) == []
