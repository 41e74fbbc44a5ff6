"""What was stored in English is read in the reader's language, with everything that filled its places."""

import re

import pytest

from app.foundations.languages import gettext, messages_of, speaking
from app.foundations.retelling import retold

PLACE = re.compile(r"%\((\w+)\)s")


@pytest.mark.parametrize(
    ("stored", "german"),
    [
        ("the request was done already", "die Anfrage war schon erledigt"),
        ("setting is no event of an issue", "setting ist kein Ereignis einer Aufgabe"),
        ("external_id: this must not be empty", "external_id: das darf nicht leer sein"),
    ],
)
def test_a_stored_reason_is_said_again_with_what_filled_its_places(stored: str, german: str) -> None:
    with speaking("de"):
        assert retold(stored) == german


def test_several_reasons_and_reasons_within_reasons_are_said_again() -> None:
    with speaking("de"):
        empty = gettext("this must not be empty")
        outer = "%(num)s score was left out: %(problem)s. Mend the scale in the settings, then ask for the past."

        assert retold("a: this must not be empty; b: this must not be empty") == f"a: {empty}; b: {empty}"
        assert empty in retold(outer % {"num": 1, "problem": "this must not be empty"})


def test_what_nobody_knows_and_what_somebody_typed_stays_as_it_is() -> None:
    with speaking("de"):
        assert retold("an answer of some tool: 17") == "an answer of some tool: 17"
        assert retold("Completed is no event of an issue").startswith("Completed ")
    assert retold("the request was done already") == "the request was done already"


def test_every_sentence_of_six_words_is_known_again() -> None:
    unknown = []
    for message, plural in messages_of("pl"):
        places = {name: f"x{number}" for number, name in enumerate(PLACE.findall(message))}
        if plural or not places or len(message.split()) < 6:
            continue
        with speaking("pl"):
            if retold(message % places) != gettext(message, **places):
                unknown.append(message)

    assert unknown == []
