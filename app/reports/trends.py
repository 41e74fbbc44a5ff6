"""The eight slots of a trend from frozen documents: this quarter's and those issued before it."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.periods import Calendar, Period
from app.reports.published import (
    HEADLINE_ITEM,
    Document,
    Interval,
    Measure,
    PointState,
    TrendPoint,
    read_interval,
)

SLOTS = 8  # always eight, so that pages of old and young departments line up
_FIGURES = {Measure.SHARE: "top_two_box", Measure.SCORE: "score_0_100"}


@dataclass(frozen=True)
class Trend:
    """Quarters oldest first; customers stand beside colleagues only where the measure is the same (classes A to C)."""

    points: tuple[TrendPoint, ...]
    measure: Measure
    comparability: str | None  # of the newest quarter; None: no customers at all
    calendar: Calendar  # which months a quarter spans
    customers: tuple[TrendPoint, ...] = ()  # class D: what customers answered to another question, apart
    customers_measure: Measure = Measure.SHARE

    @property
    def has_customers(self) -> bool:
        return any(point.external for point in self.points)


def trend_of(
    document: Document, earlier: Mapping[str, Document], calendar: Calendar, *, measure: Measure | None = None
) -> Trend:
    """Return the trend up to `document`; `earlier` are frozen documents of the same department by period.

    The measure is the one that both sides share, unless the caller sets departments beside each other in one.
    """
    measure = measure or _shared_measure(document) or Measure.SHARE
    if _inside(document, measure) is None:
        measure = Measure.SHARE  # 5 to 9 people have no mean
    last = Period.parse(document["period"])
    documents = {**earlier, document["period"]: document}
    first = min(documents)
    points = []
    for slot in range(SLOTS):
        period = str(last.shifted(slot + 1 - SLOTS))
        points.append(_point(period, documents, measure, started=period >= first))
    return Trend(tuple(points), measure, _comparability(document), calendar, *_apart(document, documents))


def _apart(document: Document, documents: Mapping[str, Document]) -> tuple[tuple[TrendPoint, ...], Measure]:
    """Return the customers' own quarters and measure where they answered another question; else nothing."""
    measure = next((measure for measure in Measure if _outside(document, measure)), Measure.SHARE)
    if _comparability(document) != "D":
        return (), measure
    last = Period.parse(document["period"])
    periods = [str(last.shifted(slot + 1 - SLOTS)) for slot in range(SLOTS)]
    return tuple(_customers_point(period, documents.get(period), measure) for period in periods), measure


def _customers_point(period: str, document: Document | None, measure: Measure) -> TrendPoint:
    figure = _outside(document, measure) if document and _comparability(document) == "D" else None
    return TrendPoint(period, external=figure, state=PointState.SHOWN if figure else PointState.NO_ANSWERS)


def _point(period: str, documents: Mapping[str, Document], measure: Measure, *, started: bool) -> TrendPoint:
    document = documents.get(period)
    if document is None:
        return TrendPoint(period, state=PointState.NO_ANSWERS if started else PointState.NOT_MEASURED)
    inside = _inside(document, measure)
    shared = _shared_measure(document) is measure
    return TrendPoint(
        period,
        inside,
        _outside(document, measure) if shared else None,
        PointState.SHOWN if inside else _absence(document),
        new_questions=_asks_anew(document, documents.get(str(Period.parse(period).previous))),
    )


def _inside(document: Document, measure: Measure) -> Interval | None:
    return read_interval(document.get("internal", {}).get(HEADLINE_ITEM, {}).get(_FIGURES[measure]))


def _outside(document: Document, measure: Measure) -> Interval | None:
    return read_interval(document.get("external", {}).get(HEADLINE_ITEM, {}).get(_FIGURES[measure]))


def _shared_measure(document: Document) -> Measure | None:
    """Return in which measure both sides may share an axis: shares for class A, means for A to C, else none."""
    letter = _comparability(document)
    if letter == "A" and _outside(document, Measure.SHARE):
        return Measure.SHARE
    return Measure.SCORE if letter in {"A", "B", "C"} and _outside(document, Measure.SCORE) else None


def _comparability(document: Document) -> str | None:
    headline: Mapping[str, str] = document.get("gap", {}).get(HEADLINE_ITEM, {})
    return headline.get("comparability")


def _absence(document: Document) -> PointState:
    """A quarter without a figure is hidden when the document says that it hides something of colleagues."""
    whats = [entry["what"] for entry in document.get("suppressed", [])]
    answered = HEADLINE_ITEM in document.get("internal", {})
    hidden = answered or any(what in {"internal", HEADLINE_ITEM, f"internal.{HEADLINE_ITEM}"} for what in whats)
    return PointState.HIDDEN if hidden else PointState.NO_ANSWERS


def _asks_anew(document: Document, before: Document | None) -> bool:
    now, then = (each.get("method", {}).get("instrument_versions") if each else None for each in (document, before))
    return bool(now and then and now != then)
