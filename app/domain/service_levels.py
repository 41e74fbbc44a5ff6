"""The clock beside the customer: is a department on time while its requesters are unhappy (the watermelon)?"""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.statistics import Interval, ShareInterval, wilson_interval

FEWEST_REQUESTERS = 10
FEWEST_REQUESTS = 10
ON_TIME_TARGET = 0.90
SATISFACTION_TARGET = 0.80


class WatermelonState(StrEnum):
    """Green outside, red inside; in the order in which the states are tried."""

    TOO_FEW = "too_few"  # below 10 distinct requesters or 10 requests with a known on-time state
    CONFIRMED = "confirmed"  # surely on time, surely below the satisfaction target
    INVERSE = "inverse"  # surely satisfied, surely late: the promise is tighter than anyone needs
    POSSIBLE = "possible"  # the point estimates say so, the intervals do not exclude chance
    NONE = "none"


@dataclass(frozen=True)
class Watermelon:
    """The state, and the on-time share it rests on (None where no state is known); unknown requests are counted."""

    state: WatermelonState
    on_time: ShareInterval | None
    unknown: int


def watermelon_flag(
    *,
    on_time: int,
    completed: int,
    satisfaction: Interval | None,
    requesters: int,
    unknown: int = 0,
    on_time_target: float = ON_TIME_TARGET,
    satisfaction_target: float = SATISFACTION_TARGET,
    conf_level: float = 0.95,
) -> Watermelon:
    """Return whether service levels look green while satisfaction (top-2-box, 0..1) is red.

    completed: requests with a known on-time state, on_time of them met their target; unknown: requests left out.
    satisfaction: the headline interval of `requesters` people, None if there is none. Raises ValueError if on_time
    exceeds completed. Source: ITIL 4 "watermelon" service levels; Wilson intervals on both sides, no design effect.
    """
    if min(on_time, completed, unknown, requesters) < 0:
        raise ValueError("on_time, completed, unknown and requesters must not be negative")
    clock = wilson_interval(on_time, completed, conf_level) if completed or on_time else None
    if clock is None or satisfaction is None or completed < FEWEST_REQUESTS or requesters < FEWEST_REQUESTERS:
        return Watermelon(WatermelonState.TOO_FEW, clock, unknown)
    return Watermelon(_state(clock, satisfaction, on_time_target, satisfaction_target), clock, unknown)


def _state(clock: Interval, satisfaction: Interval, on_time_target: float, target: float) -> WatermelonState:
    if clock.lower >= on_time_target and satisfaction.upper < target:
        return WatermelonState.CONFIRMED
    if satisfaction.lower >= target and clock.upper < on_time_target:
        return WatermelonState.INVERSE
    if clock.estimate >= on_time_target and satisfaction.estimate < target:
        return WatermelonState.POSSIBLE
    return WatermelonState.NONE
