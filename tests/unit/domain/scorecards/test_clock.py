"""The clock and the work behind it: open requests count, small counts do not, hours have one decimal."""

import pytest

from app.domain.asking_policy import Targets
from app.domain.durations import bin_middle
from app.domain.scorecards.clock import WorkFigures, published_operations, published_sla
from app.domain.scorecards.loop import LoopFigures, published_loop
from tests.builders.figures import answered, rated

TARGETS = Targets()


def hours(index: int) -> float:
    return round(bin_middle(index).total_seconds() / 3600, 1)


def test_open_requests_are_censored_in_the_times_to_completion() -> None:
    done = {100: 50, 150: 50}

    alone = published_operations(WorkFigures(completion=done), 5)["resolution_time"]
    with_open = published_operations(WorkFigures(completion=done, open_ages={120: 40}), 5)["resolution_time"]

    assert alone == {"median": hours(100), "p85": hours(150), "p95": hours(150)}
    # 50 of 140 are done at the first bin; of those who are still at risk at the second all are
    assert with_open == {"median": hours(150), "p85": hours(150), "p95": hours(150)}


def test_a_quantile_that_too_few_have_reached_is_absent() -> None:
    old = WorkFigures(completion={100: 60}, open_ages={200: 40})
    stuck = WorkFigures(completion={100: 10}, open_ages={200: 90})

    assert published_operations(old, 5)["resolution_time"] == {"median": hours(100)}
    assert "resolution_time" not in published_operations(stuck, 5)


def test_requests_without_a_first_response_are_censored_in_its_time() -> None:
    work = WorkFigures(first_response={10: 5, 20: 5}, silent_ages={15: 90})

    assert published_operations(work, 5)["first_response_time"] == {
        "median": hours(20), "p85": hours(20), "p95": hours(20),
    }  # fmt: skip


def test_counts_below_the_minimum_group_are_absent() -> None:
    work = WorkFigures(arrivals=5, completions=4, reassignments=3, open_ages={10: 4}, stuck=1, completion={10: 4})

    assert published_operations(work, 5) == {"arrivals": 5}


def test_a_count_that_would_say_a_neighbours_is_absent_with_what_is_made_of_it() -> None:
    work = WorkFigures(arrivals=50, completions=40, reopened=20, untold=frozenset({"completions"}))

    assert published_operations(work, 5) == {"arrivals": 50}


@pytest.mark.parametrize(
    ("people", "known", "state"),
    [(9, 100, "too_few"), (10, 9, "too_few"), (10, 10, "confirmed"), (10, 100, "confirmed")],
)
def test_the_watermelon_takes_ten_people_and_ten_requests(people: int, known: int, state: str) -> None:
    work = WorkFigures(completions=known + 7, on_time_known=known, on_time=known)

    found = published_sla(work, (0, 0), rated(people, 0), Targets(0.5, 0.8), weighting="per_requester", minimum_group=5)

    assert (found["watermelon"], found["unknown"], found["basis"]) == (state, 7, "requests")


def test_the_watermelon_takes_the_headline_of_the_policy() -> None:
    people = answered([[5]] * 30 + [[1, 1, 1, 1]] * 10)  # 0.75 of people, 30 of 70 requests
    work = WorkFigures(completions=100, on_time_known=100, on_time=100)
    targets = Targets(0.9, 0.6)

    found = [
        published_sla(work, (0, 0), people, targets, weighting=weighting, minimum_group=5)["watermelon"]
        for weighting in ("per_requester", "per_request")
    ]

    assert found == ["none", "possible"]


def test_without_any_known_request_the_clock_is_read_from_the_answers() -> None:
    found = published_sla(WorkFigures(), (8, 10), rated(12, 9), TARGETS, weighting="per_requester", minimum_group=5)

    assert (found["basis"], found["on_time"]["estimate"], found["on_time"]["n"], found["unknown"]) == (
        "responses",
        0.8,
        10,
        0,
    )


@pytest.mark.parametrize(("people", "consenting"), [(9, 0), (14, 5)])
def test_nothing_is_told_of_the_loop_below_ten_confidential_requesters(people: int, consenting: int) -> None:
    loop = LoopFigures(low_ratings=20, consented=10, contacted=9, median_hours=3.04)

    assert published_loop(loop, rated(people, 5, consenting=consenting), 5) == {}


def test_the_loop_has_one_decimal_and_leaves_small_counts_out() -> None:
    loop = LoopFigures(low_ratings=20, consented=10, contacted=9, median_hours=3.04)
    few = LoopFigures(low_ratings=20, consented=10, contacted=4, median_hours=3.04)

    found = published_loop(loop, rated(20, 5), 5)

    assert (found["median_hours"], found["loop_closure_rate"]["estimate"]) == (3.0, 0.9)
    assert published_loop(few, rated(20, 5), 5) == {"low_ratings": 20, "consented": 10}


def test_thanks_are_a_number_from_the_minimum_group_on() -> None:
    told = [published_loop(LoopFigures(thanks=count), rated(20, 5), 5) for count in (4, 5)]

    assert told == [{}, {"thanks": 5}]
