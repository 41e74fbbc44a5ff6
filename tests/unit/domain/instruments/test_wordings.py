"""The words of the instrument: complete in every language, and exact where a changed word would be a new version."""

import hashlib
from dataclasses import astuple

import pytest

from app.domain.instruments import GRID, INSTRUMENT_VERSION, ROTATING, Item, Reason, Wording, wording
from app.domain.instruments.wordings import WORDINGS

LANGUAGES = ["en", "ru", "pl", "de", "es"]


def test_there_are_five_languages_and_the_others_get_english() -> None:
    assert sorted(WORDINGS) == sorted(LANGUAGES)
    assert wording("fr") is wording("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_word(language: str) -> None:
    words = wording(language)

    assert set(words.grid_rows) == set(GRID)
    assert set(words.statements) == set(ROTATING)
    assert set(words.reasons) == set(Reason)
    assert all(len(set(labels)) == 5 for labels in (words.csat_labels, words.grid_labels, words.agree_labels))
    assert all(len(set(words.reasons.values())) == len(Reason) for _ in words.reasons)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_department_stands_in_the_quotation_marks_of_the_language(language: str) -> None:
    words = wording(language)
    quoted = {"en": "“IT”", "ru": "«IT»", "pl": "„IT”", "de": "„IT“", "es": "«IT»"}[language]

    assert quoted in words.statement(Item.TRUST, "IT")
    assert quoted in words.recommendation("IT")


def test_a_row_of_the_grid_reads_as_a_whole_question() -> None:
    assert wording("es").question(Item.TIMELINESS) == "¿Cómo evalúa el tiempo de resolución?"
    assert wording("ru").question(Item.RESULT_QUALITY) == "Как вы оцениваете качество результата?"


def test_the_wordings_are_those_of_the_stated_version() -> None:
    # A changed word is a new instrument version: raise INSTRUMENT_VERSION first, then note the new digest. (A space
    # before a question mark is no word.)
    text = "\n".join(_text(wording(language)) for language in LANGUAGES)

    assert INSTRUMENT_VERSION == "parity/1"
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "ffd987e98861f44e"


def _text(words: Wording) -> str:
    parts: list[str] = []
    for field in astuple(words):
        values = field.values() if isinstance(field, dict) else field if isinstance(field, tuple) else [field]
        parts += [value.replace("\u00ad", "") for value in values]
    return "\n".join(parts)
