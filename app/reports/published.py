"""Values of a scorecard as they were published: rounded, thresholds applied, hidden ones absent.

Pictures, tables and documents take these; nothing here computes a figure or a verdict (rules.md §3–5).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

#: A scorecard document as `interface.md` shows it: JSON values only.
Document = Mapping[str, Any]

COARSE_METHOD = "wilson_coarse"
HEADLINE_ITEM = "csat_overall"

#: Dimensions in the order in which people read them, overall first (charts.md, chart 3).
ITEM_ORDER = (
    HEADLINE_ITEM,
    "timeliness",
    "result_quality",
    "communication",
    "effort",
    "trust",
    "professionalism",
    "cooperation",
    "recommend",
)


@dataclass(frozen=True)
class Interval:
    """An estimate with its interval: shares 0..1 or scores 0..100; `n` is the n of the formula."""

    estimate: float
    lower: float
    upper: float
    n: float
    answers: int
    method: str = ""

    @property
    def is_coarse(self) -> bool:
        """True for 5 to 9 people: tenths and words, never a point."""
        return self.method == COARSE_METHOD


@dataclass(frozen=True)
class Difference:
    """Inside minus outside with its interval; `n` is (inside, outside)."""

    estimate: float
    lower: float
    upper: float
    n: tuple[float, float]

    def in_points(self) -> "Difference":
        """Return a difference of shares (-1..1) as percentage points."""
        return Difference(self.estimate * 100, self.lower * 100, self.upper * 100, self.n)


class Measure(StrEnum):
    """What a chart's axis shows."""

    SHARE = "share"  # 0..1, the favourable share
    SCORE = "score"  # 0..100, the mean: classes B and C


class PointState(StrEnum):
    """Why a quarter has no figure of colleagues, or that it has one."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    NO_ANSWERS = "no_answers"
    NOT_MEASURED = "not_measured"


@dataclass(frozen=True)
class TrendPoint:
    """One quarter of a trend; `state` speaks of colleagues, customers are there or not."""

    period: str
    internal: Interval | None = None
    external: Interval | None = None
    state: PointState = PointState.SHOWN
    new_questions: bool = False  # this quarter asked with a new instrument version


@dataclass(frozen=True)
class Distribution:
    """Shares per point, lowest first, and the favourable share with its interval."""

    shares: tuple[float, ...]
    favourable: Interval
    favourable_points: int = 2


@dataclass(frozen=True)
class GapRow:
    """One dimension's gap in points (-100..100), or the reason why there is none."""

    item: str
    comparability: str
    verdict: str
    gap: Difference | None = None
    internal: Interval | None = None
    internal_measure: Measure = Measure.SHARE
    external: Interval | None = None
    external_measure: Measure = Measure.SHARE  # another one than inside where the questions differ (D, E)


def read_interval(value: Mapping[str, Any] | None) -> Interval | None:
    """Return the interval of a document, None where it is absent."""
    if not value:
        return None
    return Interval(
        value["estimate"],
        value["lower"],
        value["upper"],
        value["n"],
        value.get("answers", round(value["n"])),
        value.get("method", ""),
    )


def read_difference(value: Mapping[str, Any] | None) -> Difference | None:
    """Return the difference of a document, None where it is absent."""
    if not value:
        return None
    inside, outside = value["n"]
    return Difference(value["estimate"], value["lower"], value["upper"], (inside, outside))


def in_order(items: Sequence[str] | Mapping[str, Any]) -> list[str]:
    """Return item ids in reading order; unknown ones last, by name."""
    return sorted(items, key=lambda item: (ITEM_ORDER.index(item) if item in ITEM_ORDER else len(ITEM_ORDER), item))
