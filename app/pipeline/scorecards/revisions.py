"""Whether later revisions may be told apart from the ones before without pointing at few people.

Judged together: what a department gained, minus what its children gained, is the gain of the rest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.departments import DepartmentTree
from app.domain.scorecards.publish import Json

_CUTS = ("by_requester_department", "by_request_type", "by_on_time", "by_reopened", "trend_months")
_TOTAL = "internal:csat_overall"


@dataclass(frozen=True)
class Gain:
    """Further requesters and answers behind one figure."""

    requesters: int = 0
    answers: int = 0

    def __add__(self, other: "Gain") -> "Gain":
        return Gain(self.requesters + other.requesters, self.answers + other.answers)

    def without(self, other: "Gain") -> "Gain":
        """Return what is left when a part is taken away."""
        return Gain(self.requesters - other.requesters, self.answers - other.answers)

    def protects(self, minimum_group: int) -> bool:
        """Tell whether no answer, or at least a minimum group, stands behind it."""
        return self.answers == 0 or self.requesters >= minimum_group


Gains = Mapping[str, Gain]


def worth_freezing(
    before: Mapping[int, Json], after: Mapping[int, Json], tree: DepartmentTree, minimum_group: int
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


def _gains(before: Json | None, after: Json, minimum_group: int) -> Gains | None:
    """Return the gains of the figures that both documents show, or None where one changed on too few people."""
    if before is None:
        return {name: Gain(_people(figure), _answers(figure)) for name, figure in _figures(after).items()}
    old, new = _figures(before), _figures(after)
    is_per_requester = after["method"]["weighting"] == "per_requester"  # otherwise n says nothing of people
    for name in old.keys() | new.keys():
        few = _people(new.get(name)) - _people(old.get(name)) < minimum_group
        if old.get(name) != new.get(name) and (few or not is_per_requester):
            return None
    return {
        name: Gain(_people(new[name]) - _people(old[name]), _answers(new[name]) - _answers(old[name]))
        for name in old.keys() & new.keys()
    }


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


def _figures(document: Json) -> dict[str, Json]:
    figures = {f"internal:{item}": block for item, block in document["internal"].items()}
    for cut in _CUTS:
        figures |= {f"{cut}:{row['value']}": row for row in document.get(cut, [])}
    return figures


def _people(figure: Json | None) -> int:
    return int(figure["top_two_box"]["n"]) if figure else 0


def _answers(figure: Json) -> int:
    return int(figure["top_two_box"]["answers"])
