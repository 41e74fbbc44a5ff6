"""What is open, by age and status: nothing of fewer than five requests is told, and none follows over the tree."""

from collections import Counter

import numpy as np
import pytest

from app.domain.disclosure import Cell, own
from app.domain.durations import duration_bin, target_bin
from app.domain.scorecards.clock import WorkFigures, published_operations
from app.domain.scorecards.waiting import AGES, STATUSES, UP_TO, age_of, told_parts
from tests.builders.attacks import Figure, small_groups_that_follow

K = 5
TREE = {"ALL": ["A", "B"], "A": ["A1", "A2", "A3"]}
LINES = {"A1": "A1 A ALL", "A2": "A2 A ALL", "A3": "A3 A ALL", "B": "B ALL", "A/own": "A/own A ALL"}


def test_ages_are_grouped_by_the_middle_of_their_bin() -> None:
    days = [age_of(duration_bin(time)) for time in (UP_TO["week"] / 2, UP_TO["month"] / 2, UP_TO["quarter"] * 2)]

    assert days == ["week", "month", "longer"]


def test_small_groups_stand_together_with_others() -> None:
    counts = {Cell("IT"): 30, Cell("IT", AGES, "week"): 14, Cell("IT", AGES, "month"): 9}
    counts |= {Cell("IT", AGES, "quarter"): 4, Cell("IT", AGES, "longer"): 3}

    found = told_parts(counts, {}, K, untold=())

    rows = [{"value": "week", "requests": 14}, {"value": "month", "requests": 9}, {"requests": 7}]
    assert found == {"IT": {AGES: rows}}


def test_a_department_that_does_not_tell_what_is_open_tells_no_part_of_it() -> None:
    counts = {Cell("IT"): 30, Cell("IT", STATUSES, "New"): 30}

    assert told_parts(counts, {}, K, untold={"IT"}) == {}


@pytest.mark.parametrize("seed", range(10))
def test_no_group_of_fewer_than_five_requests_follows_over_the_tree(seed: int) -> None:
    random = np.random.default_rng(seed)
    requests = [
        (
            str(random.choice(list(LINES), p=[0.2, 0.1, 0.1, 0.5, 0.1])),
            str(random.choice([*UP_TO, "longer"], p=[0.5, 0.3, 0.15, 0.05])),
            str(random.choice(["New", "Waiting", "Blocked"], p=[0.5, 0.4, 0.1])),
        )
        for _ in range(int(random.integers(20, 160)))
    ]
    behind: dict[Cell, set[int]] = {}
    for number, (leaf, age, status) in enumerate(requests):
        for code in LINES[leaf].split():
            for cell in (Cell(code), Cell(code, AGES, age), Cell(code, STATUSES, status)):
                behind.setdefault(cell, set()).add(number)
    counts = Counter({cell: len(found) for cell, found in behind.items()})
    untold = {cell.department for cell, count in counts.items() if not cell.cut and count < K}

    found = told_parts(counts, TREE, K, untold)

    told: set[Figure] = {frozenset(behind[cell]) for cell in behind if not cell.cut and cell.department not in untold}
    known = {group for group in told if len(group) < K}
    told |= {
        frozenset(behind[Cell(code, cut, row["value"])])
        for code, parts in found.items()
        if code != own("A")
        for cut, rows in parts.items()
        for row in rows
        if "value" in row
    }
    suspects = {frozenset(group) for group in behind.values()}
    by_request = {number: str(number) for number in range(len(requests))}
    of_wholes = set(
        small_groups_that_follow(
            [group for group in told if group in {frozenset(behind[cell]) for cell in behind if not cell.cut}],
            by_request,
            K,
            suspects,
        )
    )
    followed = small_groups_that_follow(told, by_request, K, suspects)
    assert [group for group in followed if group not in known | of_wholes] == []


def test_the_share_within_target_counts_open_requests_as_long_as_they_can_be_counted() -> None:
    hour = UP_TO["week"] / 168
    done = Counter(target_bin(hours * hour, 10 * hour) for hours in (2, 5, 5, 10, 10, 12, 30, 9))
    # two of the open ones are beyond their target, one is young: of 6 on time, 8 done and 2 late
    still = Counter(target_bin(hours * hour, 10 * hour) for hours in (1, 20, 40))

    alone = published_operations(WorkFigures(of_target=done), K)["within_target"]
    together = published_operations(WorkFigures(of_target=done, open_of_target=still), K)["within_target"]

    assert alone == 0.75
    assert together == 0.6
    assert "within_target" not in published_operations(WorkFigures(of_target={0: 4}), K)


def test_exactly_at_the_target_is_within_it() -> None:
    assert target_bin(UP_TO["week"], UP_TO["week"]) == 0
    assert target_bin(UP_TO["week"] * 1.001, UP_TO["week"]) == 1
    with pytest.raises(ValueError, match="target"):
        target_bin(UP_TO["week"], UP_TO["week"] * 0)
