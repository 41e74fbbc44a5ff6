"""What is published of how many people: nothing below 5, tenths to 9, points from 10, comparisons from 30."""

from typing import Any

import pytest

from app.domain.instruments import Item
from app.domain.scorecards.findings import people_of
from app.domain.scorecards.publish import coarse_interval
from app.domain.sentences import SentenceKey as Key
from app.domain.statistics import per_request_share, wilson_interval
from tests.builders.figures import METHOD, answered, document, figures, keys_said, outside, rated, told

FULL = {"top_two_box", "score_0_100", "distribution"}
CUSTOMERS = (10, 10, 20, 60, 100)


def headline(count: int, favourable: int, *, consenting: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = document(figures(rated(count, favourable, consenting=consenting)))["internal"]
    return found


@pytest.mark.parametrize(
    ("people", "consenting", "shown"),
    [
        (4, 0, None),
        (5, 0, {"top_two_box"}),
        (9, 0, {"top_two_box"}),
        (10, 0, FULL),
        (29, 0, FULL),
        (30, 0, FULL),
        # who consented to contact counts no more
        (5, 1, None),
        (10, 1, {"top_two_box"}),
        (14, 4, FULL),
    ],
)
def test_it_shows_what_the_number_of_confidential_requesters_allows(
    people: int, consenting: int, shown: set[str] | None
) -> None:
    found = headline(people, people - 1, consenting=consenting)

    assert set(found.get("csat_overall", ())) == (shown or set())


@pytest.mark.parametrize(
    ("people", "favourable", "interval"),
    [
        (5, 0, (0.1, 0.0, 0.5)),
        (5, 5, (0.9, 0.5, 1.0)),
        (6, 3, (0.5, 0.1, 0.9)),
        (9, 0, (0.1, 0.0, 0.3)),
        (9, 9, (0.9, 0.7, 1.0)),
    ],
)
def test_five_to_nine_people_are_told_in_tenths_held_within_one_and_nine(
    people: int, favourable: int, interval: tuple[float, float, float]
) -> None:
    found = headline(people, favourable)["csat_overall"]["top_two_box"]

    assert (found["estimate"], found["lower"], found["upper"]) == interval
    assert (found["n"], found["answers"], found["method"]) == (people, people, "wilson_coarse")


def test_from_ten_people_on_nothing_and_everything_may_appear_in_whole_points() -> None:
    nobody, everybody = headline(10, 0)["csat_overall"], headline(10, 10)["csat_overall"]

    assert nobody["top_two_box"] == {
        "estimate": 0.0, "lower": 0.0, "upper": 0.28, "n": 10, "answers": 10, "method": "wilson",
    }  # fmt: skip
    assert everybody["top_two_box"]["upper"] == 1.0
    assert everybody["score_0_100"] == {
        "estimate": 100.0, "lower": 73.8, "upper": 100.0, "n": 10, "answers": 10, "method": "mean_adjusted",
    }  # fmt: skip
    assert everybody["distribution"] == [0.0, 0.0, 0.0, 0.0, 1.0]


def test_tenths_do_not_hide_how_many_of_five_to_nine_were_satisfied() -> None:
    # Bounds and n tell it: tenths are modesty, not protection (docs/decisions/0019). Coarser bounds would change that.
    for people in range(5, 10):
        triples = {
            tuple(coarse_interval(wilson_interval(x, people), people)[part] for part in ("estimate", "lower", "upper"))
            for x in range(people + 1)
        }
        assert len(triples) == people + 1


@pytest.mark.parametrize(("people", "verdict"), [(29, "too_few"), (30, "no_evidence")])
def test_a_gap_takes_thirty_people_inside(people: int, verdict: str) -> None:
    department = figures(
        rated(people, people * 4 // 5), dimensions={Item.CSAT_OVERALL: outside(told(counts=CUSTOMERS))}
    )

    found = document(department, {Item.CSAT_OVERALL: 0.9})["gap"]["csat_overall"]

    assert found["verdict"] == verdict
    if verdict == "too_few":
        assert found == {"comparability": "A", "verdict": "too_few"}


@pytest.mark.parametrize(("answers", "verdict"), [((0, 0, 9, 0, 20), "too_few"), ((0, 0, 10, 0, 20), "no_evidence")])
def test_a_gap_takes_thirty_answers_outside(answers: tuple[int, ...], verdict: str) -> None:
    department = figures(rated(40, 30), dimensions={Item.CSAT_OVERALL: outside(told(counts=answers))})

    found = document(department, {Item.CSAT_OVERALL: 0.9})

    assert found["gap"]["csat_overall"]["verdict"] == verdict
    assert "top_two_box" in found["external"]["csat_overall"]


def test_thirty_people_of_whom_one_consented_are_too_few_for_a_gap() -> None:
    department = figures(rated(30, 24, consenting=1), dimensions={Item.CSAT_OVERALL: outside(told(counts=CUSTOMERS))})

    assert document(department)["gap"] == {"csat_overall": {"comparability": "A", "verdict": "too_few"}}


def test_the_other_weighting_stands_beside_the_headline_when_it_differs_by_more_than_five_points() -> None:
    frequent = [[5]] * 10 + [[1, 1, 1]] * 5
    same = [[5]] * 19 + [[1]]
    exact = [[5]] * 15 + [[1]] * 5

    differing = answered(frequent)
    assert abs(differing.per_requester.estimate - differing.per_request.estimate) > 0.05
    assert "other_weighting" in document(figures(differing))["internal"]["csat_overall"]
    assert "other_weighting" not in document(figures(answered(same)))["internal"]["csat_overall"]
    # 0.80 against 0.75 differs by five points and no more, whatever binary numbers make of it
    five = answered(exact, steps=[8] * 15 + [6] * 5)
    assert round(five.per_request.estimate, 6) == 0.8
    assert "other_weighting" not in document(figures(five))["internal"]["csat_overall"]


def test_where_requests_count_the_headline_its_gap_and_its_sentences_are_those_of_requests() -> None:
    people = [[5]] * 20 + [[1, 1, 1]] * 20
    department = figures(answered(people), dimensions={Item.CSAT_OVERALL: outside(told(counts=CUSTOMERS))})
    by_request = METHOD.__class__("per_request", METHOD.thresholds, METHOD.instrument_versions, METHOD.policy_versions)

    found = document(department, {Item.CSAT_OVERALL: 0.001}, method=by_request)

    expected = per_request_share([1] * 20 + [0] * 20, [1] * 20 + [3] * 20, [6] * 40)
    shown = found["internal"]["csat_overall"]
    assert (expected.estimate, round(expected.n, 1)) == (0.25, 32.0)
    assert (shown["top_two_box"]["estimate"], shown["top_two_box"]["n"]) == (0.25, 32)
    assert shown["other_weighting"]["estimate"] == 0.5
    assert shown["score_0_100"]["n"] == 40
    assert found["gap"]["csat_overall"]["top_two_box"]["estimate"] == round(0.25 - 0.8, 2)
    assert found["gap"]["csat_overall"]["top_two_box"]["n"] == [32, 200]
    assert found["gap"]["csat_overall"]["score_0_100"]["n"] == [40, 200]
    assert found["sentences"]["finding"]["params"]["internal"] == 0.25
    assert found["sentences"]["precision"]["params"]["people"] == 40
    assert Key.WEIGHTING_DIFFERS_BY_PERSON in keys_said(found)


def test_recommendations_have_an_nps_of_one_vote_a_person_with_one_decimal() -> None:
    people = [[10]] * 6 + [[9, 3]] * 3 + [[7]] * 3

    found = document(figures({Item.RECOMMEND: answered(people, Item.RECOMMEND)}))["internal"]["recommend"]["nps"]

    # 6 + 3/2 promoters, 3/2 detractors of 12 people
    assert (found["estimate"], found["n"], found["answers"], found["method"]) == (50.0, 12, 15, "nps_adjusted")
    assert found["lower"] == round(found["lower"], 1)


def test_cannot_judge_is_counted_from_the_minimum_group_up() -> None:
    few = figures(rated(12, 6), not_applicable={"csat_overall": 4})
    enough = figures(rated(12, 6), not_applicable={"csat_overall": 5})

    assert "not_applicable" not in document(few)["internal"]["csat_overall"]
    assert document(enough)["internal"]["csat_overall"]["not_applicable"] == 5


def test_people_of_a_document_are_people_whatever_its_n_counts() -> None:
    by_request = METHOD.__class__("per_request", METHOD.thresholds, METHOD.instrument_versions, METHOD.policy_versions)
    people = [[5]] * 20 + [[1, 1, 1]] * 20
    few = [[5]] * 4 + [[1, 1, 1]] * 3

    assert people_of(document(figures(answered(people)), method=by_request)) == 40
    assert people_of(document(figures(answered(few)), method=by_request)) == 7
    assert people_of(document(figures({}))) == 0
