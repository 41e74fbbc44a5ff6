"""The frozen scorecards that HR's pictures rest on, and the names of the departments in them."""

import json
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.periods import Calendar, Period
from app.models.departments import Department, versions_at
from app.models.scorecards import ScorecardRevision
from app.reports.lineage import documents_shown_by
from app.reports.pictures.company import FrozenCard
from app.reports.published import Document


def frozen_cards(session: Session, document: Document) -> dict[str, FrozenCard]:
    """Return the scorecards that HR's document was made of, by code: the last frozen until then."""
    codes = {row["code"] for row in document["departments"]} | set(document["service_matrix"]["providers"])
    query = (
        select(Department.code, ScorecardRevision)
        .join(Department, Department.id == ScorecardRevision.department_id)
        .where(
            Department.code.in_(codes),
            ScorecardRevision.period == document["period"],
            ScorecardRevision.frozen_at <= datetime.fromisoformat(document["frozen_at"]),
        )
        .order_by(ScorecardRevision.revision)
    )
    last = dict(session.execute(query).tuples().all())
    return dict(_cards(session, last))


def _cards(session: Session, revisions: dict[str, ScorecardRevision]) -> Iterator[tuple[str, FrozenCard]]:
    for code, row in sorted(revisions.items()):
        card: Document = json.loads(row.document)
        yield code, FrozenCard(card, documents_shown_by(session, row.department_id, card))


def department_names(session: Session, document: Document, calendar: Calendar) -> dict[str, str]:
    """Return the names that departments had at the end of the document's quarter, by code."""
    end = calendar.last_moment(Period.parse(document["period"]))
    codes = dict(session.execute(select(Department.id, Department.code)).tuples().all())
    return {codes[id_]: version.name for id_, version in versions_at(session, end).items()}
