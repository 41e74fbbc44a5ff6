import re

import pytest

from app.domain.sentences import PARAMETERS, CoarseWord, Kind, SentenceKey, sentence
from app.reports.sentences import english, render
from tests.builders import scorecards as samples

SAMPLES: dict[Kind, object] = {
    Kind.TEXT: "IT Support",
    Kind.SHARE: 0.72,
    Kind.BOUND: 0.6,
    Kind.SCORE: 71.4,
    Kind.SHARE_POINTS: -0.15,
    Kind.SCORE_POINTS: -8.2,
    Kind.COUNT: 47,
    Kind.ITEM: "timeliness",
    Kind.ITEMS: ["timeliness", "communication"],
    Kind.PERIOD: "2026-Q2",
    Kind.WORD: "most",
    Kind.CLASS: "C",
    Kind.DELTA: -0.42,
    Kind.GROUP: {"cut": "requester_department", "value": "SALES", "name": "Sales"},
}


def a_sentence(key: SentenceKey) -> dict[str, object]:
    return sentence(key, **{name: SAMPLES[kind] for name, kind in PARAMETERS[key].items()})


@pytest.mark.parametrize("language", ["en", "ru", "pl", "de", "es"])
@pytest.mark.parametrize("key", list(SentenceKey))
def test_every_sentence_can_be_said_in_every_language(key: SentenceKey, language: str) -> None:
    said = render(a_sentence(key), language)

    assert said.endswith((".", "?"))
    assert "%(" not in said
    assert re.findall(r"-\d", said) == []
    assert language == "en" or said != english(a_sentence(key))


def test_the_finding_says_both_shares() -> None:
    finding = sentence(SentenceKey.FINDING_WORSE, department="IT Support", internal=0.72, external=0.87)

    assert english(finding) == "Colleagues are less satisfied with IT Support than customers are: 72% against 87%."


@pytest.mark.parametrize(("gap", "lower", "upper"), [(-0.15, -0.27, -0.05), (0.15, 0.05, 0.27)])
def test_a_proven_gap_is_said_without_signs(gap: float, lower: float, upper: float) -> None:
    said = english(sentence(SentenceKey.GAP_EVIDENT, gap=gap, lower=lower, upper=upper))

    assert said == "The gap of 15 percentage points (5 to 27) is more than chance would explain."


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Against April to June 2026 nothing has clearly changed."),
        ("ru", "По сравнению с предыдущим кварталом (апрель – июнь 2026) ничего явно не изменилось."),
        ("pl", "W porównaniu z poprzednim kwartałem (kwiecień – czerwiec 2026) nic się wyraźnie nie zmieniło."),
        ("de", "Gegenüber dem Quartal davor (April bis Juni 2026) hat sich nichts deutlich verändert."),
        ("es", "Frente al trimestre anterior (abril a junio de 2026) nada ha cambiado con claridad."),
    ],
)
def test_a_quarter_is_said_by_its_months(language: str, words: str) -> None:
    unchanged = sentence(SentenceKey.CHANGE_NO_EVIDENCE, previous="2026-Q2")

    assert render(unchanged, language, samples.CALENDAR) == words


def test_the_json_says_a_quarter_by_its_code() -> None:
    unchanged = sentence(SentenceKey.CHANGE_NO_EVIDENCE, previous="2026-Q2")

    assert english(unchanged) == "Against 2026-Q2 nothing has clearly changed."


def test_an_interval_across_zero_keeps_its_signs() -> None:
    said = english(sentence(SentenceKey.GAP_EVIDENT_SCORE, gap=-8.2, lower=-16.1, upper=0.4))

    assert said == "The gap of −8 points (−16 to 0) is more than chance would explain."


def test_an_unclear_gap_says_what_is_possible() -> None:
    said = english(sentence(SentenceKey.GAP_UNCLEAR, gap=-0.07, lower=-0.19, upper=0.02))

    assert said == (
        "Too close to tell: colleagues minus customers is −7 percentage points,"
        " and anything from −19 to +2 is possible."
    )


def test_nothing_and_everything_are_said_as_numbers() -> None:
    finding = sentence(SentenceKey.FINDING_INTERNAL, department="Payroll", share=1.0, lower=0.84, upper=1.0)

    assert english(finding) == "100% of colleagues are satisfied with Payroll (between 84 and 100)."


@pytest.mark.parametrize("word", list(CoarseWord))
def test_a_small_group_is_said_in_words(word: CoarseWord) -> None:
    said = english(sentence(SentenceKey.FINDING_COARSE, department="Payroll", word=word, people=7))

    assert said == f"Of the 7 colleagues who answered, {word.replace('_', ' ')} are satisfied with Payroll."


@pytest.mark.parametrize("item", ["csat_overall", "timeliness", "trust", "own_item"])
def test_every_dimension_has_its_own_first_step(item: str) -> None:
    start = {
        "csat_overall": "Start with a talk with those who ask you.",
        "timeliness": "Start with the time it took.",
        "trust": "Start with keeping what you promise.",
        "own_item": "Start here: own_item.",
    }

    assert english(sentence(SentenceKey.ACTION_START, item=item)) == start[item]


def test_a_department_may_be_called_anything() -> None:
    said = english(sentence(SentenceKey.FINDING_NO_ANSWERS, department="100 % %(share)s <b>"))

    assert said == "No colleague has rated 100 % %(share)s <b> in this quarter."


@pytest.mark.parametrize(
    ("language", "people", "opening"),
    [
        ("ru", 21, "Ответил 21 человек:"),
        ("ru", 22, "Ответили 22 человека:"),
        ("ru", 25, "Ответили 25 человек:"),
        ("pl", 22, "Odpowiedziały 22 osoby:"),
        ("pl", 25, "Odpowiedziało 25 osób:"),
        ("de", 25, "25 Personen haben geantwortet:"),
        ("es", 25, "Respondieron 25 personas:"),
    ],
)
def test_the_number_decides_about_the_grammar(language: str, people: int, opening: str) -> None:
    said = render(sentence(SentenceKey.PRECISION, people=people, lower=0.52, upper=0.78), language)

    assert said.startswith(opening)


@pytest.mark.parametrize(
    ("language", "share"), [("en", "72%"), ("ru", "72\u00a0%"), ("pl", "72%"), ("de", "72\u00a0%"), ("es", "72\u00a0%")]
)
def test_per_cent_is_written_as_the_language_writes_it(language: str, share: str) -> None:
    said = render(sentence(SentenceKey.DISTRIBUTION_INTERNAL, internal=0.72), language)

    assert share in said


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValueError, match="finding_grand"):
        english({"key": "finding_grand", "params": {}})
