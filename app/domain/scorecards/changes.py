"""Against the quarters before: change from published figures, trend with its signals. Reads frozen documents only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.scorecards.publish import COARSE_METHOD, ROUNDING, Json, score_gap, share_gap
from app.domain.statistics import Difference, chart_signals, p_chart_limits, square_and_add

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
    """Return a printed interval that may be compared: from 10 requesters up (fewer are printed coarsely)."""
    if not value or value["method"] == COARSE_METHOD:
        return None
    return PublishedEstimate(value["estimate"], value["lower"], value["upper"], value["n"])


def change_of(now: Json, before: Json | None, previous: str) -> Json:
    """Return the change of one item against the quarter before; the verdict uses the unrounded interval alone."""
    before = before or {}
    found: Json = {"previous": previous}
    spread = _difference(now, before, "top_two_box")
    if spread is None:
        return found | {"verdict": "too_few"}
    for measure, write in (("top_two_box", share_gap), ("score_0_100", score_gap)):
        difference = _difference(now, before, measure)
        if difference is not None:
            sides = now[measure], before[measure]
            n, answers = (sides[0]["n"], sides[1]["n"]), (sides[0]["answers"], sides[1]["answers"])
            found[measure] = write(difference, n, answers, "square_and_add")
    found["shares"] = [now["top_two_box"]["estimate"], before["top_two_box"]["estimate"]]
    if spread.lower > ROUNDING:
        return found | {"verdict": "better"}
    return found | {"verdict": "worse" if spread.upper < -ROUNDING else "no_evidence"}


def _difference(now: Json, before: Json, measure: str) -> Difference | None:
    here, there = read_published(now.get(measure)), read_published(before.get(measure))
    return square_and_add(here, there) if here is not None and there is not None else None


def method_is_new(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Tell whether two documents asked other questions or counted people and requests differently (`method`)."""
    return questions_are_new(before, now) or before["weighting"] != now["weighting"]


def questions_are_new(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Tell whether two documents have no version of the questions in common."""
    return set(before["instrument_versions"]).isdisjoint(now["instrument_versions"])


def trend_of(earlier: Sequence[tuple[str, Json | None]], period: str, now: Json | None) -> list[Json]:
    """Return the last eight quarters with their headline interval and whether it signals (p-chart).

    Signals: outside three sigma, eight in a row on one side, three of four nearer to a limit than to the centre.
    """
    points = [*earlier[-(QUARTERS_SHOWN - 1) :], (period, now)]
    visible = [(name, found) for name, value in points if (found := read_published(value)) is not None]
    signals: set[str] = set()
    if len(visible) >= LIMITS_FROM:
        shares = [found.estimate for _, found in visible]
        sizes = [found.n for _, found in visible]
        limits = p_chart_limits([share * n for share, n in zip(shares, sizes, strict=True)], sizes)
        found_signals = chart_signals(shares, limits.center, limits.lcl, limits.ucl)
        signals = {visible[signal.point - 1][0] for signal in found_signals}
    return [_point(name, value, signal=name in signals) for name, value in points]


def _point(name: str, value: Json | None, *, signal: bool) -> Json:
    point: dict[str, Any] = {"period": name}
    if value:
        point["top_two_box"] = value
    return point | {"signal": signal}
