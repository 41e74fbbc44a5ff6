import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.statistics import suppressed_groups

groups = st.dictionaries(st.text("ABCDEFGH", min_size=1, max_size=2), st.integers(0, 30), max_size=8)


def test_it_hides_nothing_where_every_group_is_large() -> None:
    assert suppressed_groups({"A": 5, "B": 9}, 5).suppressed == []
    assert suppressed_groups({}, 5).suppressed == []


def test_it_hides_the_smallest_neighbour_of_a_small_group() -> None:
    found = suppressed_groups({"A": 3, "B": 20, "C": 9, "D": 30}, 5)

    assert found.suppressed == ["A", "C"]


def test_ties_are_broken_by_code() -> None:
    found = suppressed_groups({"Z": 3, "Y": 9, "X": 9, "W": 30}, 5)

    assert found.suppressed == ["X", "Z"]


def test_two_small_groups_protect_each_other_only_when_together_large_enough() -> None:
    disjoint = suppressed_groups({"A": 3, "B": 3, "C": 9, "D": 30, "E": 31}, 5)
    overlapping = suppressed_groups({"A": 3, "B": 3, "C": 9, "D": 30, "E": 31}, 5, overlapping=True)

    assert disjoint.suppressed == ["A", "B"]
    assert overlapping.suppressed == ["A", "B", "C"]


def test_a_cut_with_one_visible_group_left_is_hidden_whole() -> None:
    assert suppressed_groups({"A": 3, "B": 9, "C": 30}, 5).suppressed == ["A", "B", "C"]


def test_a_lone_large_group_stays_and_a_group_without_answers_is_absent() -> None:
    assert suppressed_groups({"A": 9, "B": 0}, 5).suppressed == []
    assert suppressed_groups({"A": 4, "B": 0}, 5).suppressed == ["A"]


@given(counts=groups, k=st.integers(1, 12), overlapping=st.booleans())
def test_what_stays_hidden_is_safe_and_what_stays_visible_is_large(
    counts: dict[str, int], k: int, overlapping: bool
) -> None:
    present = {code: count for code, count in counts.items() if count}

    hidden = set(suppressed_groups(counts, k, overlapping).suppressed)

    assert hidden <= set(present)
    assert all(present[code] >= k for code in set(present) - hidden)
    if hidden and hidden != set(present):
        sizes = [present[code] for code in hidden]
        assert len(hidden) >= 2
        assert len(present) - len(hidden) >= 2
        assert (max(sizes) if overlapping else sum(sizes)) >= k


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match=r"^minimum_group_size "):
        suppressed_groups({"A": 3}, 0)
    with pytest.raises(ValueError, match=r"^counts "):
        suppressed_groups({"A": -3}, 5)
