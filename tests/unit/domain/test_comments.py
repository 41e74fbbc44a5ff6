"""Comments are read in groups of ten and printed on one scorecard each, three at most, by the seed."""

from hypothesis import given
from hypothesis import strategies as some

from app.domain.comments import MOST_SHOWN, Candidate, chosen_comments, comment_groups
from app.domain.departments import DepartmentTree

TOP, IT, DESK, HR, FIELD = 1, 2, 3, 4, 5
TREE = DepartmentTree({TOP: None, IT: TOP, DESK: IT, HR: TOP, FIELD: IT})
ALL = frozenset({TOP, IT, DESK, HR, FIELD})


def crowd(first: int, count: int) -> set[bytes]:
    return {bytes([number]) for number in range(first, first + count)}


def groups(people: dict[int, set[bytes]], reporting: frozenset[int] = ALL) -> dict[int, int]:
    return comment_groups(TREE, people, 10, reporting)


def test_a_department_with_ten_people_is_a_group_of_its_own() -> None:
    assert groups({DESK: crowd(0, 10), HR: crowd(20, 12)}) == {DESK: DESK, HR: HR}


def test_what_a_group_leaves_over_waits_for_the_department_above() -> None:
    people = {DESK: crowd(0, 10), FIELD: crowd(20, 3), IT: crowd(30, 4), HR: crowd(40, 2), TOP: crowd(50, 1)}

    assert groups(people) == {DESK: DESK} | dict.fromkeys((FIELD, IT, HR, TOP), TOP)


def test_a_rest_that_stays_below_ten_is_read_by_nobody() -> None:
    assert groups({DESK: crowd(0, 30), FIELD: crowd(40, 3), TOP: crowd(50, 6)}) == {DESK: DESK}


def test_one_person_in_two_departments_counts_once() -> None:
    assert groups({FIELD: crowd(0, 6), IT: crowd(0, 9)}) == {}


def test_a_department_that_tells_nothing_is_read_with_the_one_above() -> None:
    found = groups({DESK: crowd(0, 10), HR: crowd(20, 10)}, ALL - {DESK})

    assert found == {DESK: IT, IT: IT, FIELD: IT, HR: HR}


def comment(number: int, department: int, author: int | None = None, text: str = "") -> Candidate:
    who = bytes([number if author is None else author])
    return Candidate(bytes([number]) * 16, department, who, text or f"comment {number}")


def chosen(
    candidates: list[Candidate], told: dict[int, list[bytes]] | None = None, seed: int = 1
) -> dict[int, list[bytes]]:
    return chosen_comments(TREE, candidates, told or {}, reporting=ALL, seed=seed)


def test_three_are_chosen_and_those_above_take_of_the_rest() -> None:
    candidates = [comment(number, DESK) for number in range(10)]

    found = chosen(candidates)

    assert [len(found[id_]) for id_ in (DESK, IT, TOP, HR, FIELD)] == [3, 3, 3, 0, 0]
    assert len({id_ for ids in found.values() for id_ in ids}) == 9
    assert all(ids == sorted(ids) for ids in found.values())


def test_the_choice_follows_from_the_seed_and_from_no_order() -> None:
    candidates = [comment(number, HR) for number in range(30)]

    assert chosen(candidates) == chosen(candidates[::-1])
    assert any(chosen(candidates, seed=seed)[HR] != chosen(candidates)[HR] for seed in range(2, 6))


def test_all_scorecards_together_print_one_comment_of_each_author() -> None:
    candidates = [comment(number, HR, author=7) for number in range(9)]

    found = chosen([*candidates, comment(10, DESK, author=7), comment(11, TOP, author=7)])

    assert sum(len(ids) for ids in found.values()) == 1


def test_whose_comment_a_revision_told_elsewhere_has_no_further_one_printed() -> None:
    told = {TOP: [comment(1, HR).id]}

    found = chosen([comment(1, HR, author=5), comment(2, HR, author=5), comment(3, HR)], told)

    assert (found[HR], found[TOP]) == ([comment(3, HR).id], told[TOP])


def test_no_scorecard_prints_the_same_words_twice() -> None:
    candidates = [comment(number, HR, text="Thanks!" if number % 2 else "THANKS!") for number in range(9)]

    found = chosen(candidates)

    assert (len(found[HR]), len(found[TOP])) == (1, 1)


def test_what_was_told_stays_and_is_filled_up() -> None:
    told = {HR: [comment(1, HR).id, b"gone from the answers"]}
    candidates = [comment(1, HR, author=5), comment(2, HR, author=5), comment(3, HR), comment(4, HR)]

    found = chosen(candidates, told)

    assert set(told[HR]) < set(found[HR])
    assert len(found[HR]) == MOST_SHOWN
    assert comment(2, HR).id not in found[HR]


@given(
    above=some.lists(some.integers(0, 8), min_size=1, max_size=8),
    answered=some.lists(some.sets(some.integers(0, 40), max_size=16), min_size=9, max_size=9),
    silent=some.sets(some.integers(0, 8)),
)
def test_no_comment_is_known_to_be_of_fewer_than_ten_people_whichever_scorecards_are_compared(
    above: list[int], answered: list[set[int]], silent: set[int]
) -> None:
    tree = DepartmentTree({0: None} | {place: min(parent, place - 1) for place, parent in enumerate(above, 1)})
    people = {place: {bytes([who]) for who in answered[place]} for place in tree.parents}

    found = comment_groups(tree, people, 10, tree.parents.keys() - silent)

    for group in set(found.values()):
        members = [place for place, read_at in found.items() if read_at == group]
        assert len({who for place in members for who in people[place]}) >= 10
        assert set(members) <= tree.subtree(group)
        assert group not in silent
