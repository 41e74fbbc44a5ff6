"""Read what customers said in a quarter into measures per touchpoint and dimension."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.instruments import Instrument, Item, built_in, item_named, own_instrument
from app.domain.instruments.external import Construct
from app.domain.periods import Calendar, Period
from app.domain.scorecards.external import Dimension, Measured, class_of, dimension
from app.models.departments import TouchpointWeight
from app.models.external_scores import ExternalResponse, ExternalTotal
from app.models.instruments import CustomInstrument


@dataclass
class _Sum:
    """Totals of several months, added by counts; one without n makes the sum unknown."""

    n: int | None = None
    counts: dict[int, int] = field(default_factory=dict)
    positive: float = 0
    rows: int = 0
    has_positive: bool = True
    quoted: float | None = None
    mean: float | None = None
    standard_deviation: float | None = None
    nps: float | None = None


Key = tuple[str, str, str]  # touchpoint, dimension, instrument


def touchpoint_weights(session: Session, period: str) -> dict[int, dict[str, float]]:
    """Return each department's touchpoint weights in force in the quarter."""
    query = select(TouchpointWeight).where(TouchpointWeight.from_period <= period)
    versions: defaultdict[int, dict[str, dict[str, float]]] = defaultdict(dict)
    for row in session.scalars(query):
        versions[row.department_id].setdefault(row.from_period, {})[row.touchpoint] = row.weight
    return {department: found[max(found)] for department, found in versions.items()}


def read_measures(session: Session, calendar: Calendar, period: Period) -> dict[str, list[Measured]]:
    """Return all measures of a quarter by dimension; response counts and totals of the same question are added."""
    instruments = _instruments(session)
    sums: defaultdict[Key, _Sum] = defaultdict(_Sum)
    _add_responses(session, str(period), sums)
    _add_totals(session, calendar, period, sums)
    measures: defaultdict[str, list[Measured]] = defaultdict(list)
    for (touchpoint, name, instrument), total in sorted(sums.items()):
        if instrument in instruments and item_named(name) is not None:
            measures[name].append(_measured(touchpoint, instruments[instrument], total))
    return dict(measures)


def dimensions_of(measures: Mapping[str, list[Measured]], weights: dict[str, float]) -> dict[Item, Dimension]:
    """Put every dimension of one department together."""
    found = {item: dimension(item, measures.get(item.value, []), weights) for item in Item}
    return {item: outside for item, outside in found.items() if outside is not None}


def touchpoint_list(measures: Mapping[str, list[Measured]], weights: dict[str, float]) -> list[dict[str, Any]]:
    """Return the touchpoints of one department with instrument and n, as a scorecard lists them."""
    return [
        _touchpoint_row(item, measured, weight)
        for touchpoint, weight in sorted(weights.items())
        for item in Item
        for measured in measures.get(item.value, [])
        if measured.touchpoint == touchpoint
    ]


def _touchpoint_row(item: Item, measured: Measured, weight: float) -> dict[str, Any]:
    n = measured.n or sum(measured.counts)
    row: dict[str, Any] = {
        "code": measured.touchpoint,
        "weight": weight,
        "dimension": item.value,
        "instrument": measured.instrument.name,
        "comparability": class_of(item, measured).value,
    }
    if n:
        row["n"] = n
    if measured.quoted is not None:
        row["quoted_share"] = measured.quoted
    if measured.nps is not None:
        row["nps"] = measured.nps
    return row


def _instruments(session: Session) -> dict[str, Instrument]:
    found = {}
    for row in session.scalars(select(CustomInstrument)):
        found[row.name] = own_instrument(
            row.name, Construct(row.construct), lowest=row.lowest, highest=row.highest, reverse=row.is_reversed
        )
    names = session.scalars(select(ExternalResponse.instrument).union(select(ExternalTotal.instrument)))
    return found | {name: known for name in names if (known := built_in(name)) is not None}


def _add_responses(session: Session, period: str, sums: defaultdict[Key, _Sum]) -> None:
    columns = (
        ExternalResponse.touchpoint,
        ExternalResponse.dimension,
        ExternalResponse.instrument,
        ExternalResponse.score,
    )
    query = (
        select(*columns, func.count())
        .where(ExternalResponse.period == period, ExternalResponse.score.is_not(None))
        .group_by(*columns)
    )
    for touchpoint, name, instrument, score, count in session.execute(query):
        total = sums[touchpoint, name, instrument]
        total.counts[round(score)] = total.counts.get(round(score), 0) + count
        total.n = (total.n or 0) + count
        total.has_positive = False
        total.rows += 1


def _add_totals(session: Session, calendar: Calendar, period: Period, sums: defaultdict[Key, _Sum]) -> None:
    months = _months(calendar, period)
    query = select(ExternalTotal).where(ExternalTotal.period.in_([str(period), *months]))
    rows = session.scalars(query.order_by(ExternalTotal.period, ExternalTotal.source_id)).all()
    whole = {
        (row.source_id, row.touchpoint, row.dimension, row.instrument) for row in rows if row.period == str(period)
    }
    for row in rows:
        told_whole = (row.source_id, row.touchpoint, row.dimension, row.instrument) in whole
        if row.period == str(period) or not told_whole:  # months beside their own quarter would count twice
            _add_total(sums[row.touchpoint, row.dimension, row.instrument], row)


def _add_total(total: _Sum, row: ExternalTotal) -> None:
    counts = {int(point): int(count) for point, count in (row.counts or {}).items()}
    n = row.n if row.n is not None else (sum(counts.values()) or None)
    positive = row.positive if row.positive is not None else None
    if positive is None and row.positive_share is not None and n is not None:
        positive = row.positive_share * n  # type: ignore[assignment]
    if n is None:
        total.quoted = row.positive_share if total.rows == 0 else None
    else:
        total.n = (total.n or 0) + n
    for point, count in counts.items():
        total.counts[point] = total.counts.get(point, 0) + count
    if positive is None:
        total.has_positive = total.has_positive and bool(counts)
    else:
        total.positive += positive
    total.mean, total.standard_deviation = row.mean, row.standard_deviation
    total.nps = row.nps
    total.rows += 1


def _measured(touchpoint: str, instrument: Instrument, total: _Sum) -> Measured:
    scale = instrument.scale
    complete = scale is not None and sum(total.counts.values()) == total.n and total.n is not None
    counts = tuple(total.counts.get(point, 0) for point in scale.points) if complete and scale is not None else ()
    alone = total.rows == 1
    return Measured(
        touchpoint=touchpoint,
        instrument=instrument,
        n=total.n,
        counts=counts,
        positive=total.positive if total.has_positive and total.n and not counts else None,
        mean=total.mean if alone else None,
        standard_deviation=total.standard_deviation if alone else None,
        nps=total.nps if alone else None,
        quoted=total.quoted,
    )


def _months(calendar: Calendar, period: Period) -> list[str]:
    first = calendar.first_day(period)
    return [f"{first.year + (first.month - 1 + i) // 12:04d}-{(first.month - 1 + i) % 12 + 1:02d}" for i in range(3)]
