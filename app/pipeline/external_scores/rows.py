"""Record what customers say of touchpoints: single responses and published totals, upserted by their natural keys."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, TypeVar, cast

from sqlalchemy import Table, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.domain.instruments import Instrument
from app.domain.periods import Calendar
from app.foundations.crypto import Keys
from app.foundations.languages import gettext, mark
from app.imports.external_scores import ExternalResponseRow, ExternalTotalRow
from app.imports.faults import Fault, RowsRefused
from app.models.base import Base
from app.models.connections import Connection
from app.models.external_scores import ExternalResponse, ExternalTotal
from app.models.instruments import known_instruments

_POINT = re.compile(r"-?\d{1,4}")  # of a scale; a longer one costs int() its time
WIDEST = 0.7072  # standard deviations over the width of a scale: two answers, one at each end
CHUNK = 500  # rows of one statement: SQLite binds 32,766 values at most

Row = TypeVar("Row", ExternalResponseRow, ExternalTotalRow)
Values = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What an import of scores did; `faults` are the rows left out."""

    new: int
    changed: int
    unchanged: int
    faults: tuple[Fault, ...] = ()


def record_responses(
    session: Session,
    rows: Iterable[ExternalResponseRow],
    *,
    source: Connection,
    calendar: Calendar,
    keys: Keys,
    file: str = "",
    skip_bad_rows: bool = False,
) -> Recorded:
    """Store customers' responses, each once per (source, response_id); the same again changes nothing.

    Raises RowsRefused for an unknown instrument or a score that is none of its points, unless bad rows are skipped.
    """

    def values(row: ExternalResponseRow) -> Values:
        found = {name: getattr(row, name) for name in ("touchpoint", "dimension", "instrument", "score", "answered_at")}
        found["period"] = str(calendar.period_of(row.answered_at))
        if "respondent" in row.given:
            found["respondent"] = row.respondent and keys.hash("respondent", source.slug, row.respondent)
        if "comment" in row.given:
            found["comment"] = row.comment
        return {"source_id": source.id, "response_id": row.response_id} | found

    store = _Store(session, ExternalResponse, ("response_id",), source)
    check = _Check(session, file, _response_complaints)
    return _recorded(store, check, rows, values, skip_bad_rows=skip_bad_rows)


def record_totals(
    session: Session,
    rows: Iterable[ExternalTotalRow],
    *,
    source: Connection,
    file: str = "",
    skip_bad_rows: bool = False,
) -> Recorded:
    """Store published totals, each once per (source, touchpoint, dimension, instrument, period).

    The figures of a row belong together and replace all that were stored: a mean never stands beside an older count.
    A row without n is kept and quoted, never computed with. Raises RowsRefused as `record_responses` does.
    """
    key = ("touchpoint", "dimension", "instrument", "period")
    figures = ("n", "positive", "positive_share", "mean", "standard_deviation", "nps")

    def values(row: ExternalTotalRow) -> Values:
        found = {name: getattr(row, name) for name in (*key, *figures)}
        found["counts"] = None if row.counts is None else {point: int(count) for point, count in row.counts}
        if "source_url" in row.given:
            found["source_url"] = row.source_url
        return {"source_id": source.id} | found

    store = _Store(session, ExternalTotal, key, source)
    check = _Check(session, file, _total_complaints)
    return _recorded(store, check, rows, values, skip_bad_rows=skip_bad_rows)


def _recorded(
    store: "_Store", check: "_Check", rows: Iterable[Row], values: Callable[[Row], Values], *, skip_bad_rows: bool
) -> Recorded:
    remaining = iter(check.fitting(rows))
    while chunk := [values(row) for row in islice(remaining, CHUNK)]:
        store.keep(chunk)
    if check.faults and not skip_bad_rows:
        raise RowsRefused(*check.faults)
    return Recorded(new=store.new, changed=store.changed, unchanged=store.unchanged, faults=tuple(check.faults))


class _Check:
    """Lets rows pass whose instrument is known and whose figures fit it; keeps the faults of the others."""

    def __init__(
        self, session: Session, file: str, complaints: Callable[[Any, Instrument], Iterator[tuple[str, str]]]
    ) -> None:
        self._instruments = known_instruments(session)
        self._file = file
        self._complaints = complaints
        self.faults: list[Fault] = []

    def fitting(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows that can be stored."""
        for row in rows:
            found = list(self._wrong(row))
            self.faults.extend(found)
            if not found:
                yield row

    def _wrong(self, row: Row) -> Iterator[Fault]:
        instrument = self._instruments.get(row.instrument)
        if instrument is None:
            sentence = gettext("'%(name)s' is not known", name=row.instrument)
            yield Fault(self._file, row.line, "instrument", sentence, "instruments")
        else:
            for column, sentence in self._complaints(row, instrument):
                yield Fault(self._file, row.line, column, sentence)


def _response_complaints(row: ExternalResponseRow, instrument: Instrument) -> Iterator[tuple[str, str]]:
    if instrument.scale is None:
        yield "instrument", gettext("%(name)s is for totals: a single response has points", name=instrument.name)
    elif row.score is not None and not instrument.scale.lowest <= row.score <= instrument.scale.highest:
        yield "score", _outside(f"{row.score:g}", instrument)
    elif row.score is not None and not row.score.is_integer():
        sentence = mark("%(value)s is no point of %(name)s, which runs from %(lowest)s to %(highest)s in whole points")
        yield "score", _outside(f"{row.score:g}", instrument, sentence)


def _total_complaints(row: ExternalTotalRow, instrument: Instrument) -> Iterator[tuple[str, str]]:
    scale = instrument.scale
    if scale is None:
        if row.positive is None and row.positive_share is None:
            yield "positive_share", gettext("%(name)s needs positive or positive_share", name=instrument.name)
        return
    for point, _ in row.counts or ():
        if not (_POINT.fullmatch(point) and int(point) in scale):
            yield "counts", _outside(point, instrument)
    if row.mean is not None and not scale.lowest <= row.mean <= scale.highest:
        yield "mean", _outside(f"{row.mean:g}", instrument)
    if row.standard_deviation is not None and row.standard_deviation > WIDEST * (scale.highest - scale.lowest):
        sentence = mark("%(value)s is more than answers to %(name)s can spread, from %(lowest)s to %(highest)s")
        yield "standard_deviation", _outside(f"{row.standard_deviation:g}", instrument, sentence)
    if row.nps is not None and (scale.lowest, scale.highest) != (0, 10):
        yield "nps", gettext("%(name)s has no NPS: that takes a question from 0 to 10", name=instrument.name)


_OUTSIDE = mark("%(value)s lies outside %(name)s, which runs from %(lowest)s to %(highest)s")


def _outside(value: str, instrument: Instrument, sentence: str = _OUTSIDE) -> str:
    scale = instrument.scale
    assert scale is not None
    return gettext(sentence, value=value, name=instrument.name, lowest=scale.lowest, highest=scale.highest)


class _Store:
    """Upserts chunks of rows into one table and counts what that changed."""

    def __init__(self, session: Session, table: type[Base], key: tuple[str, ...], source: Connection) -> None:
        self._session = session
        self._table = cast("Table", table.__table__)
        self._key = key
        self._source = source
        self.new = self.changed = self.unchanged = 0

    def keep(self, chunk: list[Values]) -> None:
        """Write the rows of a chunk that are new or say something else than the stored ones."""
        stored = self._stored(chunk)
        kept = []
        for values in chunk:
            before = stored.get(self._key_of(values))
            if before is None:
                self.new += 1
            elif all(before[name] == value for name, value in values.items()):
                self.unchanged += 1
                continue
            else:
                self.changed += 1
            kept.append(values)
        for _, alike in groupby(sorted(kept, key=sorted), key=sorted):  # rows that give the same columns
            self._upsert(list(alike))

    def _key_of(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(values[name] for name in self._key)

    def _stored(self, chunk: list[Values]) -> dict[tuple[Any, ...], dict[str, Any]]:
        columns = [self._table.c[name] for name in self._key]
        wanted = [self._key_of(values) for values in chunk]
        found = select(self._table).where(
            self._table.c.source_id == self._source.id,
            columns[0].in_([key[0] for key in wanted]) if len(columns) == 1 else tuple_(*columns).in_(wanted),
        )
        rows = [dict(row) for row in self._session.execute(found).mappings()]
        return {self._key_of(row): row for row in rows}

    def _upsert(self, rows: list[Values]) -> None:
        """Write rows that all have the same columns; another import of the same rows at the same time is no fault."""
        insert = sqlite.insert if self._session.get_bind().dialect.name == "sqlite" else postgresql.insert
        statement = insert(self._table)
        told = {name: statement.excluded[name] for name in rows[0] if name not in {"source_id", *self._key}}
        again = statement.on_conflict_do_update(index_elements=["source_id", *self._key], set_=told)
        self._session.execute(again, rows)
