"""The measures of the whole company."""

from typing import Any

import pytest

from app.domain.culture.measures import MEASURES, Asked, Voices, measures, sentences
from tests.builders.culture import ASKED, VOICES, company, share


def told(document: dict[str, Any], asked: Asked = ASKED, voices: Voices = VOICES) -> dict[str, Any]:
    return measures(document, asked, voices, 5)


def test_participation_counts_people_not_requests() -> None:
    assert told(company())["participation_rate"] == {
        "estimate": 0.75, "lower": 0.71, "upper": 0.79, "n": 400, "answers": 300, "method": "wilson",
    }  # fmt: skip


def test_thanks_are_a_rate_per_hundred_answers() -> None:
    assert told(company())["kudos_rate"] == {
        "estimate": 10.0, "lower": 6.7, "upper": 14.3, "n": 300, "answers": 300, "method": "poisson",
    }  # fmt: skip


def test_the_index_is_the_plain_mean_of_its_three_parts() -> None:
    found = told(company())["cooperation_index"]

    assert found["parts"] == {"cooperation": 60, "communication": 80, "loop_closure": 75}
    assert found["estimate"] == 71.7
    assert (found["lower"] < 71.7 - 4, found["upper"] > 71.7 + 4) == (True, True)  # 15 of 20 cases alone move it so
    assert found["n"] == 70
    assert told(company())["cooperation_index"] == found  # the seed is stored


def test_a_sample_of_the_people_claims_no_less_than_all_of_them() -> None:
    half = Voices(VOICES.means[:140], 280)

    whole, sampled = (told(company(), voices=voices)["cooperation_index"] for voices in (VOICES, half))

    assert sampled["upper"] - sampled["lower"] == pytest.approx(whole["upper"] - whole["lower"], abs=1.5)


@pytest.mark.parametrize("item", ["cooperation", "communication"])
def test_the_index_is_hidden_if_a_part_is(item: str) -> None:
    document = company()
    del document["internal"][item]

    assert "cooperation_index" not in told(document)


def test_what_the_scorecard_withholds_is_no_measure() -> None:
    document = company(loop={}, funnel={"invited": 520})
    document["internal"] = {"csat_overall": document["internal"]["csat_overall"]}

    found = told(document)

    assert found == {}
    assert sentences(found) == [{"key": "measures_hidden", "params": {"measures": list(MEASURES)}}]


def test_every_measure_is_said_once() -> None:
    said = [sentence["key"] for sentence in sentences(told(company()))]

    assert said == ["participation", "responsiveness", "trust", "cooperation_index", "thanks", "loop_closure"]


def test_responsiveness_sets_the_clock_beside_the_feeling() -> None:
    assert told(company())["responsiveness"] == {
        "timeliness": share(210, 300),
        "first_response_time": {"median": 3.5},
    }
