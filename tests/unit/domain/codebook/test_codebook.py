"""The codebook proposes themes by word stems in five languages, and picks out what a person reads first."""

from collections.abc import Mapping

import pytest

from app.domain.codebook import (
    DEFAULT,
    LONGEST_NAME,
    LONGEST_STEM,
    MOST_STEMS,
    MOST_THEMES,
    Codebook,
    CodebookError,
    CodebookProblem,
    Theme,
    codebook_from_json,
    codebook_to_json,
    stored_codebook,
)

LANGUAGES = {"en", "ru", "pl", "de", "es"}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("I WAITED three days and heard no news", ("waiting", "no_news")),
        ("Очень долго ждали, зато вежливо и понятно объяснили", ("waiting", "friendly", "clear")),
        ("Dlugo czekalem, ale bardzo uprzejmie", ("waiting", "friendly")),
        ("Schnell gelöst, freundlich, nur zweimal erklärt", ("quick", "friendly", "repeated", "clear")),
        ("Muy amables, rapido", ("quick", "friendly")),
        ("Nobody answered the phone", ("reach",)),
        ("All fine.", ()),
    ],
)
def test_the_built_in_codebook_proposes_by_the_beginnings_of_words(text: str, codes: tuple[str, ...]) -> None:
    assert DEFAULT.proposed(text) == codes


@pytest.mark.parametrize(
    "text",
    [
        "My boss is BULLYING me",
        "Это травля, меня унижают",
        "To jest mobbing",
        "Seit der Krankmeldung werde ich belästigt",
        "Es acoso y me amenazó",
        "I was off sick",
    ],
)
def test_a_comment_about_harm_or_health_is_never_shown_unread(text: str) -> None:
    assert DEFAULT.is_sensitive(text)


def test_an_everyday_comment_is_not_sensitive() -> None:
    texts = (
        "Quick and kind, thank you",
        "Спасибо, всё быстро",
        "Dziękuję, sprawnie",
        "Danke, alles gut",
        "Gracias, muy bien",
    )

    assert [DEFAULT.is_sensitive(text) for text in texts] == [False] * 5


def test_the_built_in_codebook_speaks_five_languages_and_stands_the_check_of_imported_ones() -> None:
    assert len(DEFAULT.themes) <= MOST_THEMES
    assert all(set(theme.names) == set(theme.stems) == LANGUAGES for theme in DEFAULT.themes)
    assert set(DEFAULT.sensitive) == LANGUAGES
    assert codebook_from_json(codebook_to_json(DEFAULT)) == DEFAULT


def test_sensitive_words_can_be_added_and_not_taken_away() -> None:
    document = {"themes": [{"code": "other", "names": {"en": "Other"}}], "sensitive": {"en": ["Layoff"]}}

    codebook = codebook_from_json(document)

    assert [codebook.is_sensitive(text) for text in ("the layoffs", "a bully", "all well")] == [True, True, False]
    assert codebook.theme("other") == Theme("other", {"en": "Other"})
    assert (codebook.themes[0].name("de"), codebook.theme("waiting")) == ("Other", None)


def test_a_wrong_codebook_is_refused_with_every_fault_and_its_place() -> None:
    theme = {"code": "other", "names": {"en": "Other"}}
    document = {
        "themes": [
            theme,
            theme,
            {"code": "No Code", "names": {"de": " ", "fr": "x"}, "stems": {"en": ["ab", 3], "de": "wart"}, "extra": 1},
            "x",
        ],
        "more": 1,
    }

    with pytest.raises(CodebookError) as refused:
        codebook_from_json(document)

    found = {(fault.field, fault.problem) for fault in refused.value.faults}
    assert found == {
        ("more", CodebookProblem.UNKNOWN_FIELD),
        ("themes[1].code", CodebookProblem.CODE_TWICE),
        ("themes[1].names.en", CodebookProblem.NAME_TWICE),
        ("themes[2].extra", CodebookProblem.UNKNOWN_FIELD),
        ("themes[2].code", CodebookProblem.NOT_A_CODE),
        ("themes[2].names.de", CodebookProblem.NOT_A_TEXT),
        ("themes[2].names.fr", CodebookProblem.UNKNOWN_LANGUAGE),
        ("themes[2].names.en", CodebookProblem.NO_ENGLISH_NAME),
        ("themes[2].stems.en[0]", CodebookProblem.NOT_A_STEM),
        ("themes[2].stems.en[1]", CodebookProblem.NOT_A_STEM),
        ("themes[2].stems.de", CodebookProblem.NOT_A_LIST),
        ("themes[3]", CodebookProblem.NOT_AN_OBJECT),
        ("themes[3].code", CodebookProblem.NOT_A_CODE),
        ("themes[3].names.en", CodebookProblem.NO_ENGLISH_NAME),
    }


@pytest.mark.parametrize("document", [{}, {"themes": []}, [], {"themes": [{"code": "aa", "names": {"en": "A"}}] * 13}])
def test_no_theme_and_thirteen_are_refused(document: object) -> None:
    with pytest.raises(CodebookError):
        codebook_from_json(document)


def test_a_codebook_without_stems_proposes_nothing() -> None:
    assert Codebook((Theme("other", {"en": "Other"}),)).proposed("anything other") == ()


def faults_of(*themes: Mapping[str, object]) -> list[tuple[str, CodebookProblem]]:
    with pytest.raises(CodebookError) as refused:
        codebook_from_json({"themes": list(themes)})
    return [(fault.field, fault.problem) for fault in refused.value.faults]


@pytest.mark.parametrize(
    "name", ["a\nb", "a\tb", "a\0b", "a\x7fb", "a\u202eb", "a\u2028b", "\ud800", "x" * (LONGEST_NAME + 1)]
)
def test_a_name_that_is_no_printable_line_is_refused_and_a_stored_one_is_made_one(name: str) -> None:
    theme = {"code": "food", "names": {"en": "Food", "de": name}}

    stored = stored_codebook({"themes": [theme]}).themes[0].name("de")

    assert faults_of(theme) == [("themes[0].names.de", CodebookProblem.NOT_A_NAME)]
    assert (stored.isprintable(), len(stored) <= LONGEST_NAME) == (True, True)


def test_two_themes_of_one_name_are_refused_also_where_english_stands_in() -> None:
    food, meals = {"code": "food", "names": {"en": "Food"}}, {"code": "meals", "names": {"en": "Meals", "de": "food"}}

    assert faults_of(food, meals) == [("themes[1].names.de", CodebookProblem.NAME_TWICE)]
    assert len(stored_codebook({"themes": [food, meals]}).themes) == 2


def test_stems_are_bounded_in_number_and_length() -> None:
    names = {"en": "Food"}
    most = {"en": ["soup"] * MOST_STEMS, "de": ["x" * LONGEST_STEM]}
    more = {"en": ["soup"] * (MOST_STEMS + 1), "de": ["x" * (LONGEST_STEM + 1)]}

    assert len(codebook_from_json({"themes": [{"code": "food", "names": names, "stems": most}]}).themes) == 1
    assert faults_of({"code": "food", "names": names, "stems": more}) == [
        ("themes[0].stems.en", CodebookProblem.TOO_MANY_STEMS),
        ("themes[0].stems.de[0]", CodebookProblem.NOT_A_STEM),
    ]
    assert stored_codebook({"themes": [{"code": "food", "names": names, "stems": more}]}).themes[0].stems == {
        language: tuple(stems) for language, stems in more.items()
    }
