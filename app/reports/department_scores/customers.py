"""Read what customers said in a quarter into measures per touchpoint and dimension."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.instruments import Comparability, Ground, Instrument, Item, ground, item_named
from app.domain.instruments.equating import METHOD, Equating
from app.domain.periods import Calendar, Period
from app.domain.scorecards.external import Dimension, class_of, dimension
from app.domain.scorecards.measured import Measured, added, sums_of_mean
from app.domain.scorecards.publish import rounded
from app.models.departments import TouchpointWeight
from app.models.external_scores import ExternalResponse, ExternalTotal
from app.models.instruments import known_instruments
from app.models.surveys import reworded_in
from app.reports.department_scores.equated import with_equatings

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
    instruments = known_instruments(session, reworded_in(session, str(period)))
    parts: defaultdict[Key, list[Measured]] = defaultdict(list)
    for (touchpoint, name, instrument), counts in _responses(session, str(period)).items():
        if instrument in instruments:
            parts[touchpoint, name, instrument].append(_counted(touchpoint, instruments[instrument], counts))
    for row in _totals(session, calendar, period):
        if row.instrument in instruments:
            parts[row.touchpoint, row.dimension, row.instrument].append(_told(row, instruments[row.instrument]))
    measures: defaultdict[str, list[Measured]] = defaultdict(list)
    for (_, name, _), found in sorted(parts.items(), key=lambda entry: entry[0]):
        if item_named(name) is not None:
            measures[name].append(added(found))
    return with_equatings(session, period, measures, instruments)


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
    row: dict[str, Any] = {
        "code": measured.touchpoint,
        "weight": rounded(weight, 4),
        "dimension": item.value,
        "instrument": measured.instrument.name,
        "comparability": class_of(item, measured).value,
        "why": ground(item, measured.instrument, n_known=bool(measured.n)).value,
    }
    if measured.instrument.scale is not None:
        row["points"] = len(measured.instrument.scale.points)
    if measured.equating is not None and row["comparability"] == Comparability.NEAR_SCALE:
        row |= {"why": Ground.EQUATED.value, "equating": _equating_row(measured.equating)}
    if measured.instrument.notes:
        row["notes"] = measured.instrument.notes
    if row["comparability"] == Comparability.UNKNOWN and measured.source:
        row["source"] = measured.source
    if measured.n:
        row["n"] = measured.n
    if measured.quoted is not None:
        row["quoted_share"] = measured.quoted
    if measured.nps is not None:
        row["nps"] = rounded(measured.nps, 1)
    return row


def _equating_row(found: Equating) -> dict[str, Any]:
    line = {"slope": rounded(found.slope, 4), "intercept": rounded(found.intercept, 2)}
    return line | {"people": found.people, "seed": found.seed, "method": METHOD}


def _responses(session: Session, period: str) -> dict[Key, dict[int, int]]:
    """Return, per touchpoint and question, how many single responses chose each point."""
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
    counts: defaultdict[Key, dict[int, int]] = defaultdict(dict)
    for touchpoint, name, instrument, score, count in session.execute(query):
        counts[touchpoint, name, instrument][round(score)] = count
    return dict(counts)


def _totals(session: Session, calendar: Calendar, period: Period) -> Iterator[ExternalTotal]:
    """Yield the totals told for the quarter, and those of its months where their source told no quarter."""
    months = _months(calendar, period)
    query = select(ExternalTotal).where(ExternalTotal.period.in_([str(period), *months]))
    rows = session.scalars(query.order_by(ExternalTotal.period, ExternalTotal.source_id)).all()
    whole = {_question(row) for row in rows if row.period == str(period)}
    for row in rows:
        if row.period == str(period) or _question(row) not in whole:  # months beside their quarter would count twice
            yield row


def _question(row: ExternalTotal) -> tuple[int, str, str, str]:
    return row.source_id, row.touchpoint, row.dimension, row.instrument


def _counted(touchpoint: str, instrument: Instrument, by_point: Mapping[int, int]) -> Measured:
    scale = instrument.scale
    counts = tuple(by_point.get(point, 0) for point in scale.points) if scale is not None else ()
    return Measured(touchpoint, instrument, n=sum(by_point.values()), counts=counts)


def _told(row: ExternalTotal, instrument: Instrument) -> Measured:
    by_point = {int(point): int(count) for point, count in (row.counts or {}).items()}
    if by_point:
        return _counted(row.touchpoint, instrument, by_point)
    positive: float | None = row.positive
    if positive is None and row.positive_share is not None and row.n is not None:
        positive = row.positive_share * row.n
    return Measured(
        row.touchpoint,
        instrument,
        n=row.n,
        positive=positive,
        sums=sums_of_mean(row.n, row.mean, row.standard_deviation),
        nps=row.nps,
        quoted=row.positive_share if row.n is None else None,
        source=row.source_url,
    )


def _months(calendar: Calendar, period: Period) -> list[str]:
    first = calendar.first_day(period)
    return [f"{first.year + (first.month - 1 + i) // 12:04d}-{(first.month - 1 + i) % 12 + 1:02d}" for i in range(3)]
