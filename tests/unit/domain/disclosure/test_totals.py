"""The whole company above several top departments: told where it gives none of them away, and never at their cost."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.disclosure import COMPANY, Cell, may_tell_sum, own, suppress, told_totals, withheld_counts
from app.domain.disclosure.cubes import relations_of
from app.domain.disclosure.solvability import solvable_cells

K = 5
ROOTS = ("A", "B")
TREE = {"A": ["A1", "A2"]}
CUT = "requester_department"


def counted(leaves: dict[Cell, int]) -> dict[Cell, int]:
    """Return the people of every cell from those of leaves and own parts, each of whom stands in one of them."""
    found = dict(leaves)
    for cell, people in leaves.items():
        above = {"A1": ["A"], "A2": ["A"], own("A"): ["A"]}.get(cell.department, [])
        for department in (*above, COMPANY):
            for total in {Cell(department, cell.cut, cell.value), Cell(department)}:
                found[total] = found.get(total, 0) + people
        found[Cell(cell.department)] = found.get(Cell(cell.department), 0) + people
    return found


def test_it_is_told_where_every_department_is() -> None:
    counts = {Cell(COMPANY): 30, Cell("A"): 20, Cell("B"): 10}

    assert told_totals(counts, ROOTS, {}, set(), K) == {Cell(COMPANY)}


def test_it_is_untold_where_a_small_department_would_follow() -> None:
    counts = {Cell(COMPANY): 23, Cell("A"): 20, Cell("B"): 3}

    assert told_totals(counts, ROOTS, {}, {Cell("B")}, K) == set()


def test_a_value_is_untold_where_it_says_what_one_department_hides() -> None:
    leaves = {Cell("A1", CUT, "X"): 9, Cell("A2", CUT, "X"): 8, Cell("B", CUT, "X"): 3, Cell("B", CUT, "Y"): 3}
    leaves |= {Cell("A1", CUT, "Z"): 9, Cell("A2", CUT, "Z"): 9, Cell("B", CUT, "Z"): 9}
    counts = counted(leaves)
    hidden = {Cell("B", CUT, "X"), Cell("B", CUT, "Y")}

    told = told_totals(counts, ROOTS, TREE, hidden, K)

    assert told == {Cell(COMPANY), Cell(COMPANY, CUT, "Z")}


def test_a_sum_is_told_where_nothing_or_a_minimum_group_is_left_beside_it() -> None:
    assert may_tell_sum({"A": 9, "B": 8}, ROOTS, {}, set(), K)
    assert may_tell_sum({"A": 9, "B": 8}, ROOTS, {}, {"B"}, K)
    assert not may_tell_sum({"A": 9, "B": 3}, ROOTS, {}, {"B"}, K)
    assert not may_tell_sum({"A": 2, "B": 2}, ROOTS, {}, {"A", "B"}, K)
    assert not may_tell_sum({"A": 9, "A1": 8, "A2": 1}, ("A",), TREE, {"A", "A2"}, K)  # A is looked into


@given(
    st.dictionaries(
        st.builds(
            Cell,
            st.sampled_from(["A1", "A2", own("A"), "B"]),
            st.just(CUT),
            st.sampled_from(["X", "Y", "Z"]),
        ),
        st.integers(1, 12),
        min_size=1,
    )
)
def test_no_hidden_cell_follows_with_the_company_beside_it(leaves: dict[Cell, int]) -> None:
    counts = counted(leaves)
    departments = {cell: people for cell, people in counts.items() if cell.department != COMPANY}
    hidden = suppress(departments, TREE, K).hidden

    told = told_totals(counts, ROOTS, TREE, hidden, K)

    totals = {cell for cell in counts if cell.department == COMPANY}
    assert all(counts[cell] >= K for cell in told)
    sums = [(relation.total, *relation.parts) for relation in relations_of(departments, TREE)]
    sums += [(t, *(Cell(r, t.cut, t.value) for r in ROOTS if Cell(r, t.cut, t.value) in counts)) for t in totals]
    sums.append((Cell(COMPANY), *(cell for cell in totals if cell.cut)))
    assert not solvable_cells(hidden | (totals - told), sums) & hidden or not told


@given(st.dictionaries(st.sampled_from(["A1", "A2", own("A"), "B"]), st.integers(0, 12)))
def test_a_told_sum_minus_told_parts_leaves_no_small_rest(leaves: dict[str, int]) -> None:
    counts = leaves | {"A": sum(count for code, count in leaves.items() if code != "B")}
    untold = withheld_counts(counts, TREE, K)

    if may_tell_sum(counts, ROOTS, TREE, untold, K):
        told_here = sum(counts[code] for code in ("A", "B") if counts.get(code, 0) and code not in untold)
        below = sum(
            counts[code] for code in ("A1", "A2") if "A" in untold and counts.get(code, 0) and code not in untold
        )
        rest = sum(counts.get(code, 0) for code in ROOTS) - told_here - below
        assert rest == 0 or rest >= K
