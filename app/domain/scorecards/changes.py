"""Against the quarters before: change from published figures, trend with its signals. Reads frozen documents only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.scorecards.publish import COARSE_BELOW, Json, score_gap, share_gap
from app.domain.statistics import p_chart_limits, square_and_add

QUARTERS_SHOWN = 8
LIMITS_FROM = 6  # quarters, before which a chart has no limits (Wheeler; docs/methods.md)


@dataclass(frozen=True)
class PublishedEstimate:
    """An interval as it was printed, for differences between documents."""

    estimate: float
    lower: float
    upper: float
    n: float


def read_published(value: Json | None) -> PublishedEstimate | None:
    """Return a printed interval that may be compared: from 10 requesters up."""
    if not value or value["method"] == "wilson_coarse" or value["n"] < COARSE_BELOW:
        return None
    return PublishedEstimate(value["estimate"], value["lower"], value["upper"], value["n"])


def change_of(now: Json, before: Json | None, previous: str) -> Json:
    """Return the change of one item against the quarter before; the verdict uses the interval alone."""
    found: Json = {"previous": previous}
    pairs = {
        measure: (read_published(now.get(measure)), read_published((before or {}).get(measure)))
        for measure in ("top_two_box", "score_0_100")
    }
    for measure, write in (("top_two_box", share_gap), ("score_0_100", score_gap)):
        here, there = pairs[measure]
        if here is not None and there is not None and before is not None:
            answers = (now[measure]["answers"], before[measure]["answers"])
            found[measure] = write(square_and_add(here, there), (here.n, there.n), answers, "square_and_add")
    if "top_two_box" not in found:
        return {"previous": previous, "verdict": "too_few"}
    found["shares"] = [now["top_two_box"]["estimate"], (before or {})["top_two_box"]["estimate"]]
    interval = found["top_two_box"]
    if interval["lower"] > 0:
        return found | {"verdict": "better"}
    return found | {"verdict": "worse" if interval["upper"] < 0 else "no_evidence"}


def trend_of(earlier: Sequence[tuple[str, Json | None]], period: str, now: Json | None) -> list[Json]:
    """Return the last eight quarters with their headline interval and whether it signals (p-chart, three sigma)."""
    points = [*earlier[-(QUARTERS_SHOWN - 1) :], (period, now)]
    visible = [(name, found) for name, value in points if (found := read_published(value)) is not None]
    signals: set[str] = set()
    if len(visible) >= LIMITS_FROM:
        shares = [found.estimate * found.n for _, found in visible]
        limits = p_chart_limits(shares, [found.n for _, found in visible])
        signals = {visible[index - 1][0] for index in limits.out_of_control}
    return [_point(name, value, signal=name in signals) for name, value in points]


def _point(name: str, value: Json | None, *, signal: bool) -> Json:
    point: dict[str, Any] = {"period": name}
    if value:
        point["top_two_box"] = value
    return point | {"signal": signal}
