"""Seal the cells that were shown: one row a cell with its figures as published, under a digest."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.domain.scorecards.cuts import CUT_BLOCKS, own_rows
from app.domain.scorecards.digest import sealed_digest
from app.models.releases import SealedCell
from app.models.scorecards import ScorecardRevision


def seal_cells(session: Session, period: str) -> int:
    """Write the sealed cells of every frozen revision of the quarter; return how many."""
    rows = []
    for revision in session.scalars(select(ScorecardRevision).where(ScorecardRevision.period == period)):
        document = json.loads(revision.document)
        for cut, value, item, figures in _shown(document):
            rows.append(
                {
                    "department_id": revision.department_id,
                    "period": period,
                    "revision": revision.revision,
                    "cut": cut,
                    "value": value,
                    "item": item,
                    "figures": figures,
                    "digest": sealed_digest(cut, value, item, figures),
                }
            )
    if rows:
        session.execute(insert(SealedCell), rows)
    return len(rows)


def _shown(document: dict[str, Any]) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    for item, figures in document["internal"].items():
        yield "all", "", item, figures
    for cut, block in CUT_BLOCKS.items():
        for row in own_rows(document, block):
            figures = {key: value for key, value in row.items() if key not in {"value", "name"}}
            yield cut, row["value"], "csat_overall", figures
