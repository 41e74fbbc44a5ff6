"""From a figure to what is printed: thresholds by distinct requesters, rounding before freezing.

Rules of the headline, Publication thresholds: 5-9 requesters coarse tenths, from 10 whole points and decimals.
"""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

CONFIDENCE = 0.95
COARSE_BELOW = 10  # requesters
COARSE_METHOD = "wilson_coarse"
COMPARABLE_FROM = 30  # requesters inside, answers outside
ROUNDING = 1e-9  # what sums of real numbers miss by: 0.80 - 0.75 is not more than 0.05

Json = dict[str, Any]


class Estimate(Protocol):
    """What every interval of app.domain.statistics offers."""

    @property
    def estimate(self) -> float: ...
    @property
    def lower(self) -> float: ...
    @property
    def upper(self) -> float: ...
    @property
    def n(self) -> float: ...


class Spread(Protocol):
    """A difference with its bounds."""

    @property
    def difference(self) -> float: ...
    @property
    def lower(self) -> float: ...
    @property
    def upper(self) -> float: ...


@dataclass(frozen=True)
class Thresholds:
    """Minimum groups in distinct requesters: for scores and for comments."""

    group: int = 5
    comments: int = 10


def share_interval(found: Estimate, answers: int, method: str = "wilson") -> Json:
    """Return a share as published from 10 requesters up: 0..1 in whole points."""
    return _interval(found, answers, method, 2)


def coarse_interval(found: Estimate, answers: int) -> Json:
    """Return a share as published for 5-9 requesters: tenths, the estimate held within 0.1..0.9."""
    tenths = min(max(_half_up(found.estimate * 10), 1), 9)
    return {
        "estimate": tenths / 10,
        "lower": math.floor(found.lower * 10 + ROUNDING) / 10,
        "upper": math.ceil(found.upper * 10 - ROUNDING) / 10,
        "n": _n(found.n),
        "answers": answers,
        "method": COARSE_METHOD,
    }


def score_interval(found: Estimate, answers: int, method: str = "mean_adjusted") -> Json:
    """Return a score 0..100 with one decimal."""
    return _interval(found, answers, method, 1)


def nps_interval(found: Estimate, answers: int, method: str) -> Json:
    """Return an NPS in points -100..100 with one decimal."""
    return _interval(found, answers, method, 1)


def share_gap(found: Spread, n: tuple[float, float], answers: tuple[int, int], method: str) -> Json:
    """Return a difference of shares in whole points."""
    return _difference(found, n, answers, method, 2)


def score_gap(found: Spread, n: tuple[float, float], answers: tuple[int, int], method: str) -> Json:
    """Return a difference of scores with one decimal."""
    return _difference(found, n, answers, method, 1)


def instant(moment: datetime) -> str:
    """Write a moment in UTC as documents do: 2026-10-15T00:00:00Z."""
    return moment.isoformat().replace("+00:00", "Z")


def rounded(value: float, digits: int) -> float:
    """Round half away from zero on the decimal the reader sees; never a negative zero."""
    scaled = _half_up(abs(value) * 10**digits) / 10**digits
    return math.copysign(scaled, value) if scaled else 0.0


def _interval(found: Estimate, answers: int, method: str, digits: int) -> Json:
    return {
        "estimate": rounded(found.estimate, digits),
        "lower": rounded(found.lower, digits),
        "upper": rounded(found.upper, digits),
        "n": _n(found.n),
        "answers": answers,
        "method": method,
    }


def _difference(found: Spread, n: tuple[float, float], answers: tuple[int, int], method: str, digits: int) -> Json:
    return {
        "estimate": rounded(found.difference, digits),
        "lower": rounded(found.lower, digits),
        "upper": rounded(found.upper, digits),
        "n": [_n(n[0]), _n(n[1])],
        "answers": list(answers),
        "method": method,
    }


def _n(value: float) -> float | int:
    """Counts of people stay whole (sums of their shares too); an effective n keeps one decimal."""
    return round(value) if abs(value - round(value)) < ROUNDING else rounded(value, 1)


def _half_up(value: float) -> int:
    return math.floor(value + 0.5 + ROUNDING)
