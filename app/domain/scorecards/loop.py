"""Closing the loop: of those who asked to be contacted, how many were. Only with consent, never below ten people."""

from dataclasses import dataclass

from app.domain.scorecards.internal import ItemFigures
from app.domain.scorecards.publish import COARSE_BELOW, Json, rounded, share_interval
from app.domain.statistics import wilson_interval


@dataclass(frozen=True)
class LoopFigures:
    """Low ratings, wishes for contact, those contacted, median hours to it with open cases censored; and thanks."""

    low_ratings: int = 0
    consented: int = 0
    contacted: int = 0
    median_hours: float | None = None
    thanks: int = 0


def published_loop(loop: LoopFigures, overall: ItemFigures | None, minimum_group: int) -> Json:
    """Return the loop block; absent below ten requesters, counts below the minimum group absent."""
    if overall is None or overall.confidential < COARSE_BELOW:
        return {}
    counts = {
        "low_ratings": loop.low_ratings,
        "consented": loop.consented,
        "contacted": loop.contacted,
        "thanks": loop.thanks,
    }
    block: Json = {name: count for name, count in counts.items() if count >= minimum_group}
    if "consented" in block and "contacted" in block:
        found = wilson_interval(loop.contacted, loop.consented)
        block["loop_closure_rate"] = share_interval(found, loop.consented)
        if loop.median_hours is not None:
            block["median_hours"] = rounded(loop.median_hours, 1)
    return block
