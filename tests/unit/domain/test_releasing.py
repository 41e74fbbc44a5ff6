"""The release keeps nobody above a k-th of a department's rows, and never fewer than k people together."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.departments import DepartmentTree
from app.domain.releasing import HeldRow, most_rows_each, place_rows

COMPANY, IT, HR = 1, 2, 3
TREE = DepartmentTree({COMPANY: None, IT: COMPANY, HR: COMPANY})
K = 5


def rows(*counts: int, start: int = 0) -> list[HeldRow]:
    """Rows of so many requesters with these numbers of answers."""
    return [
        HeldRow(bytes([who, number]), bytes([who]), bytes([number]))
        for who, count in enumerate(counts, start)
        for number in range(count)
    ]


def clusters(*groups: list[HeldRow]) -> frozenset[bytes]:
    return frozenset(row.cluster for group in groups for row in group)


@pytest.mark.parametrize(
    ("counts", "most"),
    [([1, 1, 1, 1, 1], 1), ([9, 1, 1, 1, 1], 1), ([3, 3, 3, 3, 3], 3), ([9, 9, 1, 1, 1, 1], 1), ([4] * 4, 0)],
)
def test_the_largest_share_a_requester_may_hold(counts: list[int], most: int) -> None:
    assert most_rows_each(counts, K) == most


@given(st.lists(st.integers(1, 12), min_size=5, max_size=40))
def test_no_requester_holds_more_than_a_kth_of_what_is_kept(counts: list[int]) -> None:
    own = rows(*counts)

    (placement,) = place_rows({IT: own}, clusters(own), TREE, K)

    kept = Counter(row.cluster for row in own if row.id in set(placement.kept))
    assert max(kept.values()) * K <= len(placement.kept)
    assert len(kept) == len(counts)
    assert placement.surplus + len(placement.kept) == len(own)


def test_a_small_department_is_released_with_its_parent() -> None:
    small, large = rows(1, 1), rows(1, 1, 1, 1, start=100)

    placed = {p.department_id: p for p in place_rows({IT: small, HR: large}, clusters(small, large), TREE, K)}

    assert len(placed[COMPANY].kept) == 6
    assert (placed[IT].moved_up, placed[HR].moved_up) == (2, 4)


def test_rows_are_dropped_where_even_the_company_is_too_small() -> None:
    own = rows(1, 1, 1)

    placed = {p.department_id: p for p in place_rows({IT: own}, clusters(own), TREE, K)}

    assert placed[COMPANY].dropped == 3
    assert placed[COMPANY].kept == []


def test_those_who_consented_do_not_count_for_the_minimum_group() -> None:
    own = rows(1, 1, 1, 1, 1)

    placed = {p.department_id: p for p in place_rows({IT: own}, clusters(own[:4]), TREE, K)}

    assert placed[COMPANY].dropped == 5
