"""Durations in 5 %-wide logarithmic bins: quantiles are off by at most 2.5 % (said on the method page)."""

import math
from collections.abc import Mapping
from datetime import timedelta

BIN_WIDTH = math.log(1.05)
SHORTEST = 60.0  # seconds; anything shorter counts as a minute


def duration_bin(duration: timedelta) -> int:
    """Return the bin of a duration; 0 holds everything up to a minute."""
    seconds = max(duration.total_seconds(), SHORTEST)
    return math.floor(math.log(seconds / SHORTEST) / BIN_WIDTH)


def bin_middle(index: int) -> timedelta:
    """Return the geometric middle of a bin."""
    return timedelta(seconds=SHORTEST * math.exp((index + 0.5) * BIN_WIDTH))


def target_bin(duration: timedelta, target: timedelta) -> int:
    """Return the bin of a duration as a part of its target, 5 % wide; 0 and below are within the target.

    Raises ValueError for a target of no length.
    """
    if target <= timedelta(0):
        raise ValueError(f"target must be longer than nothing, not {target}")
    part = max(duration, timedelta(seconds=1)) / target
    return math.ceil(round(math.log(part) / BIN_WIDTH, 9))


def of_target(index: int) -> float:
    """Return the upper end of a bin of `target_bin`, in targets: 1 for bin 0."""
    return math.exp(index * BIN_WIDTH)


def quantile(histogram: Mapping[int, int], share: float) -> timedelta | None:
    """Return the middle of the bin in which the share (0..1) of all durations is reached; None without any."""
    total = sum(histogram.values())
    reached = 0
    for index in sorted(histogram):
        reached += histogram[index]
        if total and reached >= share * total:
            return bin_middle(index)
    return None
