"""What administrators may word anew, and what of it cannot stand."""

from dataclasses import asdict

import pytest

from app.domain.instruments import FIRST, Item, reworded_items, wording
from app.domain.instruments.wording_json import (
    TEXTS,
    WordingError,
    WordingProblem,
    faults_of,
    words_from_json,
    words_to_json,
)

LANGUAGES = ["en", "ru", "pl", "de", "es"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_version_is_the_same_after_json_and_back(language: str) -> None:
    words = wording(language)

    assert asdict(words_from_json(language, words_to_json(words))) == asdict(words)


def test_what_a_survey_promises_cannot_be_reworded() -> None:
    told = {name.partition(".")[0] for name in TEXTS}

    assert told.isdisjoint({"confidentiality", "contact_consent", "comment_notice", "quoted", "recommend"})
    sneaked = words_to_json(wording("en")) | {"confidentiality": "This survey is anonymous."}
    assert words_from_json("en", sneaked).confidentiality == wording("en").confidentiality


@pytest.mark.parametrize(
    ("field", "text", "problem"),
    [
        ("csat_overall", "", WordingProblem.MISSING),
        ("csat_overall", "\u00ad ", WordingProblem.MISSING),
        ("csat_overall", "x" * 301, WordingProblem.TOO_LONG),
        ("csat_labels.1", "x" * 61, WordingProblem.TOO_LONG),
        ("csat_overall", "two\nlines", WordingProblem.NOT_ONE_LINE),
        ("csat_overall", "turned \u202e round", WordingProblem.NOT_ONE_LINE),
        ("csat_overall", "How was {d}?", WordingProblem.UNKNOWN_PLACE),
        ("statements.trust", "I trust {k}.", WordingProblem.UNKNOWN_PLACE),
        ("statements.trust", "I trust {d.__class__}.", WordingProblem.UNKNOWN_PLACE),
        ("statements.trust", "I trust {d!r:>9}.", WordingProblem.UNKNOWN_PLACE),
        ("statements.trust", "I trust {.", WordingProblem.UNKNOWN_PLACE),
        ("statements.trust", "I trust {{d}}.", WordingProblem.UNKNOWN_PLACE),
        ("statements.trust", "I trust {}.", WordingProblem.UNKNOWN_PLACE),
        ("grid_question", "How was it?", WordingProblem.PLACE_MISSING),
        ("csat_labels.2", "very  DIS\u00adsatisfied", WordingProblem.TWICE),
        ("reasons.too_much_effort", "Too slow", WordingProblem.TWICE),
    ],
)
def test_a_text_that_cannot_stand_is_named(field: str, text: str, problem: WordingProblem) -> None:
    texts = words_to_json(wording("en")) | {field: text}

    assert [(fault.field, fault.problem) for fault in faults_of(texts)] == [(field, problem)]
    with pytest.raises(WordingError):
        words_from_json("en", texts)


def test_soft_hyphens_and_a_statement_without_its_department_may_stand() -> None:
    changes = {"csat_labels.1": "Sehr un\u00adzufrieden", "statements.trust": "Verlass ist auf alle."}

    assert list(faults_of(words_to_json(wording("de")) | changes)) == []


def test_an_item_is_reworded_where_one_language_asks_it_otherwise() -> None:
    changed = words_from_json("pl", words_to_json(wording("pl")) | {"agree_labels.3": "Nie wiem", "kudos": "Dzięki"})
    others = [words for language, words in FIRST.words.items() if language != "pl"]

    assert reworded_items([*others, changed]) == {Item.EFFORT, Item.TRUST, Item.PROFESSIONALISM, Item.COOPERATION}
    assert reworded_items(FIRST.words.values()) == frozenset()
