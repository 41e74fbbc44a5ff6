"""HR's sentences in words."""

import re

import pytest

from app.domain.culture.measures import MEASURES
from app.domain.culture.sentences import PARAMETERS, CultureKey, sentence
from app.domain.sentences import IncompleteSentenceError, Kind, SentenceKey
from app.domain.sentences import sentence as of_a_scorecard
from app.reports.sentences import english, render

SAMPLES: dict[Kind, object] = {
    Kind.SHARE: 0.72,
    Kind.BOUND: 0.6,
    Kind.SCORE: 71.4,
    Kind.COUNT: 47,
    Kind.RATE: 2.4,
    Kind.HOURS: 4,
    Kind.MEASURES: list(MEASURES),
}


def a_sentence(key: CultureKey) -> dict[str, object]:
    return sentence(key, **{name: SAMPLES[kind] for name, kind in PARAMETERS[key].items()})


@pytest.mark.parametrize("language", ["en", "ru", "pl", "de", "es"])
@pytest.mark.parametrize("key", list(CultureKey))
def test_every_sentence_can_be_said_in_every_language(key: CultureKey, language: str) -> None:
    said = render(a_sentence(key), language)

    assert said.endswith(".")
    assert "%(" not in said
    assert "%%" not in said
    assert re.findall(r"-\d", said) == []
    assert language == "en" or said != english(a_sentence(key))


def test_no_key_is_also_one_of_a_scorecard() -> None:
    assert {key.value for key in CultureKey} & {key.value for key in SentenceKey} == set()


def test_an_absent_measure_is_not_said_to_want_answers_alone() -> None:
    # Where all answers were imported nobody was invited: participation is not known, however many answered.
    absent = sentence(CultureKey.MEASURES_HIDDEN, measures=["participation_rate", "loop_closure_rate"])

    assert english(absent) == (
        "No figure, since too few people stand behind it or nothing was recorded:"
        " participation and contact cases closed."
    )


def test_participation_says_that_it_counts_people_and_the_response_rate_that_it_counts_invitations() -> None:
    bounds = {"lower": 0.43, "upper": 0.64}

    people = english(sentence(CultureKey.PARTICIPATION, share=0.6, **bounds))
    invitations = english(of_a_scorecard(SentenceKey.RESPONSE_RATE, share=0.46, **bounds))

    assert people == "60% of the people who were asked answered at least once (between 43 and 64%)."
    assert invitations == "46% of the invitations were answered (between 43 and 64)."


def test_a_rate_keeps_its_decimal() -> None:
    thanks = sentence(CultureKey.THANKS, rate=2.0, lower=0.8, upper=4.1)

    assert english(thanks) == "2.0 thanks per 100 answers (between 0.8 and 4.1). They are no score."


@pytest.mark.parametrize(("pairs", "verb"), [(1, "is"), (2, "are")])
def test_the_finding_follows_its_number(pairs: int, verb: str) -> None:
    said = english(sentence(CultureKey.MATRIX_LOWER, pairs=pairs, shown=12))

    assert said == (
        f"Of 12 pairs of departments that can be shown, {pairs} {verb} rated lower than the company"
        " by more than chance."
    )


def test_a_sentence_with_other_parameters_is_refused() -> None:
    with pytest.raises(IncompleteSentenceError, match=r"takes \['needed'\], not \['people'\]"):
        sentence(CultureKey.MATRIX_HIDDEN, people=5)


@pytest.mark.parametrize(
    ("hours", "language", "words"),
    [
        (0.25, "en", "15 minutes"),
        (1, "en", "1 hour"),
        (1.5, "en", "1 hour 30 minutes"),
        (4.0, "en", "4 hours"),
        (47, "en", "47 hours"),
        (72, "en", "3 days"),
        (4, "de", "Ziels von 4 Stunden ("),
        (0.25, "ru", "срок, 15 минут ("),
        (4, "ru", "4 часа"),
        (4, "pl", "4 godziny"),
        (1, "es", "objetivo de 1 hora ("),
    ],
)
def test_the_target_of_a_first_response_is_said_in_plain_words(hours: float, language: str, words: str) -> None:
    said = sentence(CultureKey.FIRST_RESPONSE, share=0.9, lower=0.8, upper=0.95, hours=hours)

    assert words in render(said, language).replace("\N{NO-BREAK SPACE}", " ")
