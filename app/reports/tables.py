"""The values of the pictures as table rows, for page, mail and document: the same figures, written once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.scorecards.publish import COMPARABLE_FROM
from app.domain.sentences import coarse_word
from app.foundations.languages import gettext
from app.reports import numbers
from app.reports.dimensions import coarse_name, dimension_name, verdict_name
from app.reports.published import (
    Document,
    GapRow,
    Interval,
    Measure,
    PointState,
    TrendPoint,
    in_order,
    read_difference,
    read_interval,
)
from app.reports.quarters import quarter_words
from app.reports.trends import Trend

NOTHING = "–"
_FIGURES = {Measure.SHARE: "top_two_box", Measure.SCORE: "score_0_100"}


@dataclass(frozen=True)
class Cell:
    """One side of a row: value, interval and n as text; `is_hidden` where the value may not be shown."""

    value: str
    range: str = ""
    n: str = ""
    is_hidden: bool = False


@dataclass(frozen=True)
class DimensionRow:
    """One dimension, colleagues beside customers; `verdict` is the key, `verdict_word` its word."""

    item: str
    name: str
    internal: Cell
    external: Cell
    gap: str
    gap_range: str
    verdict: str
    verdict_word: str
    comparability: str


@dataclass(frozen=True)
class TrendRow:
    """One quarter of the trend, named by its months."""

    quarter: str
    internal: Cell
    external: Cell


def gap_rows(document: Document) -> list[GapRow]:
    """Return every dimension that has a figure or a hidden one, in reading order, gaps in points."""
    inside, outside, gaps = (document.get(part, {}) for part in ("internal", "external", "gap"))
    hidden = {what for entry in document.get("suppressed", []) if (what := _item_of(entry["what"]))}
    items = set(inside) | (set(outside) - {"touchpoints"}) | set(gaps) | hidden
    return [_gap_row(item, document) for item in in_order(sorted(items))]


def _item_of(what: str) -> str | None:
    return what.removeprefix("internal.") if what.startswith("internal.") else None


def _gap_row(item: str, document: Document) -> GapRow:
    inside, outside, gap = (document.get(part, {}).get(item, {}) for part in ("internal", "external", "gap"))
    letter = gap.get("comparability", "")
    by_means = letter in {"B", "C"} or ("score_0_100" in gap and "top_two_box" not in gap)
    preferred = Measure.SCORE if by_means else Measure.SHARE
    difference = read_difference(gap.get(_FIGURES[preferred]))
    if difference and preferred is Measure.SHARE:
        difference = difference.in_points()
    return GapRow(
        item, letter, gap.get("verdict", ""), difference, *_side(inside, preferred), *_side(outside, preferred)
    )


def _side(part: Mapping[str, Any], preferred: Measure) -> tuple[Interval | None, Measure]:
    """Return the side's figure in the measure of the comparison, else in the one it has."""
    for measure in sorted(Measure, key=lambda measure: measure is not preferred):
        figure = read_interval(part.get(_FIGURES[measure]))
        if figure:
            return figure, measure
    return None, preferred


def dimension_rows(document: Document) -> list[DimensionRow]:
    """Return the table of dimensions in the language of the moment."""
    hidden = {_item_of(entry["what"]) for entry in document.get("suppressed", [])}
    return [_dimension_row(row, is_hidden=row.item in hidden) for row in gap_rows(document)]


def _dimension_row(row: GapRow, *, is_hidden: bool) -> DimensionRow:
    gap = numbers.signed(row.gap.estimate) if row.gap else NOTHING
    span = numbers.words(row.gap.lower, row.gap.upper, signs=True) if row.gap else ""
    return DimensionRow(
        row.item,
        dimension_name(row.item),
        cell(row.internal, row.internal_measure, is_hidden=is_hidden),
        cell(row.external, row.external_measure),
        gap,
        span,
        row.verdict,
        _verdict_word(row),
        row.comparability,
    )


def _verdict_word(row: GapRow) -> str:
    """Return the word of a verdict; where people are too few, how many there are of those needed."""
    fewest = min((round(side.n) for side in (row.internal, row.external) if side), default=0)
    if row.verdict == "too_few" and 0 < fewest < COMPARABLE_FROM:
        return gettext("%(n)s of the %(needed)s needed", n=fewest, needed=COMPARABLE_FROM)
    return verdict_name(row.verdict) if row.verdict else ""


def trend_rows(trend: Trend) -> list[TrendRow]:
    """Return the table below the trend in the language of the moment."""
    return [
        TrendRow(
            quarter_words(trend.calendar, point.period),
            _point_cell(point, trend.measure),
            cell(point.external, trend.measure),
        )
        for point in trend.points
    ]


def customer_rows(trend: Trend) -> list[TrendRow]:
    """Return the table below the customers' own chart, where they were asked something else."""
    return [
        TrendRow(
            quarter_words(trend.calendar, point.period), Cell(NOTHING), cell(point.external, trend.customers_measure)
        )
        for point in trend.customers
    ]


def _point_cell(point: TrendPoint, measure: Measure) -> Cell:
    if point.state is PointState.SHOWN:
        return cell(point.internal, measure)
    return Cell(state_word(point.state), is_hidden=point.state is PointState.HIDDEN)


def cell(figure: Interval | None, measure: Measure, *, is_hidden: bool = False) -> Cell:
    """Write one figure; 5 to 9 people get a word and no interval."""
    if is_hidden or figure is None:
        return Cell(gettext("hidden"), is_hidden=True) if is_hidden else Cell(NOTHING)
    n = numbers.whole(figure.n)
    if figure.is_coarse:
        return Cell(coarse_name(coarse_word(figure.estimate)), "", n)
    return Cell(numbers.value(figure.estimate, measure), numbers.interval(figure, measure), n)


def state_word(state: PointState) -> str:
    """Return why a quarter has no figure, in the language of the moment."""
    if state is PointState.HIDDEN:
        return gettext("hidden")
    return gettext("no answers") if state is PointState.NO_ANSWERS else gettext("not measured yet")
