"""The clock beside the experience, and the work behind both: on time, durations, what is open."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.asking_policy import Targets
from app.domain.durations import quantile
from app.domain.scorecards.internal import ItemFigures
from app.domain.scorecards.publish import Json, rounded, share_interval
from app.domain.service_levels import watermelon_flag

_QUANTILES = (("median", 0.5), ("p85", 0.85), ("p95", 0.95))


@dataclass(frozen=True)
class WorkFigures:
    """Requests of a cell: counts, durations by bin, and the open ones as they stood at the freeze."""

    arrivals: int = 0
    completions: int = 0
    on_time_known: int = 0
    on_time: int = 0
    reopened: int = 0
    reassignments: int = 0
    first_response: Mapping[int, int] = field(default_factory=dict)
    completion: Mapping[int, int] = field(default_factory=dict)
    open: int = 0
    stuck: int = 0


def published_sla(
    work: WorkFigures,
    answered: tuple[int, int],
    overall: ItemFigures | None,
    targets: Targets,
    minimum_group: int,
) -> Json:
    """Return the SLA block: on-time share from requests, else from responses (`answered`: on time, known).

    A share of fewer than the minimum group is absent.
    """
    from_requests = work.on_time_known > 0
    on_time, known = (work.on_time, work.on_time_known) if from_requests else answered
    unknown = work.completions - work.on_time_known if from_requests else 0
    found = watermelon_flag(
        on_time=on_time,
        completed=known,
        satisfaction=overall.per_requester if overall is not None else None,
        requesters=overall.confidential if overall is not None else 0,
        unknown=max(0, unknown),
        on_time_target=targets.on_time,
        satisfaction_target=targets.satisfaction,
    )
    block: Json = {
        "basis": "requests" if from_requests else "responses",
        "target": targets.on_time,
        "satisfaction_target": targets.satisfaction,
        "watermelon": found.state.value,
        "unknown": found.unknown,
    }
    if found.on_time is not None and known >= minimum_group:
        block["on_time"] = share_interval(found.on_time, known)
    return block


def published_operations(work: WorkFigures, minimum_group: int) -> Json:
    """Return durations in hours and counts of work; counts below the minimum group are absent."""
    block: Json = {}
    for name, histogram in (("first_response_time", work.first_response), ("resolution_time", work.completion)):
        if sum(histogram.values()) >= minimum_group:
            block[name] = {label: _hours(histogram, share) for label, share in _QUANTILES}
    counts = {
        "arrivals": work.arrivals,
        "completions": work.completions,
        "open": work.open,
        "stuck": work.stuck,
        "reassignments": work.reassignments,
    }
    block |= {name: count for name, count in counts.items() if count >= minimum_group}
    if work.completions >= minimum_group:
        block["reopened_share"] = rounded(work.reopened / work.completions, 2)
    return block


def _hours(histogram: Mapping[int, int], share: float) -> int:
    found = quantile(histogram, share)
    return 0 if found is None else int(rounded(found.total_seconds() / 3600, 0))
