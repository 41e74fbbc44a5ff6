"""Who comes to see results and names by a change of the departments: by being named head, and by what moves below."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

Heads = Mapping[int, Collection[str]]


class Stand(NamedTuple):
    """What a department is told to be from `since` until before `until` (None: until further notice)."""

    department: int
    since: datetime
    until: datetime | None
    parent: int | None
    head: str | None  # an address in lower case

    def holds(self, moment: datetime) -> bool:
        """Tell whether it is so at a moment."""
        return self.since <= moment and self.is_told_after(moment)

    def is_told_after(self, moment: datetime) -> bool:
        """Tell whether it is so then or at any later time."""
        return self.until is None or self.until > moment


class Told(NamedTuple):
    """What decides who sees what: departments as they are told to be, oldest first, and who heads one by role."""

    stands: Sequence[Stand]
    given: Heads


@dataclass(frozen=True, slots=True)
class Gain:
    """Departments whose results, and in which names of those who ask to be contacted, somebody did not see before."""

    results: set[int] = field(default_factory=set)
    names: set[int] = field(default_factory=set)


def gains(before: Told, after: Told, quarters: Collection[datetime], now: datetime) -> dict[str, Gain]:
    """Return, by address, what is seen after a change and was not before: today, on later days and of past quarters.

    `quarters` are the last moments of quarters. Day by day only what changes on it is looked at, with what stands
    below: a table that tells of many days costs as much as it tells, not every department on every day.
    """
    found: defaultdict[str, Gain] = defaultdict(Gain)
    stands = (*before.stands, *after.stands)
    later = {moment for one in stands for moment in (one.since, one.until) if moment and moment > now}
    _compare(before, after, sorted(one for one in quarters if one < now), now, found)
    _compare(before, after, [now, *sorted(later)], now, found)
    return dict(found)


def _compare(before: Told, after: Told, moments: Sequence[datetime], now: datetime, found: dict[str, Gain]) -> None:
    """Note what is gained at any of these moments, which lie all before `now` or none."""
    was, becomes = _Walk(before, moments, now), _Walk(after, moments, now)
    for number, moment in enumerate(moments):
        turned = was.go_to(number) | becomes.go_to(number)
        if number == 0:
            turned = {id_ for id_ in turned if was.state(id_) != becomes.state(id_)}
        for department in was.below(turned) | becomes.below(turned):
            seen = becomes.seen_by(department) - was.seen_by(department)
            for address in seen | (becomes.heads(department) - was.heads(department)):
                found[address].results.add(department)
            for address in becomes.named_to(department) - was.named_to(department) if moment >= now else ():
                found[address].names.add(department)


class _Walk:
    """Departments from moment to moment: what stands below what, who heads it then, and who then or later.

    A head's departments of today are looked for in the tree of every quarter, so until `now` heads stay those of now.
    """

    def __init__(self, told: Told, moments: Sequence[datetime], now: datetime) -> None:
        self._moments, self._now, self._given = moments, now, told.given
        self._own: defaultdict[int, list[Stand]] = defaultdict(list)
        for one in told.stands:
            self._own[one.department].append(one)
        for department in told.given:
            self._own.setdefault(department, [])
        self._turning = self._turns()
        self._parents: dict[int, int | None] = {}
        self._children: defaultdict[int, set[int]] = defaultdict(set)
        self._heads: dict[int, frozenset[str]] = {}
        self._eyes: dict[int, frozenset[str]] = {}

    def _turns(self) -> list[set[int]]:
        """Return, for each moment, the departments that may be otherwise than at the one before."""
        turning: list[set[int]] = [set() for _ in self._moments]
        for department, own in self._own.items():
            for edge in {edge for one in own for edge in (one.since, one.until) if edge is not None}:
                number = bisect_left(self._moments, edge)
                if number < len(turning):
                    turning[number].add(department)
        if turning:
            turning[0] = set(self._own)
        return turning

    def go_to(self, number: int) -> set[int]:
        """Move on to the next moment; return the departments that may be otherwise than before."""
        moment = self._moments[number]
        for department in self._turning[number]:
            self._turn(department, moment)
        return self._turning[number]

    def _turn(self, department: int, moment: datetime) -> None:
        own, in_office = self._own[department], max(moment, self._now)
        given = self._given.get(department, ())
        above = self._parents.pop(department, None)
        if above is not None:
            self._children[above].discard(department)
        for one in own:
            if one.holds(moment):
                self._parents[department] = one.parent
        above = self._parents.get(department)
        if above is not None:
            self._children[above].add(department)
        self._heads[department] = frozenset([*given, *(one.head for one in own if one.head and one.holds(in_office))])
        self._eyes[department] = frozenset(
            [*given, *(one.head for one in own if one.head and one.is_told_after(in_office))]
        )

    def state(self, department: int) -> tuple[object, ...]:
        """Return what a department is by itself, to compare."""
        parts = self._parents, self._heads, self._eyes
        return department in self._parents, *(part.get(department) for part in parts)

    def below(self, departments: Collection[int]) -> set[int]:
        """Return these departments and everything below them."""
        found: set[int] = set()
        waiting = list(departments)
        while waiting:
            here = waiting.pop()
            if here not in found:
                found.add(here)
                waiting.extend(self._children.get(here, ()))
        return found

    def seen_by(self, department: int) -> set[str]:
        """Return who sees its results: who heads it or anything above it, now or later."""
        return {address for above in self._line(department) for address in self._eyes[above]}

    def heads(self, department: int) -> frozenset[str]:
        """Return who heads it at this very moment: to head something earlier is news, too."""
        return self._heads.get(department, frozenset())

    def named_to(self, department: int) -> frozenset[str]:
        """Return who is its nearest head, and so reads the names of who asks to be contacted."""
        return next((self._heads[one] for one in self._line(department) if self._heads.get(one)), frozenset())

    def _line(self, department: int) -> Iterator[int]:
        """Yield the department and what stands above it; a loop, which nobody may store, is gone through once."""
        seen: set[int] = set()
        here: int | None = department
        while here is not None and here in self._parents and here not in seen:
            yield here
            seen.add(here)
            here = self._parents[here]
