"""The tree: lines, subtrees and loops."""

import pytest

from app.domain.departments import DepartmentCycle, DepartmentTree

COMPANY, IT, DESK, HR = 1, 2, 3, 4
TREE = DepartmentTree({COMPANY: None, IT: COMPANY, DESK: IT, HR: COMPANY})


def test_ancestors_come_nearest_first() -> None:
    assert list(TREE.ancestors(DESK)) == [IT, COMPANY]


def test_a_subtree_holds_the_department_itself() -> None:
    assert TREE.subtree(IT) == {IT, DESK}


def test_a_head_answers_for_what_lies_below_down_to_the_next_head() -> None:
    assert TREE.answered_for(COMPANY, headed={COMPANY, IT}) == {COMPANY, HR}
    assert TREE.answered_for(IT, headed={COMPANY, IT}) == {IT, DESK}


def test_the_same_line_runs_up_and_down_but_not_sideways() -> None:
    assert TREE.same_line(COMPANY, DESK)
    assert TREE.same_line(DESK, IT)
    assert not TREE.same_line(DESK, HR)


def test_it_refuses_a_department_above_itself() -> None:
    with pytest.raises(DepartmentCycle):
        DepartmentTree({1: 2, 2: 1})
