"""Keep the disclosure ledger: a row per figure of each frozen document, written with the freeze."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import exists, insert, select
from sqlalchemy.orm import Session

from app.domain.disclosure import figures_of, hidden_in
from app.domain.scorecards.counts_told import is_rating
from app.domain.scorecards.cuts import figure_name
from app.domain.states import DocumentKind
from app.models.culture import CultureRevision
from app.models.releases import Disclosure
from app.models.rollups import COMPANY_ID
from app.models.scorecards import ScorecardRevision

CHUNK = 5_000  # rows of one statement


def keep_ledger(session: Session, period: str) -> int:
    """Write what frozen documents of the quarter disclose and the ledger does not know yet; return how many rows.

    Idempotent: a document is written once, and also one that was frozen before there was a ledger.
    """
    written, rows = 0, []
    for row in unwritten(session, period):
        rows.append(row)
        if len(rows) == CHUNK:
            session.execute(insert(Disclosure), rows)
            written, rows = written + len(rows), []
    if rows:
        session.execute(insert(Disclosure), rows)
    return written + len(rows)


def unwritten(session: Session, period: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of documents that have none yet, one document in memory at a time."""
    scorecards = select(ScorecardRevision).where(
        ScorecardRevision.period == period, ~_is_known(DocumentKind.SCORECARD, ScorecardRevision)
    )
    for card in session.scalars(scorecards.order_by(ScorecardRevision.id).execution_options(yield_per=20)):
        yield from _rows(DocumentKind.SCORECARD, card.department_id, json.loads(card.document), card.people)
    cultures = select(CultureRevision).where(
        CultureRevision.period == period, ~_is_known(DocumentKind.CULTURE, CultureRevision)
    )
    for culture in session.scalars(cultures):
        yield from _rows(DocumentKind.CULTURE, COMPANY_ID, json.loads(culture.document), {})


def _is_known(kind: DocumentKind, table: type[ScorecardRevision] | type[CultureRevision]) -> Any:
    department = table.department_id if table is ScorecardRevision else COMPANY_ID
    return exists().where(
        Disclosure.period == table.period,
        Disclosure.kind == kind,
        Disclosure.department_id == department,
        Disclosure.revision == table.revision,
    )


def _rows(
    kind: DocumentKind, department_id: int, document: Mapping[str, Any], people: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    told = [(figure.name, figure.printed, False) for figure in figures_of(document)]
    hidden = [(name, None, True) for name in dict.fromkeys(hidden_in(document))]
    for name, printed, is_hidden in (*told, *hidden):
        yield {
            "period": document["period"],
            "kind": kind,
            "department_id": department_id,
            "revision": document["revision"],
            "block": name.block,
            "figure": name.key,
            "part": name.part,
            "is_hidden": is_hidden,
            "people": people.get(figure_name(name.block, name.key)) if not is_hidden and is_rating(name) else None,
            "printed": printed,
        }
