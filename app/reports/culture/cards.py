"""The frozen scorecards that HR's pictures rest on, and the names of the departments in them."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.disclosure import own
from app.domain.periods import Calendar, Period
from app.models.departments import Department, versions_at
from app.models.scorecards import ScorecardRevision
from app.reports.culture.sections import CultureQuarter
from app.reports.lineage import documents_shown_by_each
from app.reports.pictures.company import FrozenCard
from app.reports.published import Document


def read_quarter(session: Session, document: Document, calendar: Calendar) -> CultureQuarter:
    """Return HR's document with all that its pictures and tables rest on, in as many reads for many as for few."""
    names = department_names(session, document, calendar)
    return CultureQuarter(document, frozen_cards(session, document), names, calendar)


def frozen_cards(session: Session, document: Document) -> dict[str, FrozenCard]:
    """Return the scorecards that HR's document was made of, by code, each with those that its trend shows."""
    found = _last_cards(session, document)
    cards: Mapping[int, Document] = {id_: card for id_, (_, card) in found.items()}
    earlier = documents_shown_by_each(session, cards)
    return {code: FrozenCard(card, earlier[id_]) for id_, (code, card) in sorted(found.items(), key=_code)}


def cards_alone(session: Session, document: Document) -> dict[str, Document]:
    """Return the scorecards that HR's document was made of, by code, in one read."""
    return {code: card for _, (code, card) in sorted(_last_cards(session, document).items(), key=_code)}


def _code(found: tuple[int, tuple[str, Document]]) -> str:
    return found[1][0]


def _last_cards(session: Session, document: Document) -> dict[int, tuple[str, Document]]:
    """Return code and scorecard of each department, by its id: the last frozen until the document was."""
    codes = {row["code"] for row in document["departments"]} | set(document["service_matrix"]["providers"])
    query = (
        select(Department.id, Department.code, ScorecardRevision.document)
        .join(Department, Department.id == ScorecardRevision.department_id)
        .where(
            Department.code.in_(codes),
            ScorecardRevision.period == document["period"],
            ScorecardRevision.frozen_at <= datetime.fromisoformat(document["frozen_at"]),
        )
        .order_by(ScorecardRevision.revision)
    )
    texts = {id_: (code, text) for id_, code, text in session.execute(query)}
    return {id_: (code, json.loads(text)) for id_, (code, text) in texts.items()}


def department_names(session: Session, document: Document, calendar: Calendar) -> dict[str, str]:
    """Return the names that departments had at the end of the document's quarter, and those of own parts, by code."""
    end = calendar.last_moment(Period.parse(document["period"]))
    codes = dict(session.execute(select(Department.id, Department.code)).tuples().all())
    names = {codes[id_]: version.name for id_, version in versions_at(session, end).items()}
    return names | {own(code): own(name) for code, name in names.items()}
