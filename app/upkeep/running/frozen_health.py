"""Whether what was frozen still stands as it was frozen: documents by their digests, and what stands beside them."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.domain.scorecards.digest import is_genuine
from app.models.culture import CultureRevision
from app.models.departments import Department
from app.models.scorecards import ScorecardRevision, finding_in, name_in

AT_ONCE = 100  # documents of some ten kilobytes


def changed(session: Session) -> Iterator[str]:
    """Yield `IT 2026-Q3 r1` for each scorecard that was changed since, then `2026-Q3 r1` for HR's documents."""
    card = ScorecardRevision
    beside = (card.period, card.revision, card.digest, card.name, card.finding, card.document)
    cards = select(Department.code, *beside).join(Department, Department.id == card.department_id)
    for row in session.execute(cards.order_by(card.id).execution_options(yield_per=AT_ONCE)):
        document = _genuine(row)
        if document is None or (row.code, row.name, row.finding) != _beside(document):
            yield f"{row.code} {row.period} r{row.revision}"
    hr = CultureRevision
    of_hr = select(hr.period, hr.revision, hr.digest, hr.document).order_by(hr.period, hr.revision)
    for row in session.execute(of_hr.execution_options(yield_per=AT_ONCE)):
        if _genuine(row) is None:
            yield f"{row.period} r{row.revision}"


def _genuine(row: Row[Any]) -> dict[str, Any] | None:
    """Return the document, None where it is not the one of its digest, quarter and revision."""
    try:
        document = json.loads(row.document)
    except ValueError:
        return None  # cut short or overwritten: as changed as any other
    if not isinstance(document, dict) or not is_genuine(document):
        return None
    told = (document.get("digest"), document.get("period"), document.get("revision"))
    return document if told == (row.digest, row.period, row.revision) else None


def _beside(document: dict[str, Any]) -> tuple[str | None, str, dict[str, Any]]:
    return document.get("department", {}).get("code"), name_in(document), finding_in(document)
