"""One department-period: what it spans, which rows it has, and what its rows should be."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundations.crypto import Keys
from app.models.base import Base
from app.models.rollups import (
    CellCount,
    FunnelCount,
    NotApplicableCount,
    ProfileCell,
    ThemeCount,
    WorkCount,
    WorkDuration,
)
from app.pipeline.rollups.answers import answer_rows
from app.pipeline.rollups.requests import funnel_rows, work_rows
from app.pipeline.rollups.scope import Scope
from app.pipeline.rollups.segments import Segments
from app.pipeline.rollups.themes import theme_rows

Table = (
    type[ProfileCell]
    | type[CellCount]
    | type[NotApplicableCount]
    | type[ThemeCount]
    | type[WorkCount]
    | type[WorkDuration]
    | type[FunnelCount]
)
Row = dict[str, Any]


def rollup_tables() -> tuple[Table, ...]:
    """Return the tables that are recomputed whole."""
    return (ProfileCell, CellCount, NotApplicableCount, ThemeCount, WorkCount, WorkDuration, FunnelCount)


def computed_rows(session: Session, scope: Scope, keys: Keys, segments: Segments) -> dict[type[Base], list[Row]]:
    """Return what the answers and requests of the scope say, by table."""
    if not scope.departments:
        return {table: [] for table in rollup_tables()}
    rows = {**answer_rows(session, scope, keys, segments), **work_rows(session, scope)}
    rows[FunnelCount] = funnel_rows(session, scope, segments)
    rows[ThemeCount] = theme_rows(session, scope)
    place = {"department_id": scope.department_id, "period": scope.period, "is_own": scope.is_own}
    return {table: [{**place, **row} for row in found] for table, found in rows.items()}


def stored_rows(session: Session, table: Table, scope: Scope) -> list[Row]:
    """Return the rows that stand for the scope."""
    columns = table.__table__.columns
    query = select(*columns).where(
        table.department_id == scope.department_id, table.period == scope.period, table.is_own == scope.is_own
    )
    return [dict(row) for row in session.execute(query).mappings()]
