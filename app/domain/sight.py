"""Who comes to see results and names by a change of the departments: by being named head, and by what moves below."""

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


@dataclass(frozen=True, slots=True)
class Gain:
    """Departments whose results, and in which names of those who ask to be contacted, somebody did not see before."""

    results: set[int] = field(default_factory=set)
    names: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class _Sight:
    """Departments at one moment: their parents, who heads them then, and who heads them then or later."""

    parents: dict[int, int | None]
    heads: dict[int, frozenset[str]]
    eyes: dict[int, frozenset[str]]

    def results(self) -> set[tuple[str, int]]:
        """Return who sees what: a head's departments of today are looked for in the tree of every quarter."""
        own = {(address, id_) for id_, addresses in self.eyes.items() if id_ in self.parents for address in addresses}
        return own.union(
            (address, id_) for id_ in self.parents for above in self._line(id_) for address in self.eyes.get(above, ())
        )

    def names(self) -> set[tuple[str, int]]:
        """Return who is the nearest head of what."""
        nearest = ((id_, next((one for one in self._line(id_) if one in self.heads), None)) for id_ in self.parents)
        return {(address, id_) for id_, head in nearest if head is not None for address in self.heads[head]}

    def own(self) -> set[tuple[str, int]]:
        """Return who heads what at this very moment."""
        return {(address, id_) for id_, addresses in self.heads.items() for address in addresses}

    def _line(self, department: int) -> Iterator[int]:
        """Yield the department and what stands above it; a loop, which nobody may store, is gone through once."""
        seen: set[int] = set()
        here: int | None = department
        while here is not None and here in self.parents and here not in seen:
            yield here
            seen.add(here)
            here = self.parents[here]


def gains(
    before: Sequence[Stand], after: Sequence[Stand], given: Heads, quarters: Collection[datetime], now: datetime
) -> dict[str, Gain]:
    """Return, by address, what is seen after a change and was not before: today, on later days and of past quarters.

    Stands come oldest first. `given` are heads by role, by department; `quarters` are the last moments of quarters.
    """
    found: defaultdict[str, Gain] = defaultdict(Gain)
    later = {moment for one in (*before, *after) for moment in (one.since, one.until) if moment and moment > now}
    compared: tuple[_Sight, _Sight] | None = None
    for moment in [*sorted(one for one in quarters if one < now), now, *sorted(later)]:
        pair = _at(before, given, moment, now), _at(after, given, moment, now)
        if pair[0] == pair[1] or (pair == compared and moment != now):  # nothing changed, or as one quarter earlier
            continue
        compared = pair
        for address, department in (pair[1].results() - pair[0].results()) | (pair[1].own() - pair[0].own()):
            found[address].results.add(department)
        for address, department in pair[1].names() - pair[0].names() if moment >= now else ():
            found[address].names.add(department)
    return dict(found)


def _at(stands: Sequence[Stand], given: Heads, moment: datetime, now: datetime) -> _Sight:
    valid = {one.department: one for one in stands if one.holds(moment)}
    in_office = max(moment, now)
    current = valid.values() if moment >= now else [one for one in stands if one.holds(now)]
    return _Sight(
        {id_: one.parent for id_, one in valid.items()},
        _heads(current, given),
        _heads((one for one in stands if one.is_told_after(in_office)), given),
    )


def _heads(stands: Collection[Stand] | Iterator[Stand], given: Heads) -> dict[int, frozenset[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    for one in stands:
        if one.head:
            found[one.department].add(one.head)
    for department, addresses in given.items():
        found[department].update(addresses)
    return {department: frozenset(addresses) for department, addresses in found.items()}
