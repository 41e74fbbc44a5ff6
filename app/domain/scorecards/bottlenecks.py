"""Where requests wait: the work of each type of request, and what arrives against what leaves."""

from collections.abc import Collection, Iterable, Mapping

from app.domain.scorecards.clock import WorkFigures, published_operations
from app.domain.scorecards.counts_told import WORK_COUNTS
from app.domain.scorecards.publish import Json, rounded


def published_types(work: Mapping[str, WorkFigures], shown: Collection[str], minimum_group: int) -> list[Json]:
    """Return times and rates of each type whose rating may be shown, by code; a hidden value hides its work too.

    Counts stay out: those of the types shown, taken from the whole, would say that of a hidden one.
    """
    rows = [(kind, _rates(work[kind], minimum_group)) for kind in sorted(shown) if kind in work]
    return [{"value": kind, **block} for kind, block in rows if block]


def _rates(work: WorkFigures, minimum_group: int) -> Json:
    told = published_operations(work, minimum_group)
    found = {name: value for name, value in told.items() if name not in WORK_COUNTS}
    if "open" in told:
        found["stuck_share"] = rounded(work.stuck / work.open, 2)
    return found


def together(parts: Collection[WorkFigures]) -> WorkFigures:
    """Return the work of several types as one."""
    return WorkFigures(
        arrivals=sum(part.arrivals for part in parts),
        completions=sum(part.completions for part in parts),
        on_time_known=sum(part.on_time_known for part in parts),
        on_time=sum(part.on_time for part in parts),
        reopened=sum(part.reopened for part in parts),
        reassignments=sum(part.reassignments for part in parts),
        first_response=_added(part.first_response for part in parts),
        completion=_added(part.completion for part in parts),
        open_ages=_added(part.open_ages for part in parts),
        of_target=_added(part.of_target for part in parts),
        open_of_target=_added(part.open_of_target for part in parts),
        silent_ages=_added(part.silent_ages for part in parts),
        stuck=sum(part.stuck for part in parts),
        days=max((part.days for part in parts), default=0),
    )


def _added(histograms: Iterable[Mapping[int, int]]) -> dict[int, int]:
    found: dict[int, int] = {}
    for histogram in histograms:
        for index, count in histogram.items():
            found[index] = found.get(index, 0) + count
    return found
