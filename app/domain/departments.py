"""The tree of departments: who stands above and below whom, at one moment and over time."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

_EVER = datetime.min.replace(tzinfo=UTC)


class DepartmentCycle(ValueError):
    """A department would stand above itself; `ids` is the loop."""

    def __init__(self, ids: tuple[int, ...]) -> None:
        super().__init__(f"departments stand above themselves: {ids}")
        self.ids = ids


class Stay(NamedTuple):
    """Below which department one is told to stand from `since` until before `until` (None: until further notice)."""

    since: datetime
    until: datetime | None
    parent: int | None


def refuse_loops_in_time(stays: Mapping[int, Sequence[Stay]], moved: Collection[int]) -> None:
    """Raise DepartmentCycle where one of these departments would stand above itself at any moment told.

    Each way up is followed as long as it lasts: what stands above may be told to move on a day that no row names.
    """
    for department in sorted(moved):
        waiting: list[tuple[tuple[int, ...], datetime, datetime | None]] = [((department,), _EVER, None)]
        while waiting:
            way, since, until = waiting.pop()
            for stay in stays.get(way[-1], ()):
                begins, ends = max(since, stay.since), min(filter(None, (until, stay.until)), default=None)
                if stay.parent is None or (ends is not None and ends <= begins):
                    continue
                if stay.parent == department:
                    raise DepartmentCycle(way)
                if stay.parent not in way:  # a loop above has no part of this department, but one of its own
                    waiting.append(((*way, stay.parent), begins, ends))


@dataclass(frozen=True)
class DepartmentTree:
    """Parents by department id; a root's parent is None. Raises DepartmentCycle on a loop."""

    parents: Mapping[int, int | None]
    _children: dict[int, list[int]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        children: defaultdict[int, list[int]] = defaultdict(list)
        for child, parent in self.parents.items():
            if parent is not None:
                children[parent].append(child)
        object.__setattr__(self, "_children", {parent: sorted(below) for parent, below in children.items()})
        for start in self.parents:
            self._refuse_loop(start)

    def _refuse_loop(self, start: int) -> None:
        seen: list[int] = []
        here: int | None = start
        while here is not None:
            if here in seen:
                raise DepartmentCycle(tuple(seen[seen.index(here) :]))
            seen.append(here)
            here = self.parents.get(here)

    @property
    def roots(self) -> list[int]:
        """Return the departments on top."""
        return sorted(id_ for id_, parent in self.parents.items() if parent is None)

    def below(self, top: int) -> "DepartmentTree":
        """Return the tree with one more node above all."""
        return DepartmentTree(
            {id_: top if parent is None else parent for id_, parent in self.parents.items()} | {top: None}
        )

    def ancestors(self, department: int) -> Iterator[int]:
        """Yield the departments above, nearest first."""
        here = self.parents.get(department)
        while here is not None:
            yield here
            here = self.parents.get(here)

    def children(self, department: int) -> list[int]:
        """Return the departments directly below."""
        return self._children.get(department, [])

    def subtree(self, department: int) -> set[int]:
        """Return the department and everything below it."""
        found, waiting = set(), [department]
        while waiting:
            here = waiting.pop()
            found.add(here)
            waiting.extend(self.children(here))
        return found

    def answered_for(self, department: int, headed: Collection[int]) -> set[int]:
        """Return the departments whose requesters turn to this one's head: it, and all below with no head between."""
        found = {department}
        for child in self.children(department):
            if child not in headed:
                found |= self.answered_for(child, headed)
        return found

    def same_line(self, one: int, other: int) -> bool:
        """Tell whether both are the same or one stands above the other (rules of asking: `own_department`)."""
        return one == other or one in self.ancestors(other) or other in self.ancestors(one)
