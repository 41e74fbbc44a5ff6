"""Who answered, cut by cut: rates are told of groups whose answering and whose silent people are enough."""

from collections import defaultdict

import numpy as np
import pytest

from app.domain.disclosure import Cell
from app.domain.scorecards.response import Asked, published_rates, response_pattern, uneven_response
from app.domain.statistics import newcombe_difference
from tests.builders.attacks import Figure, small_groups_that_follow

K = 5
TREE = {"ALL": ["A", "B"], "A": ["A1", "A2", "A3"]}
LEAVES = {"A1": ("A1", "A", "ALL"), "A2": ("A2", "A", "ALL"), "A3": ("A3", "A", "ALL"), "B": ("B", "ALL")}
KINDS = {"request_type": ("access", "repair", "visit"), "on_time": ("yes", "no"), "requester_tag": ("key", "other")}


def asked(answered: int, delivered: int) -> Asked:
    """Return a cell in which everybody was asked once."""
    return Asked(answered, delivered - answered, answered, delivered - answered)


def told(asked: dict[Cell, Asked], hidden: frozenset[Cell] = frozenset()) -> set[tuple[str, str]]:
    pattern = response_pattern(asked, {}, K, hidden=hidden)
    return {(cell.cut, cell.value) for cell in pattern.present - pattern.hidden if cell.cut}


def test_a_group_is_left_out_where_few_answered_or_few_did_not() -> None:
    cells = {
        Cell("IT", "request_type", "access"): asked(20, 40),
        Cell("IT", "request_type", "repair"): asked(30, 60),
        Cell("IT", "request_type", "order"): asked(40, 80),
        Cell("IT", "request_type", "visit"): asked(3, 30),
        Cell("IT", "request_type", "else"): asked(28, 30),
    }

    # the hidden two alone may be four people: the smallest of the others goes with them
    assert told(cells) == {("request_type", "repair"), ("request_type", "order")}


def test_a_group_whose_ratings_are_hidden_stays_out_and_takes_another_with_it() -> None:
    cells = {
        Cell("IT", "request_type", name): asked(answered, 2 * answered)
        for name, answered in (("access", 20), ("repair", 9), ("visit", 30), ("else", 8))
    }

    found = told(cells, frozenset({Cell("IT", "request_type", "access")}))

    assert found == {("request_type", "repair"), ("request_type", "visit")}


def test_nobody_silent_is_told_of_nobody() -> None:
    cells = {
        Cell("IT", "on_time", "yes"): asked(20, 20),
        Cell("IT", "on_time", "no"): asked(10, 30),
    }

    assert told(cells) == set()


@pytest.mark.parametrize("seed", range(12))
def test_no_group_of_fewer_than_five_answering_or_silent_people_follows(seed: int) -> None:
    random = np.random.default_rng(seed)
    invited = []  # department, values, who, whether they answered
    for _ in range(int(random.integers(60, 260))):
        who = int(random.integers(70))
        values = {cut: str(random.choice(of)) for cut, of in KINDS.items()} | {
            "requester_tag": "key" if who < 9 else "other"
        }
        leaf = str(random.choice(list(LEAVES), p=[0.2, 0.15, 0.05, 0.6]))
        invited.append((leaf, values, str(who), bool(random.random() < 0.4)))
    groups: defaultdict[Cell, dict[bool, set[int]]] = defaultdict(lambda: {True: set(), False: set()})
    for number, (leaf, values, _, has_answered) in enumerate(invited):
        for place in LEAVES[leaf]:
            for cut, value in values.items():
                groups[Cell(place, cut, value)][has_answered].add(number)
    who_of = {number: who for number, (_, _, who, _) in enumerate(invited)}
    cells = {
        cell: Asked(
            *(len(found[kind]) for kind in (True, False)),
            *(len({who_of[n] for n in found[kind]}) for kind in (True, False)),
        )
        for cell, found in groups.items()
    }

    pattern = response_pattern(cells, TREE, K, hidden=())

    shown = [cell for cell in pattern.present - pattern.hidden if cell.cut]
    wholes = {place for line in LEAVES.values() for place in line}
    assert shown
    for kind in (True, False):
        figures: set[Figure] = {frozenset(groups[cell][kind]) for cell in shown}
        # what a department has in all is told by its funnel
        figures |= {
            frozenset(
                n for n, (leaf, _, _, answered) in enumerate(invited) if answered is kind and place in LEAVES[leaf]
            )
            for place in wholes
        }
        suspects = {frozenset(groups[cell][kind]) for cell in groups}
        known = {frozenset(figure) for figure in figures if len({who_of[n] for n in figure}) < K}
        followed = small_groups_that_follow(figures - {frozenset()}, who_of, K, suspects)
        assert [group for group in followed if group not in known] == []


def rows(**rates: tuple[int, int]) -> list[dict[str, object]]:
    return published_rates({("request_type", name): asked(*counts) for name, counts in rates.items()}, {})


def test_rates_are_printed_with_the_requests_behind_them() -> None:
    found = published_rates({("requester_department", "HR"): asked(30, 60)}, {"HR": "People"})

    assert found == [
        {
            "cut": "requester_department",
            "value": "HR",
            "name": "People",
            "response_rate": {
                "estimate": 0.5, "lower": 0.38, "upper": 0.62, "n": 60, "answers": 30, "method": "wilson"
            },
        }
    ]  # fmt: skip


def test_the_largest_evident_difference_is_named() -> None:
    found = uneven_response(rows(access=(20, 100), repair=(60, 100), visit=(25, 60)))

    assert found == {
        "key": "response_uneven",
        "params": {
            "most": {"cut": "request_type", "value": "repair"},
            "most_share": 0.6,
            "least": {"cut": "request_type", "value": "access"},
            "least_share": 0.2,
        },
    }


def test_nothing_is_said_of_a_difference_that_one_of_many_pairs_may_have_by_chance() -> None:
    pair = {"access": (20, 60), "repair": (32, 60)}
    assert newcombe_difference(32, 60, 20, 60).lower > 0
    many = {f"kind{number}": (26, 60) for number in range(8)}

    assert uneven_response(rows(**pair)) is not None
    assert uneven_response(rows(**pair, **many)) is None
    assert uneven_response([]) is None
