"""What is open, by age and by where it stands: counts of requests, told where none of few follows from the others."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from app.domain.disclosure import Cell, suppress
from app.domain.durations import bin_middle
from app.domain.scorecards.publish import Json

AGES, STATUSES = "open_ages", "open_statuses"  # partitions of the open requests, and their blocks in `operations`
#: How long requests may have been open, by the name of the group; longer ones are LONGER.
UP_TO = {"week": timedelta(days=7), "month": timedelta(days=28), "quarter": timedelta(days=91)}
LONGER = "longer"

Parts = Mapping[str, list[Json]]


def age_of(index: int) -> str:
    """Return the group of a bin of ages (`app.domain.durations`)."""
    return next((name for name, most in UP_TO.items() if bin_middle(index) <= most), LONGER)


def told_parts(
    counts: Mapping[Cell, int], children: Mapping[str, Sequence[str]], minimum_group: int, untold: Collection[str]
) -> Mapping[str, Parts]:
    """Return, by department code, the rows of both partitions; what is hidden stands together in a row without value.

    counts: open requests per department (and own part), whole and by value of each partition. `untold` are those whose
    count of open requests is not told; nothing is told of its parts then.
    """
    hidden = {Cell(code) for code in untold} & counts.keys()
    pattern = suppress(counts, children, minimum_group, disjoint_cuts={AGES, STATUSES}, hidden=hidden)
    found: dict[str, dict[str, list[Json]]] = {}
    for code in sorted({cell.department for cell in counts}):
        for cut in (AGES, STATUSES):
            shown = {value: counts[Cell(code, cut, value)] for value in pattern.visible_values(code, cut)}
            rest = counts[Cell(code)] - sum(shown.values())
            rows: list[Json] = [{"value": value, "requests": shown[value]} for value in _ordered(cut, shown)]
            if rows:
                found.setdefault(code, {})[cut] = [*rows, *([{"requests": rest}] if rest else [])]
    return found


def _ordered(cut: str, shown: Mapping[str, int]) -> list[str]:
    """Return ages from young to old, statuses by how many stand in them."""
    if cut == AGES:
        return [value for value in (*UP_TO, LONGER) if value in shown]
    return sorted(shown, key=lambda value: (-shown[value], value))
