"""All scorecards of a quarter, one after the other: memory does not grow with their number."""

import json
from collections.abc import Generator
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain.periods import Period
from app.models.departments import Department
from app.models.scorecards import ScorecardRevision
from app.reports.published import Document

BATCH = 20  # documents in memory at a time


def quarter_documents(session: Session, period: Period) -> Generator[Document, None, None]:
    """Yield the last revision of every department's scorecard, by code; close it where you may stop early."""
    query = select(ScorecardRevision.document).join(Department).where(ScorecardRevision.id.in_(_last(period)))
    found = session.scalars(query.order_by(Department.code).execution_options(yield_per=BATCH))
    try:
        for text in found:
            yield json.loads(text)
    finally:
        found.close()  # whoever stops early leaves no cursor open at the server


def quarter_size(session: Session, period: Period) -> tuple[int, datetime | None]:
    """Return how many scorecards a quarter has, and when the last of them was frozen."""
    query = select(func.count(), func.max(ScorecardRevision.frozen_at)).where(ScorecardRevision.id.in_(_last(period)))
    count, frozen_at = session.execute(query).one()
    return count, frozen_at


def _last(period: Period) -> Select[tuple[int]]:
    """Select the last revision of each department: ids grow with revisions of one quarter."""
    of_quarter = ScorecardRevision.period == str(period)
    return select(func.max(ScorecardRevision.id)).where(of_quarter).group_by(ScorecardRevision.department_id)
