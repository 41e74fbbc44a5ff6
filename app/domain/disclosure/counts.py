"""Counts of answers over the tree of departments: which departments may not tell theirs.

A count of answers (low ratings, wishes for contact, thanks) adds up exactly from department to department, so a small
one that is absent in one document would follow from those of its parent and its neighbours.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from app.domain.disclosure.cubes import own


def withheld_counts(
    counts: Mapping[str, int],
    children: Mapping[str, Sequence[str]],
    minimum_group: int,
    *,
    hidden: Collection[str] = (),
) -> set[str]:
    """Return the departments whose count stays untold, given one count per department (subtree) and `own(CODE)`.

    Untold is every count of 1 to minimum_group - 1, every own part and every department in `hidden`, for neither is
    printed, and the smallest neighbours (ties by code) until what follows by subtracting told parts from a told total
    is nothing or at least the minimum group. In a tree no other sum follows: each told total gives one equation, the
    sum of the untold leaves that are reached from it through untold departments only. Counts of 0 tell nothing.
    """
    present = {code: count for code, count in counts.items() if count > 0}
    parts = {
        parent: [code for code in (*codes, own(parent)) if code in present]
        for parent, codes in children.items()
        if parent in present
    }
    untold = {code for code, count in present.items() if count < minimum_group or code in hidden}
    untold |= {code for parent in parts for code in parts[parent] if code == own(parent)}
    while (neighbour := _next_neighbour(present, parts, minimum_group, untold)) is not None:
        untold.add(neighbour)
    return untold


def _next_neighbour(
    counts: Mapping[str, int], parts: Mapping[str, Sequence[str]], minimum_group: int, untold: Collection[str]
) -> str | None:
    """Return the smallest told count that has to go next, None where every rest is large enough."""
    for total in sorted(parts.keys() - set(untold)):
        below = list(reached(total, parts, untold))
        rest = sum(counts[code] for code in below if code in untold)
        told = [code for code in below if code not in untold]
        if 0 < rest < minimum_group and told:
            return min(told, key=lambda code: (counts[code], code))
    return None


def reached(total: str, parts: Mapping[str, Sequence[str]], untold: Collection[str]) -> Iterator[str]:
    """Yield told departments and untold leaves below a total, walking through untold departments only."""
    for code in parts[total]:
        if code in untold and parts.get(code):
            yield from reached(code, parts, untold)
        else:
            yield code
