"""Months on a control chart: those of this quarter behind those that earlier documents printed, with their signals.

Only printed figures enter: an earlier quarter whose months were hidden leaves a gap.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.scorecards.changes import LIMITS_FROM, PublishedEstimate, method_is_new, read_published
from app.domain.scorecards.cuts import CUT_BLOCKS, MONTH, own_rows
from app.domain.scorecards.publish import Json, rounded
from app.domain.statistics import chart_signals, xmr_limits
from app.domain.statistics.trends import p_chart_bounds

MONTHS_SHOWN = 24
BASELINE = 12  # months that set the limits of a phase: later ones are judged by them and do not shift them
_KINDS = ("outside", "run", "near_limit")  # the first that a month completes is named


@dataclass(frozen=True)
class _Chart:
    """Centre, limits per month and the rule that each month breaks, if any."""

    centre: float
    limits: Sequence[tuple[float, float]]
    rules: Sequence[str | None]


def months_with_history(
    rows: Sequence[Json], method: Json, earlier: Sequence[tuple[str, Mapping[str, Any]]]
) -> list[dict[str, Any]]:
    """Return up to 24 months, oldest first, each with limits, centre, phase and signal where a phase has six.

    rows: the months of this quarter as printed (`value`); those of earlier quarters are named by `period`. A phase ends
    where questions or weighting are new. Shares stand on a p-chart, scores on XmR limits; months of five to nine people
    are on no chart.
    """
    phases = [[{"period": row["value"], **_figures(row)} for row in told] for told in _phases(earlier)]
    if not earlier or method_is_new(earlier[-1][1]["method"], method):
        phases.append([])
    phases[-1] += [dict(row) for row in rows]
    charted = [row for phase, months in enumerate(phases, start=1) for row in _charted(months, phase)]
    return charted[-MONTHS_SHOWN:]


def _figures(row: Json) -> Json:
    return {name: value for name, value in row.items() if name != "value"}


def _phases(earlier: Sequence[tuple[str, Mapping[str, Any]]]) -> Iterator[list[Json]]:
    """Yield the months of each phase of the earlier documents."""
    current: list[Json] = []
    before: Mapping[str, Any] | None = None
    for _, document in earlier:
        if before is not None and method_is_new(before["method"], document["method"]):
            yield current
            current = []
        current = current + own_rows(document, CUT_BLOCKS[MONTH])
        before = document
    if before is not None:
        yield current


def _charted(months: Sequence[dict[str, Any]], phase: int) -> list[dict[str, Any]]:
    shares = _read(months, "top_two_box")
    scores = _read(months, "score_0_100")
    share_chart = _p_chart([found for _, found in shares])
    score_chart = _xmr_chart([found.estimate for _, found in scores])
    marks: list[dict[str, Any]] = [{"signal": False, "phase": phase} for _ in months]
    if share_chart is not None:
        for place, (row, _) in enumerate(shares):
            marks[row] |= _mark(share_chart, place, "", 2)
    if score_chart is not None:
        for place, (row, _) in enumerate(scores):
            marks[row] |= _mark(score_chart, place, "score_", 1)
    return [month | mark for month, mark in zip(months, marks, strict=True)]


def _read(months: Sequence[Json], measure: str) -> list[tuple[int, PublishedEstimate]]:
    found = [(place, read_published(month.get(measure))) for place, month in enumerate(months)]
    return [(place, value) for place, value in found if value is not None]


def _p_chart(shares: Sequence[PublishedEstimate]) -> _Chart | None:
    if len(shares) < LIMITS_FROM:
        return None
    base = shares[:BASELINE]
    centre = sum(found.estimate * found.n for found in base) / sum(found.n for found in base)
    return _judged([found.estimate for found in shares], centre, p_chart_bounds(centre, [found.n for found in shares]))


def _xmr_chart(scores: Sequence[float]) -> _Chart | None:
    if len(scores) < LIMITS_FROM:
        return None
    found = xmr_limits(scores[:BASELINE])
    return _judged(scores, found.center, [(max(0.0, found.lcl), min(100.0, found.ucl))] * len(scores))


def _judged(values: Sequence[float], centre: float, limits: Sequence[tuple[float, float]]) -> _Chart:
    kinds: list[str | None] = [None] * len(values)
    signals = chart_signals(values, centre, [low for low, _ in limits], [high for _, high in limits])
    for signal in sorted(signals, key=lambda signal: _KINDS.index(signal.kind), reverse=True):
        kinds[signal.point - 1] = signal.kind
    return _Chart(centre, limits, kinds)


def _mark(chart: _Chart, place: int, prefix: str, digits: int) -> dict[str, Any]:
    rule = chart.rules[place]
    found: dict[str, Any] = {
        f"{prefix}limits": [rounded(limit, digits) for limit in chart.limits[place]],
        f"{prefix}centre": rounded(chart.centre, digits),
        f"{prefix}signal": rule is not None,
    }
    return found | ({f"{prefix}rule": rule} if rule else {})
