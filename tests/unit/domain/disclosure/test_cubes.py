from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.disclosure import Cell, Pattern, own, relations_of, solvable_cells, suppress

K = 5
TREE = {"ALL": ["IT", "HR", "FIN"], "IT": ["DESK", "NET"]}
Answer = tuple[int, str, str, str]  # person, department served (leaf or own), requester department, type


def count(answers: list[Answer]) -> dict[Cell, int]:
    """Distinct requesters per cell, over subtrees, as the rollups count them."""
    parents = {child: parent for parent, codes in TREE.items() for child in codes} | {own(p): p for p in TREE}
    people: dict[Cell, set[int]] = {}
    for person, department, requester_department, kind in answers:
        at: str | None = department
        while at is not None:
            for cell in (
                Cell(at),
                Cell(at, "requester_department", requester_department),
                Cell(at, "request_type", kind),
            ):
                people.setdefault(cell, set()).add(person)
            at = parents.get(at)
    return {cell: len(who) for cell, who in people.items()}


def determined(hidden: frozenset[Cell], sums: list[tuple[Cell, ...]]) -> set[Cell]:
    """Brute force in exact fractions: Gauss-Jordan, then every row with one unknown left gives that unknown away."""
    order = sorted(hidden)
    rows = [
        [Fraction((cell in row[1:]) - (cell == row[0])) for cell in order] for row in sums if hidden.intersection(row)
    ]
    pivot = 0
    for column in range(len(order)):
        found = next((i for i in range(pivot, len(rows)) if rows[i][column]), None)
        if found is None:
            continue
        rows[pivot], rows[found] = rows[found], rows[pivot]
        rows[pivot] = [value / rows[pivot][column] for value in rows[pivot]]
        for i, row in enumerate(rows):
            if i != pivot and row[column]:
                rows[i] = [a - row[column] * b for a, b in zip(row, rows[pivot], strict=True)]
        pivot += 1
    return {order[next(i for i, v in enumerate(row) if v)] for row in rows if sum(bool(v) for v in row) == 1}


answers_of_a_quarter = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.sampled_from(["DESK", "NET", "HR", "FIN", "IT/own", "ALL/own"]),
        st.sampled_from(["P", "Q", "R", "S"]),
        st.sampled_from(["access", "repair", "advice"]),
    ),
    max_size=120,
)


@settings(max_examples=60, deadline=None)
@given(answers=answers_of_a_quarter)
def test_no_small_cell_follows_from_what_is_shown(answers: list[Answer]) -> None:
    counts = count(answers)
    sums = [(relation.total, *relation.parts) for relation in relations_of(counts, TREE)]

    pattern = suppress(counts, TREE, K)

    small = {cell for cell, size in counts.items() if size < K}
    assert small <= pattern.hidden
    assert determined(pattern.hidden, sums) & small == set()


@settings(max_examples=60, deadline=None)
@given(answers=answers_of_a_quarter)
def test_leverage_finds_what_exact_elimination_finds(answers: list[Answer]) -> None:
    counts = count(answers)
    sums = [(relation.total, *relation.parts) for relation in relations_of(counts, TREE)]
    hidden = frozenset(cell for cell, size in counts.items() if size < K)

    assert solvable_cells(hidden, sums) == determined(hidden, sums)


@settings(max_examples=40, deadline=None)
@given(answers=answers_of_a_quarter)
def test_every_hidden_remainder_of_a_shown_total_holds_at_least_k_people(answers: list[Answer]) -> None:
    counts = count(answers)

    pattern = suppress(counts, TREE, K)

    for relation in relations_of(counts, TREE):
        sizes = [counts[part] for part in relation.parts if part in pattern.hidden]
        # Where all parts are hidden the remainder is the total itself, which is shown because it is large.
        if 0 < len(sizes) < len(relation.parts) and relation.total not in pattern.hidden:
            rest = max(sizes) if relation.overlapping else sum(sizes)
            assert rest >= K
            assert len(sizes) >= 2


@given(answers=answers_of_a_quarter)
@settings(max_examples=20, deadline=None)
def test_the_pattern_does_not_depend_on_the_order_of_the_counts(answers: list[Answer]) -> None:
    counts = count(answers)

    assert suppress(dict(reversed(counts.items())), TREE, K) == suppress(counts, TREE, K)


def test_a_large_quarter_hides_nothing() -> None:
    counts = {Cell("ALL"): 60, Cell("IT"): 30, Cell("HR"): 40} | {
        Cell(code, "request_type", kind): 20 for code in ("ALL", "IT", "HR") for kind in ("access", "repair")
    }

    pattern = suppress(counts, {"ALL": ["IT", "HR"]}, K)

    assert pattern == Pattern(frozenset(), frozenset(counts))
    assert pattern.visible_values("IT", "request_type") == ["access", "repair"]
    assert not pattern.is_hidden("IT")
    assert not pattern.is_hidden("FIN")  # nobody answered there


def test_a_small_department_takes_the_smallest_sibling_and_their_cuts_with_it() -> None:
    sizes = {"ALL": 90, "FIN": 3, "HR": 20, "IT": 30, "LAW": 40}
    counts = {Cell(code): size for code, size in sizes.items()}
    counts |= {
        Cell(code, "requester_department", value): size // 3
        for code, size in sizes.items()
        for value in ("P", "Q", "R")
    }

    pattern = suppress(counts, {"ALL": ["FIN", "HR", "IT", "LAW"]}, K)

    assert [code for code in sizes if pattern.is_hidden(code)] == ["FIN", "HR"]
    assert pattern.visible_values("HR", "requester_department") == []
    assert pattern.visible_values("IT", "requester_department") == ["P", "Q", "R"]


def test_a_hidden_department_does_not_follow_from_its_own_children() -> None:
    counts = {Cell(code): size for code, size in {"ALL": 93, "FIN": 3, "HR": 40, "LAW": 50, "IT": 30}.items()}
    counts |= {Cell("DESK"): 10, Cell("NET"): 12, Cell("LAB"): 14}

    pattern = suppress(counts, {"ALL": ["FIN", "IT", "HR", "LAW"], "IT": ["DESK", "NET", "LAB"]}, K)

    assert pattern.hidden == {Cell("FIN"), Cell("IT"), Cell("DESK")}


def test_cells_hidden_for_another_reason_are_protected_too() -> None:
    counts = {Cell(code): size for code, size in {"ALL": 90, "FIN": 30, "HR": 20, "IT": 30, "LAW": 40}.items()}

    pattern = suppress(counts, {"ALL": ["FIN", "HR", "IT", "LAW"]}, K, hidden=[Cell("FIN")])

    assert pattern.hidden == {Cell("FIN"), Cell("HR")}


def test_a_department_whose_requesters_all_consented_is_hidden_though_it_counts_nobody() -> None:
    counts = {Cell(code): size for code, size in {"ALL": 90, "FIN": 0, "HR": 20, "IT": 30, "LAW": 40}.items()}

    pattern = suppress(counts, {"ALL": ["FIN", "HR", "IT", "LAW"]}, K, hidden=[Cell("FIN")])

    assert pattern.hidden == {Cell("FIN"), Cell("HR")}


def test_parts_without_their_total_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^counts must hold Cell\(department='IT'"):
        suppress({Cell("IT", "request_type", "access"): 9}, {}, K)


def test_a_value_that_only_a_hidden_department_has_is_hidden_above_and_no_department_with_it() -> None:
    counts = {
        Cell("ALL"): 90,
        Cell("IT"): 40,
        Cell("FIN"): 40,
        Cell("LAW"): 3,
        Cell("SITE"): 7,
        Cell("ALL", "type", "access"): 40,
        Cell("ALL", "type", "invoice"): 40,
        Cell("ALL", "type", "contract"): 3,
        Cell("ALL", "type", "key"): 7,
        Cell("IT", "type", "access"): 40,
        Cell("FIN", "type", "invoice"): 40,
        Cell("LAW", "type", "contract"): 3,
        Cell("SITE", "type", "key"): 7,
    }

    pattern = suppress(counts, {"ALL": ["IT", "FIN", "LAW", "SITE"]}, 5)

    assert {cell.department for cell in pattern.hidden if not cell.cut} == {"LAW", "SITE"}
    assert pattern.hidden_values("ALL", "type") == ["contract", "key"]
    assert pattern.visible_values("ALL", "type") == ["access", "invoice"]


def test_people_who_changed_department_in_the_quarter_are_not_counted_twice_behind_what_is_hidden() -> None:
    sizes = {"A": 3, "B": 3, "C": 20, "D": 21, "E": 22}
    cells = {Cell("IT", "requester_department", code): size for code, size in sizes.items()}

    disjoint = suppress({Cell("IT"): 69, **cells}, {}, K)
    moved = suppress({Cell("IT"): 67, **cells}, {}, K)  # two of the six behind A and B may be the same people twice

    assert disjoint.hidden_values("IT", "requester_department") == ["A", "B"]
    assert moved.hidden_values("IT", "requester_department") == ["A", "B", "C"]
