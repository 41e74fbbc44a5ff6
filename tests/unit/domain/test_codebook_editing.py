"""The codebook with one thing changed: places and codes of themes, and words of one's own."""

import pytest

from app.domain.codebook import DEFAULT, codebook_from_json
from app.domain.codebook.editing import code_for, own_sensitive, place_of, with_sensitive, with_theme, without_theme

CODES = [theme.code for theme in DEFAULT.themes]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Long queues", "long_queues"),
        ("  Waiting ", "waiting_2"),
        ("Очередь", "theme"),
        ("24 hours", "theme"),
        ("É", "theme"),
        ("x" * 60, "x" * 36),
    ],
)
def test_a_new_theme_has_a_readable_code_unlike_the_others(name: str, code: str) -> None:
    assert code_for(name, CODES) == code


def test_a_changed_theme_keeps_its_place_and_a_new_one_comes_last() -> None:
    changed = codebook_from_json(with_theme(DEFAULT, {"code": "quick", "names": {"en": "Swift"}, "stems": {}}))
    fewer = codebook_from_json(without_theme(DEFAULT, "quick"))
    more = codebook_from_json(with_theme(fewer, {"code": "swift", "names": {"en": "Swift"}, "stems": {}}))

    assert [theme.code for theme in changed.themes] == CODES
    assert [theme.code for theme in more.themes] == [*(code for code in CODES if code != "quick"), "swift"]
    assert (place_of(DEFAULT, "no_news"), place_of(DEFAULT, "swift")) == (1, len(CODES))


def test_words_of_ones_own_are_told_apart_from_those_that_always_hold() -> None:
    book = codebook_from_json(with_sensitive(DEFAULT, {"de": ["kantine", "mobb"]}))

    assert own_sensitive(book) == {"en": (), "ru": (), "pl": (), "de": ("kantine",), "es": ()}
    assert own_sensitive(DEFAULT)["de"] == ()
