"""Counts of answers over the tree: no told total minus told parts leaves one to four answers."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.domain.disclosure import own, withheld_counts

K = 5
TREE = {"ALL": ["A", "B", "C"], "A": ["A1", "A2"], "A1": ["A11", "A12"]}


def over_subtrees(leaves: dict[str, int]) -> dict[str, int]:
    """Return the counts of every department and own part from those of leaves and own parts."""
    found = dict(leaves)
    for parent, codes in reversed(TREE.items()):
        found[parent] = sum(found.get(code, 0) for code in (*codes, own(parent)))
    return found


def test_a_neighbour_stays_untold_where_the_rest_would_be_one_person() -> None:
    # ALL 6 and A 5 told that one wish for contact was B's
    assert withheld_counts({"ALL": 6, "A": 5, "B": 1}, {"ALL": ["A", "B"]}, K) == {"A", "B"}


def test_a_rest_that_is_large_enough_may_follow() -> None:
    assert withheld_counts({"ALL": 14, "A": 8, "B": 3, "C": 3}, {"ALL": ["A", "B", "C"]}, K) == {"B", "C"}


def test_what_nobody_did_is_no_group() -> None:
    assert withheld_counts({"ALL": 6, "A": 6, "B": 0}, {"ALL": ["A", "B"]}, K) == set()


def test_the_own_part_is_never_printed_and_protected_like_the_others() -> None:
    assert withheld_counts({"ALL": 12, "A": 10, own("ALL"): 2}, {"ALL": ["A"]}, K) == {"A", own("ALL")}


def test_an_untold_department_is_looked_into() -> None:
    # B alone leaves 2, so A goes untold; then 12 - 8 would leave A2 and B together with four
    counts = {"ALL": 12, "A": 10, "A1": 8, "A2": 2, "B": 2}

    assert withheld_counts(counts, {"ALL": ["A", "B"], "A": ["A1", "A2"]}, K) == {"A", "A1", "A2", "B"}


def test_a_department_that_tells_nothing_counts_as_untold() -> None:
    assert withheld_counts({"ALL": 30, "A": 20, "B": 10}, {"ALL": ["A", "B"]}, K, hidden={"B"}) == {"B"}


def in_leaves(code: str) -> frozenset[str]:
    """Return the leaves and own parts that make up a department."""
    if code not in TREE:
        return frozenset({code})
    return frozenset(leaf for part in (*TREE[code], own(code)) for leaf in in_leaves(part))


@given(
    st.fixed_dictionaries(
        {leaf: st.integers(0, 9) for leaf in ("A11", "A12", "A1/own", "A2", "A/own", "B", "C", "ALL/own")}
    ),
    st.sets(st.sampled_from(["A", "A1", "A2", "B", "C"]), max_size=2),
)
def test_no_difference_of_told_counts_leaves_one_to_four(leaves: dict[str, int], hidden: set[str]) -> None:
    counts = over_subtrees(leaves)

    untold = withheld_counts(counts, TREE, K, hidden=hidden)

    told = [code for code in (*TREE, "A11", "A12", "A2", "B", "C") if code not in untold and counts[code]]
    assert all(counts[code] >= K for code in told)
    for group, size in rests(told, counts):
        people = sum(counts[leaf] for leaf in group)
        assert size == people
        assert people == 0 or people >= K, (sorted(group), told)


def rests(told: list[str], counts: dict[str, int]) -> list[tuple[frozenset[str], Fraction]]:
    """Return every set of leaves whose count follows: the smallest parts into which told sets cut the leaves.

    Told sets of a tree lie within each other or apart, so each one minus the told ones right below it is all there is.
    """
    found = []
    for code in told:
        inner = [other for other in told if in_leaves(other) < in_leaves(code)]
        outermost = [a for a in inner if not any(in_leaves(a) < in_leaves(b) for b in inner)]
        group = in_leaves(code).difference(*(in_leaves(other) for other in outermost))
        found.append((group, Fraction(counts[code] - sum(counts[other] for other in outermost))))
    return found
