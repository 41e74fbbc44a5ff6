"""The attacker with a computer: every set of answers whose size or sum follows from published figures, tried out."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction

import numpy as np

Figure = frozenset[int]  # the answers that one published figure sums up
NOTHING = 1e-7  # of floating point


def atoms_of(figures: Collection[Figure]) -> list[Figure]:
    """Return the sets of answers that no figure tells apart."""
    seen: defaultdict[frozenset[int], set[int]] = defaultdict(set)
    rows = list(figures)
    for answer in frozenset().union(*rows):
        seen[frozenset(number for number, row in enumerate(rows) if answer in row)].add(answer)
    return [frozenset(found) for found in seen.values()]


def small_groups_that_follow(
    figures: Collection[Figure], people: Mapping[int, str], minimum_group: int, suspects: Collection[Figure] = ()
) -> list[Figure]:
    """Return the sets of answers of fewer people than the minimum whose sum is a sum of published ones.

    Tried are all `suspects` and every union of up to three atoms. people: who gave each answer, empty for somebody
    whom everybody may know. What floating point suspects is proved in exact fractions.
    """
    atoms = atoms_of(figures)
    rows = np.array([[float(atom <= row) for atom in atoms] for row in figures]).reshape(len(figures), len(atoms))
    beyond = np.linalg.pinv(rows) @ rows - np.eye(len(atoms))  # times an indicator: 0 where it is a sum of rows
    shadow = np.random.default_rng(20260101).normal(size=len(atoms)) @ beyond
    tried = {*_unions(shadow), *_of_suspects(atoms, suspects)}
    groups = {chosen: frozenset().union(*(atoms[number] for number in chosen)) for chosen in tried}
    return [
        group
        for chosen, group in sorted(groups.items())
        if len(people_of(group, people)) < minimum_group
        and abs(shadow[list(chosen)].sum()) < NOTHING
        and _is_sum(rows, chosen)
    ]


def people_of(group: Collection[int], people: Mapping[int, str]) -> set[str]:
    """Return who gave these answers, without those whom everybody may know."""
    return {people[answer] for answer in group} - {""}


def _unions(shadow: np.ndarray) -> Iterator[tuple[int, ...]]:
    """Yield up to three atoms whose indicator seems to be a sum of the figures, by its shadow on a random line."""
    pairs = shadow[:, None] + shadow[None, :]
    yield from ((int(one),) for one in np.flatnonzero(np.abs(shadow) < NOTHING))
    yield from ((int(one), int(other)) for one, other in np.argwhere(np.abs(pairs) < NOTHING) if one < other)
    for third, own in enumerate(shadow):
        for one, other in np.argwhere(np.abs(pairs + own) < NOTHING):
            if one < other < third:
                yield int(one), int(other), third


def _of_suspects(atoms: Sequence[Figure], suspects: Collection[Figure]) -> Iterator[tuple[int, ...]]:
    """Yield the suspects that are unions of atoms: a figure that cuts through an atom says nothing of its halves."""
    for suspect in suspects:
        chosen = tuple(number for number, atom in enumerate(atoms) if atom <= suspect)
        if chosen and frozenset().union(*(atoms[number] for number in chosen)) == suspect:
            yield chosen


def _is_sum(rows: np.ndarray, chosen: tuple[int, ...]) -> bool:
    """Tell by elimination in exact fractions whether the indicator is a combination of the rows."""
    width = rows.shape[1]
    target = [Fraction(int(number in chosen)) for number in range(width)]
    system = [[Fraction(int(value)) for value in row] for row in rows]
    for column in range(width):
        pivot = next((row for row in system if row[column]), None)
        if pivot is None:
            continue
        system.remove(pivot)
        system = [_without(row, pivot, column) for row in system]
        target = _without(target, pivot, column)
    return not any(target)


def _without(row: list[Fraction], pivot: list[Fraction], column: int) -> list[Fraction]:
    if not row[column]:
        return row
    factor = row[column] / pivot[column]
    return [value - factor * other for value, other in zip(row, pivot, strict=True)]
