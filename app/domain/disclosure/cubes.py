"""Suppression of the whole cube: departments of a tree, each with its cuts, hidden together until nothing follows."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.domain.disclosure.partitions import hidden_groups
from app.domain.disclosure.solvability import solvable_cells

# Cuts in which a person belongs to one group: department and segments of a requester are the same all period.
DISJOINT_CUTS = frozenset({"requester_department", "requester_history", "requester_tag"})


@dataclass(frozen=True, order=True)
class Cell:
    """One figure of a period: a department (or `CODE/own`), whole where cut and value are empty."""

    department: str
    cut: str = ""
    value: str = ""


@dataclass(frozen=True)
class Relation:
    """A total and the parts that make it up, as a reader could subtract them."""

    total: Cell
    parts: tuple[Cell, ...]
    overlapping: bool
    counted_twice: int = 0  # how much disjoint parts add up to beyond their total


@dataclass(frozen=True)
class Pattern:
    """Which cells of one period are hidden; the same pattern holds for every item and every figure of the cell."""

    hidden: frozenset[Cell]
    present: frozenset[Cell]

    def is_hidden(self, department: str) -> bool:
        """Return whether the department has answers that may not be shown: then its work and funnel stay hidden too.

        A department without answers hides nothing.
        """
        return Cell(department) in self.hidden

    def visible_values(self, department: str, cut: str) -> list[str]:
        """Return the values of a cut that may be shown, in order of their code."""
        return sorted(
            cell.value
            for cell in self.present - self.hidden
            if cell.department == department and cell.cut == cut and cell.cut
        )

    def hidden_values(self, department: str, cut: str) -> list[str]:
        """Return the values of a cut that have answers and are hidden; no page may say how large they are."""
        return sorted(cell.value for cell in self.hidden if cell.department == department and cell.cut == cut and cut)


_OWN = "/own"


def own(department: str) -> str:
    """Return the code of the pseudo-child that holds a department's own requests."""
    return department + _OWN


def is_own_part(code: str) -> bool:
    """Tell whether a code is one of a pseudo-child."""
    return code.endswith(_OWN)


def suppress(
    counts: Mapping[Cell, int],
    children: Mapping[str, Sequence[str]],
    minimum_group_size: int,
    *,
    disjoint_cuts: Collection[str] = DISJOINT_CUTS,
    hidden: Collection[Cell] = (),
) -> Pattern:
    """Return the pattern of one period: primary and complementary hiding, alternating until nothing changes.

    counts: distinct requesters per cell; cells of 0 are absent. A department with children counts its subtree, and
    `own(CODE)` its own requests. children: codes below each parent, without the pseudo-child. `hidden` starts from
    cells hidden for another reason (few staff, or the pattern of `csat_overall` when another item is judged). A hidden
    department hides its cuts. Last, cells that linear equations would still give away get one more neighbour hidden.
    Deterministic; hiding only grows, so it ends. Source: rules of disclosure in docs/methods.md.
    """
    present = {cell: count for cell, count in counts.items() if count > 0 or cell in hidden}
    relations = list(relations_of(present, children, disjoint_cuts))
    for relation in relations:
        if relation.total not in present:
            raise ValueError(f"counts must hold {relation.total}, the total of {relation.parts[0]}")
    found = {cell for cell, count in present.items() if count < minimum_group_size or cell in hidden}
    # Whole departments first: to protect a value of a cut, other values are hidden, never the department itself.
    wholes = [relation for relation in relations if not relation.parts[0].cut]
    _protect(present, wholes, minimum_group_size, found)
    _protect(present, relations, minimum_group_size, found)
    return Pattern(frozenset(found), frozenset(present))


def _protect(
    counts: Mapping[Cell, int], relations: Sequence[Relation], minimum_group_size: int, found: set[Cell]
) -> None:
    """Hide until no sum gives a hidden cell away."""
    sums = [(relation.total, *relation.parts) for relation in relations]
    protected = frozenset(found)
    while True:
        _hide_until_stable(counts, relations, minimum_group_size, found)
        neighbours = {
            neighbour
            for cell in sorted(solvable_cells(found, sums) & protected)
            if (neighbour := _next_neighbour(counts, relations, found, cell)) is not None
        }
        if not neighbours:
            return
        found |= neighbours


def relations_of(
    counts: Mapping[Cell, int], children: Mapping[str, Sequence[str]], disjoint_cuts: Collection[str] = DISJOINT_CUTS
) -> Iterator[Relation]:
    """Yield every sum a reader can form: (a) the values of each cut, (b) the children of each parent per value.

    Children are disjoint where their counts add up to the parent's, for then nobody was counted twice.
    """
    values: dict[tuple[str, str], list[Cell]] = {}
    slices: dict[str, list[Cell]] = {}
    for cell in sorted(counts):
        slices.setdefault(cell.department, []).append(cell)
        if cell.cut:
            values.setdefault((cell.department, cell.cut), []).append(cell)
    for (department, cut), parts in values.items():
        whole = Cell(department)
        beyond = max(0, sum(counts[part] for part in parts) - counts.get(whole, 0))
        yield Relation(whole, tuple(parts), overlapping=cut not in disjoint_cuts, counted_twice=beyond)
    for parent, codes in sorted(children.items()):
        below = {cell for code in (*codes, own(parent)) for cell in slices.get(code, [])}
        for cut, value in sorted({(cell.cut, cell.value) for cell in below}):
            parts = sorted(cell for cell in below if (cell.cut, cell.value) == (cut, value))
            total = Cell(parent, cut, value)
            is_disjoint = sum(counts[part] for part in parts) == counts.get(total, 0)
            yield Relation(total, tuple(parts), overlapping=not is_disjoint)


def _hide_until_stable(
    counts: Mapping[Cell, int], relations: Sequence[Relation], minimum_group_size: int, found: set[Cell]
) -> None:
    size = -1
    while size != len(found):
        size = len(found)
        for relation in relations:
            is_total_hidden = relation.total in found
            if is_total_hidden and relation.parts[0].cut and not relation.total.cut:
                found.update(relation.parts)  # nothing is shown of a hidden department, so neither are its cuts
                continue
            found |= hidden_groups(
                {part: counts[part] for part in relation.parts},
                minimum_group_size,
                overlapping=relation.overlapping,
                counted_twice=relation.counted_twice,
                hidden=found,
                is_total_hidden=is_total_hidden,
            )


def _next_neighbour(
    counts: Mapping[Cell, int], relations: Sequence[Relation], found: set[Cell], betrayed: Cell
) -> Cell | None:
    """Return the smallest visible cell beside the betrayed one in a sum, else beside any hidden one.

    Where cuts are among the relations only cells of cuts are taken: departments are settled before them.
    """
    has_cuts = any(relation.parts[0].cut for relation in relations)
    for near in ({betrayed}, found):
        visible = {
            part
            for relation in relations
            if near.intersection((relation.total, *relation.parts))
            for part in relation.parts
            if part not in found and bool(part.cut) is has_cuts
        }
        if visible:
            return min(visible, key=lambda cell: (counts[cell], cell))
    return None
