"""The clock beside the experience, and the work behind both: on time, durations, what is open."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.asking_policy import Targets
from app.domain.durations import bin_middle, of_target
from app.domain.instruments import LOW_RATING, scale_of
from app.domain.scorecards.internal import ItemFigures
from app.domain.scorecards.publish import COARSE_BELOW, Json, rounded, share_interval
from app.domain.service_levels import watermelon_flag
from app.domain.statistics import kaplan_meier, wilson_interval

_QUANTILES = (("median", 0.5), ("p85", 0.85), ("p95", 0.95))


@dataclass(frozen=True)
class WorkFigures:
    """Requests of a cell: counts, durations by bin, and the open ones as they stood at the freeze.

    `open_ages` are those of open requests, `silent_ages` of those of them that had no first response yet.
    """

    arrivals: int = 0
    completions: int = 0
    on_time_known: int = 0
    on_time: int = 0
    reopened: int = 0
    reassignments: int = 0
    first_response: Mapping[int, int] = field(default_factory=dict)
    completion: Mapping[int, int] = field(default_factory=dict)
    open_ages: Mapping[int, int] = field(default_factory=dict)
    silent_ages: Mapping[int, int] = field(default_factory=dict)
    of_target: Mapping[int, int] = field(default_factory=dict)  # completed with a due date, by duration in targets
    open_of_target: Mapping[int, int] = field(default_factory=dict)  # open ones, by age in targets
    open_parts: Mapping[str, list[Json]] = field(default_factory=dict)  # by age and status, as they may be told
    stuck: int = 0
    untold: frozenset[str] = frozenset()  # counts that would say a neighbour's
    days: int = 0  # of the quarter, for rates

    @property
    def open(self) -> int:
        """Open requests at the freeze."""
        return sum(self.open_ages.values())


def published_sla(
    work: WorkFigures,
    answered: tuple[int, int],
    overall: ItemFigures | None,
    targets: Targets,
    *,
    weighting: str,
    minimum_group: int,
    late_feeling: ItemFigures | None = None,
) -> Json:
    """Return the SLA block: on-time share from requests, else from responses (`answered`: on time, known).

    A share of fewer than the minimum group is absent. `late_feeling` are the ratings of the time it took by those whose
    requests were on time: how many of them rated it low, from ten requesters up.
    """
    from_requests = work.on_time_known > 0
    on_time, known = (work.on_time, work.on_time_known) if from_requests else answered
    unknown = work.completions - work.on_time_known if from_requests else 0
    found = watermelon_flag(
        on_time=on_time,
        completed=known,
        satisfaction=overall.headline(weighting) if overall is not None else None,
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
    if late_feeling is not None and late_feeling.confidential >= COARSE_BELOW:
        low = math.fsum(late_feeling.distribution[: LOW_RATING - scale_of(late_feeling.item).lowest + 1])
        votes = min(low, 1.0) * late_feeling.requesters
        block["late_feeling"] = share_interval(wilson_interval(votes, late_feeling.requesters), late_feeling.answers)
    return block


def published_operations(work: WorkFigures, minimum_group: int) -> Json:
    """Return durations in hours and counts of work; counts below the minimum group are absent.

    Durations are those of all requests, the open ones censored at their age: a quantile that too few have reached is
    absent.
    """
    block: Json = {}
    for name, done, waiting in (
        ("first_response_time", work.first_response, work.silent_ages),
        ("resolution_time", work.completion, work.open_ages),
    ):
        if sum(done.values()) >= minimum_group and (quantiles := _quantiles(done, waiting)):
            block[name] = quantiles
    if sum(work.of_target.values()) >= minimum_group:
        block["within_target"] = rounded(_within_target(work), 2)
    counts = {
        "arrivals": work.arrivals,
        "completions": work.completions,
        "open": work.open,
        "stuck": work.stuck,
        "reassignments": work.reassignments,
    }
    block |= {name: count for name, count in counts.items() if count >= minimum_group and name not in work.untold}
    if "completions" in block:
        block["reopened_share"] = rounded(work.reopened / work.completions, 2)
    if "open" in block:
        block |= work.open_parts
    return block | _flow(work, block)


def _within_target(work: WorkFigures) -> float:
    """Return the share done within their target time (Kaplan-Meier in targets): open ones count as long as they can."""
    done, still = work.of_target, work.open_of_target
    curve = kaplan_meier(
        [of_target(index) for index in (*done, *still)],
        [*(True for _ in done), *(False for _ in still)],
        [*done.values(), *still.values()],
    )
    left = [share for time, share in zip(curve.times, curve.survival, strict=True) if time <= of_target(0)]
    return 1 - (left[-1] if left else 1.0)


def _flow(work: WorkFigures, shown: Json) -> Json:
    """Return arrivals for one completion, and the hours a request waits by Little's law (open / arrivals an hour)."""
    found: Json = {}
    if "arrivals" in shown and "completions" in shown:
        found["arrivals_per_completion"] = rounded(work.arrivals / work.completions, 2)
    if "arrivals" in shown and "open" in shown and work.days:
        found["littles_law_hours"] = rounded(work.open / work.arrivals * work.days * 24, 1)
    return found


def _quantiles(done: Mapping[int, int], waiting: Mapping[int, int]) -> dict[str, float]:
    """Return the hours within which half, 85 and 95 in 100 are done (Kaplan-Meier on the bins)."""
    bins = [(index, True, count) for index, count in done.items()]
    bins += [(index, False, count) for index, count in waiting.items()]
    curve = kaplan_meier(
        [bin_middle(index).total_seconds() / 3600 for index, _, _ in bins],
        [is_done for _, is_done, _ in bins],
        [count for _, _, count in bins],
    )
    found = {label: curve.quantile(share) for label, share in _QUANTILES}
    return {label: rounded(hours, 1) for label, hours in found.items() if hours is not None}
