"""The attacker with a pencil: which hidden cells follow exactly from the shown ones by adding and subtracting."""

from collections.abc import Collection, Hashable, Iterable, Sequence
from typing import TypeVar

import numpy as np

Unknown = TypeVar("Unknown", bound=Hashable)

_ZERO = 1e-9  # eigenvalues of these small integer matrices below this are rounding
_EXACT = 1e-6


def solvable_cells(hidden: Collection[Unknown], sums: Iterable[Sequence[Unknown]]) -> set[Unknown]:
    """Return the hidden cells that the linear system determines; each sum is (total, part, part, ...).

    A cell is determined exactly if its unit vector lies in the row space of the system A, that is if its leverage, the
    diagonal of A'(AA')^-A, is 1. Every figure is taken as additive, which is the worst case: counts of answers are,
    distinct requesters need not be. Bounds that follow without being exact are not judged here.
    """
    unknowns = set(hidden)
    rows = [
        {cell: -1.0 if position == 0 else 1.0 for position, cell in enumerate(row) if cell in unknowns} for row in sums
    ]
    return {cell for system in _components([row for row in rows if row]) for cell in _determined(system)}


def _components(rows: list[dict[Unknown, float]]) -> list[list[dict[Unknown, float]]]:
    """Split the equations into systems that share no unknown."""
    root: dict[Unknown, Unknown] = {}

    def find(cell: Unknown) -> Unknown:
        while root.setdefault(cell, cell) != cell:
            root[cell] = root[root[cell]]
            cell = root[cell]
        return cell

    for row in rows:
        first, *others = row
        for other in others:
            root[find(other)] = find(first)
    systems: dict[Unknown, list[dict[Unknown, float]]] = {}
    for row in rows:
        systems.setdefault(find(next(iter(row))), []).append(row)
    return list(systems.values())


def _determined(system: list[dict[Unknown, float]]) -> list[Unknown]:
    cells = list({cell: None for row in system for cell in row})
    place = {cell: index for index, cell in enumerate(cells)}
    matrix = np.zeros((len(system), len(cells)))
    for index, row in enumerate(system):
        for cell, sign in row.items():
            matrix[index, place[cell]] = sign
    values, vectors = np.linalg.eigh(matrix @ matrix.T)
    independent = values > _ZERO * max(1.0, float(values[-1]))
    space = (vectors[:, independent] / np.sqrt(values[independent])).T @ matrix
    leverage = (space * space).sum(axis=0)
    return [cell for cell, weight in zip(cells, leverage, strict=True) if weight > 1 - _EXACT]
