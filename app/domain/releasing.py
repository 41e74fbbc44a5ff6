"""What is kept of a quarter when its answers become unlinkable: who may stay where, and how many rows of each.

Rules of the calendar: no requester holds more than a k-th of a department-period's rows; a department-period with fewer
than k distinct requesters goes to the nearest ancestor that has k, or is dropped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.departments import DepartmentTree


@dataclass(frozen=True)
class HeldRow:
    """One response's place among others: its random id, its requester's cluster, and a keyed hash for the order."""

    id: bytes
    cluster: bytes
    order: bytes


@dataclass
class Placement:
    """Where the rows of one department-period end."""

    department_id: int
    kept: list[bytes] = field(default_factory=list)
    surplus: int = 0
    moved_up: int = 0
    dropped: int = 0


def most_rows_each(counts: Sequence[int], minimum_group: int) -> int:
    """Return the largest c with c·k ≤ Σ min(nᵢ, c): no requester then holds more than a k-th of what is kept."""
    allowed = 0
    for candidate in range(1, max(counts, default=0) + 1):
        if candidate * minimum_group <= sum(min(count, candidate) for count in counts):
            allowed = candidate
    return allowed


def place_rows(
    rows: Mapping[int, Sequence[HeldRow]], confidential: frozenset[bytes], tree: DepartmentTree, minimum_group: int
) -> list[Placement]:
    """Place every department's own rows, deepest departments first.

    `confidential` are the clusters that did not consent to contact: only they count for the minimum group.
    """
    depth = {department: sum(1 for _ in tree.ancestors(department)) for department in tree.parents}
    waiting = {department: list(own) for department, own in rows.items()}
    placements = {department: Placement(department) for department in waiting}
    for department in sorted(set(depth) | set(waiting), key=lambda id_: (-depth.get(id_, 0), id_)):
        here = waiting.pop(department, [])
        if not here:
            continue
        placement = placements.setdefault(department, Placement(department))
        if len({row.cluster for row in here} & confidential) >= minimum_group:
            _keep(placement, here, minimum_group)
            continue
        parent = tree.parents.get(department)
        if parent is None:
            placement.dropped += len(here)
        else:
            placement.moved_up += len(here)
            waiting.setdefault(parent, []).extend(here)
    return [placements[department] for department in sorted(placements)]


def _keep(placement: Placement, rows: Sequence[HeldRow], minimum_group: int) -> None:
    by_cluster: dict[bytes, list[HeldRow]] = {}
    for row in rows:
        by_cluster.setdefault(row.cluster, []).append(row)
    most = most_rows_each([len(own) for own in by_cluster.values()], minimum_group)
    for own in by_cluster.values():
        ordered = sorted(own, key=lambda row: row.order)  # smallest keyed hash first: those are the surplus
        placement.kept.extend(row.id for row in ordered[max(0, len(own) - most) :])
        placement.surplus += max(0, len(own) - most)
