"""Suppression within one partition: which groups to hide so that the rest does not give them away."""

import math
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any, Protocol, TypeVar


class Code(Hashable, Protocol):
    """A group's code: hashable, and ordered so that ties have one answer."""

    def __lt__(self, other: Any, /) -> bool: ...


Group = TypeVar("Group", bound=Code)


@dataclass(frozen=True)
class SuppressedGroups:
    """The hidden groups in order of their code; groups without answers are absent, not hidden."""

    suppressed: list[str]


def suppressed_groups(
    counts: Mapping[str, float], minimum_group_size: int, overlapping: bool = False
) -> SuppressedGroups:
    """Return which groups of one partition to hide, given distinct requesters per group.

    Primary: fewer than minimum_group_size. Complementary: while something is hidden and the hidden remainder is below
    the minimum or is one group alone, the smallest visible group goes too (ties by code). The remainder is the sum of
    the hidden groups or, where a person may belong to several (overlapping), the largest of them, a lower bound of the
    union. If hiding leaves fewer than two groups visible, all are hidden. A lone group that is large enough stays: it
    says no more than its total. Source: Hundepool et al., Statistical Disclosure Control (2012), cell suppression.
    """
    if not _are_numbers(counts):
        raise ValueError(f"counts must give a number of requesters per group, not {counts!r}")
    if len({type(group) for group in counts}) > 1:  # ties are broken by name, and 1 and "b" have no order
        raise ValueError("counts must name all groups in one way, as text or as numbers")
    if not _is_number(minimum_group_size):
        raise ValueError(f"minimum_group_size must be a number, not {minimum_group_size!r}")
    return SuppressedGroups(sorted(hidden_groups(counts, minimum_group_size, overlapping=overlapping)))


def _is_number(value: object) -> bool:
    return isinstance(value, int) or (isinstance(value, Real) and math.isfinite(value))


def _are_numbers(counts: object) -> bool:
    return isinstance(counts, Mapping) and all(_is_number(count) for count in counts.values())


def hidden_groups(
    counts: Mapping[Group, float],
    minimum_group_size: int,
    *,
    overlapping: bool = False,
    counted_twice: float = 0,
    hidden: Collection[Group] = (),
    is_total_hidden: bool = False,
) -> set[Group]:
    """Return the hidden groups as `suppressed_groups` does, starting from groups already hidden for another reason.

    counted_twice: how much the groups add up to beyond their total, where a partition is disjoint but for a few (people
    who changed department within the quarter): so many of the hidden ones may be the same people.
    A hidden total is one more unknown: then a single hidden group of the minimum size is enough, but there must be
    one, or the total would follow from its parts.
    """
    if minimum_group_size < 1:
        raise ValueError(f"minimum_group_size must be at least 1, not {minimum_group_size!r}")
    if any(count < 0 for count in counts.values()):
        raise ValueError("counts must not be negative")
    present = {code: count for code, count in counts.items() if count > 0 or code in hidden}
    found = {code for code, count in present.items() if count < minimum_group_size or code in hidden}
    if not found and not is_total_hidden:
        return found
    fewest = 1 if is_total_hidden else 2

    def remainder() -> float:
        sizes = [present[code] for code in found]
        largest = max(sizes, default=0)
        return largest if overlapping else max(largest, sum(sizes) - counted_twice)

    visible = sorted(present.keys() - found, key=lambda code: (present[code], code), reverse=True)
    while visible and (len(found) < fewest or remainder() < minimum_group_size):
        found.add(visible.pop())
    return set(present) if len(visible) < 2 else found
