"""The measures of the whole company."""

from datetime import timedelta
from typing import Any

import pytest

from app.domain.culture.measures import MEASURES, Asked, FirstResponses, Voices, measures, sentences
from app.domain.durations import duration_bin
from tests.builders.culture import ASKED, VOICES, company, share

HOUR = timedelta(hours=1)
NO_TARGET = FirstResponses()


def told(
    document: dict[str, Any],
    asked: Asked = ASKED,
    voices: Voices = VOICES,
    responses: FirstResponses = NO_TARGET,
) -> dict[str, Any]:
    return measures(document, asked, voices, responses, 5)


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


def test_cooperation_is_told_where_the_index_is_hidden() -> None:
    document = company(loop={})

    found = told(document)

    assert found["cooperation"] == document["internal"]["cooperation"]["score_0_100"]
    assert sentences(found)[-1] == {
        "key": "measures_hidden",
        "params": {"measures": ["cooperation_index", "kudos_rate", "loop_closure_rate"]},
    }


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

    assert said == [
        "participation",
        "responsiveness",
        "trust",
        "cooperation",
        "cooperation_index",
        "thanks",
        "loop_closure",
    ]


def test_responsiveness_sets_the_clock_beside_the_feeling() -> None:
    assert told(company())["responsiveness"] == {
        "timeliness": share(210, 300),
        "first_response_time": {"median": 3.5},
    }


def test_first_responses_are_held_against_the_target_with_the_silent_whose_time_is_over() -> None:
    done = {duration_bin(1 * HOUR): 60, duration_bin(9 * HOUR): 20}
    silent = {duration_bin(2 * HOUR): 30, duration_bin(90 * HOUR): 20}  # of the first nobody knows yet

    found = told(company(), responses=FirstResponses(done, silent, 4 * HOUR))

    clock = found["responsiveness"]
    assert (clock["within_target"], clock["target_hours"]) == (share(60, 100), 4)
    assert [sentence["key"] for sentence in sentences(found)][1:3] == ["responsiveness", "first_response"]


def test_a_target_is_told_to_the_minute() -> None:
    quick = FirstResponses({duration_bin(0.1 * HOUR): 60}, {}, 0.25 * HOUR)

    assert told(company(), responses=quick)["responsiveness"]["target_hours"] == 0.25


def test_fewer_requests_than_the_minimum_group_say_nothing_of_the_target() -> None:
    few = FirstResponses({duration_bin(HOUR): 4}, {}, 4 * HOUR)

    assert "within_target" not in told(company(), responses=few)["responsiveness"]
