"""The whole company above several top departments: its figures give way, those of a department never do."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from app.domain.disclosure.counts import reached
from app.domain.disclosure.cubes import Cell, own, relations_of
from app.domain.disclosure.solvability import solvable_cells

COMPANY = ""  # the department of the company's cells: no department has an empty code


def told_totals(
    counts: Mapping[Cell, int],
    roots: Sequence[str],
    children: Mapping[str, Sequence[str]],
    hidden: Collection[Cell],
    minimum_group: int,
) -> set[Cell]:
    """Return the cells of the company that say nothing of a department's `hidden` cells beyond what is known.

    counts: distinct requesters of every cell, those of the company under COMPANY. Told is a cell of the minimum group
    whose hidden parts hold one (at least their largest does), as long as no hidden cell follows from all sums together:
    first the smallest values of a cut go, then the whole, and everything with it.
    """
    whole, totals = Cell(COMPANY), {cell for cell in counts if cell.department == COMPANY}
    values = sorted(cell for cell in totals if cell.cut)
    sums = list(_sums(counts, roots, children, totals))
    small = {cell for cell in totals if counts[cell] < minimum_group}
    untold = small | {
        cell
        for cell in totals
        if (rest := list(_rest(cell, counts, roots, children, hidden))) and max(rest) < minimum_group
    }
    while whole in totals - untold:
        betrayed = solvable_cells({*hidden, *untold}, sums) & {*hidden, *small}
        remainder = [counts[cell] for cell in values if cell in untold]
        if not betrayed and (not remainder or max(remainder) >= minimum_group):
            return totals - untold
        told = [cell for cell in values if cell not in untold]
        untold.add(min(told, key=lambda cell: (counts[cell], cell)) if told else whole)
    return set()


def may_tell_sum(
    counts: Mapping[str, int],
    roots: Sequence[str],
    children: Mapping[str, Sequence[str]],
    untold: Collection[str],
    minimum_group: int,
) -> bool:
    """Tell whether the company's sum of a count leaves nothing or a minimum group beside what departments tell of it.

    counts, children and `untold` as `withheld_counts` takes and returns them.
    """
    parts = {code: [below for below in (*codes, own(code)) if counts.get(below)] for code, codes in children.items()}
    parts[COMPANY] = [code for code in roots if counts.get(code)]
    rest = sum(counts[code] for code in reached(COMPANY, parts, untold) if code in untold)
    return sum(counts[code] for code in parts[COMPANY]) >= minimum_group and not 0 < rest < minimum_group


def _sums(
    counts: Mapping[Cell, int], roots: Sequence[str], children: Mapping[str, Sequence[str]], totals: Collection[Cell]
) -> Iterator[tuple[Cell, ...]]:
    """Yield every sum that a reader can form, each with its total first."""
    for relation in relations_of({cell: n for cell, n in counts.items() if cell not in totals}, children):
        yield (relation.total, *relation.parts)
    for total in totals:
        tops = (Cell(root, total.cut, total.value) for root in roots)
        yield (total, *(cell for cell in tops if cell in counts))
    for cut in sorted({total.cut for total in totals if total.cut}):
        yield (Cell(COMPANY), *sorted(total for total in totals if total.cut == cut))


def _rest(
    total: Cell,
    counts: Mapping[Cell, int],
    roots: Sequence[str],
    children: Mapping[str, Sequence[str]],
    hidden: Collection[Cell],
) -> Iterator[int]:
    """Yield the people of each hidden cell that is reached from the company through hidden departments only."""
    waiting = list(roots)
    while waiting:
        code = waiting.pop()
        cell = Cell(code, total.cut, total.value)
        if cell not in counts or cell not in hidden:
            continue
        if code in children:
            waiting += [*children[code], own(code)]
        else:
            yield counts[cell]
