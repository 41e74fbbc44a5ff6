"""The tree of departments at one moment: who stands above and below whom."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field


class DepartmentCycle(ValueError):
    """A department would stand above itself; `ids` is the loop."""

    def __init__(self, ids: tuple[int, ...]) -> None:
        super().__init__(f"departments stand above themselves: {ids}")
        self.ids = ids


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
