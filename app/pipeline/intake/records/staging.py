"""Puts the typed rows of a table into a temporary table of the connection, row by row and with bounded memory."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import JSON, Boolean, Column, Connection, DateTime, Integer, MetaData, String, Table
from sqlalchemy.schema import CreateTable

from app.domain.clocks import CLOCKS_DIFFER
from app.domain.periods import Calendar
from app.foundations.languages import gettext
from app.imports.faults import Ahead, Fault
from app.imports.requests import RequestRow
from app.models.silence import without_values

_MOMENT = DateTime(timezone=True)
STAGED = Table(
    "staged_requests",
    MetaData(),
    Column("line", Integer),
    Column("external_id", String),
    Column("requester_email", String),
    Column("requester_key", String),
    Column("provider", String),
    Column("raw_department", JSON),
    Column("requester_department", String),
    Column("created_at", _MOMENT),
    Column("created_period", String),
    Column("completed_at", _MOMENT),
    Column("period", String),
    Column("month", String),
    Column("at", _MOMENT),
    Column("state", String),
    Column("resolution", String),
    Column("requester_kind", String),
    Column("title", String),
    Column("url", String),
    Column("request_type", String),
    Column("status", String),
    Column("first_response_at", _MOMENT),
    Column("due_at", _MOMENT),
    Column("on_time", Boolean),
    Column("reopened_count", Integer),
    Column("reassignment_count", Integer),
    prefixes=["TEMPORARY"],
)


@dataclass(slots=True)
class Staged:
    """What waits in the temporary table: how many rows, which columns they gave, and the faults met on the way."""

    file: str
    rows: int = 0
    given: frozenset[str] = frozenset()
    faults: list[Fault] = field(default_factory=list)


def stage(
    connection: Connection,
    rows: Iterable[RequestRow],
    *,
    requesters: dict[str, str],
    calendar: Calendar,
    now: datetime,
    file: str = "",
) -> Staged:
    """Fill the temporary table of `connection` with rows that all give the same columns.

    Call it before the transaction begins: on SQLite nothing here touches the main file or waits for its writer.
    `requesters` is the tracker's own table from key to address.
    """
    staged = Staged(file)
    sqlite = connection.dialect.name == "sqlite"
    cells = _Cells(staged, requesters, calendar, now, _sqlite_moment if sqlite else _same)
    raw = connection.connection.dbapi_connection
    assert raw is not None
    if sqlite:
        raw.execute("PRAGMA query_only=OFF")  # the last user of this connection may have been a reader
        connection.info["query_only"] = False
    cursor = raw.cursor()
    for name in ("planned_requests", "named_departments", STAGED.name):
        cursor.execute(f"DROP TABLE IF EXISTS {name}")
    cursor.execute(str(CreateTable(STAGED).compile(dialect=connection.dialect)))
    if sqlite:
        places = ", ".join("?" * len(STAGED.columns))
        insertion = f"INSERT INTO {STAGED.name} VALUES ({places})"  # noqa: S608 - our own names
        cursor.executemany(insertion, cast("Any", cells.tuples(rows)))  # streamed: any iterable will do
    else:
        with without_values(), cast("Any", cursor).copy(f"COPY {STAGED.name} FROM STDIN") as copy:
            for values in cells.tuples(rows):
                copy.write_row(values)
        cursor.execute(f"ANALYZE {STAGED.name}")
    cursor.close()
    return staged


class _Cells:
    """Turns rows into the tuples of the temporary table."""

    def __init__(
        self,
        staged: Staged,
        requesters: dict[str, str],
        calendar: Calendar,
        now: datetime,
        stored: Callable[[datetime | None], Any],
    ) -> None:
        self._staged = staged
        self._requesters = requesters
        self._now = now
        self._latest = now + CLOCKS_DIFFER
        self._stored = stored
        self._quarter = _by_quarter_hour(lambda moment: str(calendar.period_of(moment)))
        self._month = _by_quarter_hour(calendar.month_of)

    def tuples(self, rows: Iterable[RequestRow]) -> Iterator[tuple[Any, ...]]:
        staged = self._staged
        for row in rows:
            late = row.completed_at if row.completed_at and row.completed_at > self._latest else None
            if late:
                staged.faults.append(Fault(staged.file, row.line, "completed_at", self._ahead(late), Ahead.mend))
                continue
            staged.rows += 1
            staged.given = row.given
            yield self._tuple(row)

    def _ahead(self, moment: datetime) -> str:
        told, now = (one.isoformat(" ", "minutes") for one in (moment, self._now))
        return gettext("%(moment)s lies in the future: here it is %(now)s", moment=told, now=now)

    def _tuple(self, row: RequestRow) -> tuple[Any, ...]:
        stored, now = self._stored, self._now
        completed = min(row.completed_at, now) if row.completed_at else None
        key = None if row.requester_email else row.requester
        return (
            row.line,
            row.external_id,
            row.requester_email or self._requesters.get(key or ""),
            None if key in self._requesters else key,
            row.provider_department,
            _raw_department(row.provider_department),
            row.requester_department,
            stored(row.created_at),
            self._quarter(row.created_at),
            stored(completed),
            self._quarter(completed) if completed else None,
            self._month(completed) if completed else None,
            stored(min(row.updated_at, now) if row.updated_at else now),
            _state(row, completed),
            row.resolution,
            row.requester_kind,
            row.title,
            row.url,
            row.request_type,
            row.status,
            stored(row.first_response_at),
            stored(row.due_at),
            row.on_time,
            row.reopened_count,
            row.reassignment_count,
        )


def _state(row: RequestRow, completed: datetime | None) -> str | None:
    """Return the state that a row tells; None where its table does not speak of completion."""
    if "completed_at" not in row.given:
        return None
    return "done" if completed else "open"


@lru_cache(maxsize=10_000)
def _raw_department(provider: str | None) -> str | None:
    return json.dumps({"provider_department": provider}) if provider else None


@lru_cache(maxsize=4_000)
def _sqlite_moment(moment: datetime | None) -> str | None:
    """Write a moment in UTC as SQLAlchemy stores it on SQLite."""
    return None if moment is None else moment.isoformat(" ", "microseconds")[:26]


def _same(moment: datetime | None) -> datetime | None:
    return moment


def _by_quarter_hour(compute: Callable[[datetime], str]) -> Callable[[datetime], str]:
    """Remember the answer per quarter of an hour: no time zone changes its day in between."""
    known: dict[int, str] = {}

    def find(moment: datetime) -> str:
        quarter = int(moment.timestamp()) // 900
        found = known.get(quarter)
        if found is None:
            found = known[quarter] = compute(moment)
        return found

    return find
