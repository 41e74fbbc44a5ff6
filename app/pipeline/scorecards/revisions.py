"""Whether later revisions may be told apart from the ones before without pointing at few people.

Judged together: what a department gained, minus what its children gained, is the gain of the rest.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from app.domain.departments import DepartmentTree
from app.domain.disclosure import Name
from app.domain.scorecards.counts_told import is_rating
from app.domain.scorecards.cuts import CUT_BLOCKS, figure_name
from app.domain.scorecards.publish import Json

_CUTS = tuple(CUT_BLOCKS.values())
_TOTAL = figure_name("internal", "csat_overall")


@dataclass(frozen=True)
class Gain:
    """Further requesters and answers behind one figure; `consenting`: so many of them at most may be known by name."""

    requesters: int = 0
    answers: int = 0
    consenting: int = 0

    @property
    def confidential(self) -> int:
        """Further requesters who did not consent to contact, at least: which of the consenting are new is not kept."""
        return self.requesters - self.consenting

    def __add__(self, other: "Gain") -> "Gain":
        return Gain(
            self.requesters + other.requesters, self.answers + other.answers, self.consenting + other.consenting
        )

    def without(self, other: "Gain") -> "Gain":
        """Return what is left when a part is taken away; all who consented may be among it."""
        return Gain(self.requesters - other.requesters, self.answers - other.answers, self.consenting)

    def protects(self, minimum_group: int) -> bool:
        """Tell whether no answer, or at least a minimum group, stands behind it."""
        return self.answers == 0 or self.confidential >= minimum_group


@dataclass(frozen=True)
class Told:
    """The figures that are told of a department, the requesters behind each, and those of them who consented."""

    printed: Mapping[Name, Any]
    people: Mapping[str, int]
    consenting: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def figures(self) -> dict[str, Json]:
        """Return the ratings that are told of colleagues, by name: of items, and of every value of every cut."""
        figures: defaultdict[str, Json] = defaultdict(dict)
        for name, printed in self.printed.items():
            if is_rating(name):
                figures[figure_name(name.block, name.key)][name.part] = printed
        return dict(figures)

    def gain(self, name: str) -> Gain:
        """Return requesters and answers behind a figure; none where it is not told."""
        figure = self.figures.get(name)
        if figure is None:
            return Gain()
        interval = figure["top_two_box"]
        people = self.people.get(name, int(interval["n"]))
        return Gain(people, int(interval["answers"]), self.consenting.get(name, 0))


Gains = Mapping[str, Gain]


def worth_freezing(
    before: Mapping[int, Told], after: Mapping[int, Told], tree: DepartmentTree, minimum_group: int
) -> set[int]:
    """Return the departments of `after` whose document may become a further revision, by id.

    Each figure that changed gained a minimum group of requesters, and so did whatever follows by subtraction: from the
    values of a cut, and from the departments below. External scores and texts may differ freely.
    """
    accepted: dict[int, Gains] = {}
    for department in sorted(after, key=lambda id_: -sum(1 for _ in tree.ancestors(id_))):
        gains = _gains(before.get(department), after[department], minimum_group)
        if gains is None or not _hides_the_rest_of_cuts(gains, minimum_group):
            continue
        below = [_gains_below(child, accepted, tree) for child in tree.children(department)]
        rests = (gain.without(_sum(found.get(name) for found in below)) for name, gain in gains.items())
        if all(rest.protects(minimum_group) for rest in rests):
            accepted[department] = gains
    return set(accepted)


def _gains(before: Told | None, after: Told, minimum_group: int) -> Gains | None:
    """Return the gains of the figures that both documents show, or None where one changed on too few people."""
    if before is None:
        return {name: after.gain(name) for name in after.figures}
    old, new = before.figures, after.figures
    gains = {name: after.gain(name).without(before.gain(name)) for name in old.keys() | new.keys()}
    if any(old.get(name) != new.get(name) and gain.confidential < minimum_group for name, gain in gains.items()):
        return None
    return {name: gain for name, gain in gains.items() if name in old and name in new}


def _hides_the_rest_of_cuts(gains: Gains, minimum_group: int) -> bool:
    total = gains.get(_TOTAL, Gain())
    rests = (total.without(_sum(gain for name, gain in gains.items() if name.startswith(f"{cut}:"))) for cut in _CUTS)
    return all(rest.protects(minimum_group) for rest in rests)


def _gains_below(department: int, accepted: Mapping[int, Gains], tree: DepartmentTree) -> Gains:
    """Return what readers learn was gained here: by its own new revision, else by those of departments below."""
    own = accepted.get(department, {})
    below = [_gains_below(child, accepted, tree) for child in tree.children(department)]
    names = {name for found in below for name in found}
    return {name: _sum(found.get(name) for found in below) for name in names} | dict(own)


def _sum(gains: Iterable[Gain | None]) -> Gain:
    total = Gain()
    for gain in gains:
        total += gain or Gain()
    return total
