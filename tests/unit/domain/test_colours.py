"""Contrast as WCAG defines it, held against the table of the design, and what an accent may be."""

import pytest

from app.domain.colours import Ground, accent_on, contrast, read_colour, too_faint

DAY = Ground(surface="#ffffff", sunken="#edf1f2", soft=0.11, hover="#142126")
NIGHT = Ground(surface="#172125", sunken="#1f2b30", soft=0.16, hover="#e9eff1")


@pytest.mark.parametrize(
    ("colour", "surface", "ratio"),
    [
        ("#142126", "#ffffff", 16.5),
        ("#0e5f78", "#ffffff", 7.2),
        ("#75858b", "#ffffff", 3.8),
        ("#c26a12", "#ffffff", 3.9),
        ("#74c5dd", "#172125", 8.4),
        ("#ffffff", "#000000", 21.0),
        ("#777777", "#777777", 1.0),
    ],
)
def test_contrast_is_that_of_the_palettes_table(colour: str, surface: str, ratio: float) -> None:
    assert round(contrast(colour, surface), 1) == ratio
    assert contrast(surface, colour) == contrast(colour, surface)


@pytest.mark.parametrize(
    ("typed", "read"),
    [("#0E5F78", "#0e5f78"), (" 0e5f78 ", "#0e5f78"), ("#fff", None), ("red", None), ("#0e5f78;x", None), ("", None)],
)
def test_a_colour_is_six_digits(typed: str, read: str | None) -> None:
    assert read_colour(typed) == read


def test_our_own_accents_can_be_read_everywhere() -> None:
    assert (list(too_faint("#0e5f78", DAY)), list(too_faint("#74c5dd", NIGHT))) == ([], [])


def test_a_colour_that_is_too_faint_says_where() -> None:
    places = [place for place, _ in too_faint("#74c5dd", DAY)]

    assert places == ["surface", "sunken", "soft"]
    assert [place for place, _ in too_faint("#0e5f78", NIGHT)] == ["surface", "sunken", "soft"]


def test_what_follows_from_an_accent_goes_away_from_the_page() -> None:
    by_day, by_night = accent_on("#8a1c5a", DAY), accent_on("#e59bc6", NIGHT)

    assert (by_day.on, by_night.on) == ("#ffffff", "#172125")
    assert contrast(by_day.hover, DAY.surface) > contrast(by_day.accent, DAY.surface)
    assert contrast(by_night.hover, NIGHT.surface) > contrast(by_night.accent, NIGHT.surface)
    assert contrast(by_day.soft, DAY.surface) < 1.5
