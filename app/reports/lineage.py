"""Which frozen documents are a department's own history: through renames, and through one successor of one department.

A split, or a merge of several, is another department: what came before it stays under the old codes.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.periods import Calendar, Period
from app.models.base import SINCE_EVER
from app.models.departments import DepartmentVersion
from app.models.scorecards import ScorecardRevision
from app.reports.published import Document

QUARTERS_BEFORE = 7


@dataclass(frozen=True)
class Lineage:
    """The last revision of each earlier quarter, oldest first; `reorganised_in` is where the history was cut off."""

    documents: Sequence[tuple[str, Document]]
    reorganised_in: str | None = None


def lineage_before(session: Session, department_id: int, period: Period, calendar: Calendar) -> Lineage:
    """Return the history of a department before a quarter, at most seven quarters of it."""
    first = str(period.shifted(-QUARTERS_BEFORE))
    found = _Lines(session, calendar).line(department_id, str(period), frozenset())
    documents = _last_documents(session, [pair for pair in found.owners if first <= pair[0] < str(period)])
    cut = found.reorganised_in
    return Lineage(documents, cut if cut is not None and cut > first else None)


def documents_shown_by(session: Session, department_id: int, document: Document) -> dict[str, Document]:
    """Return the earlier frozen documents that a document's own trend shows, by period."""
    periods = {point["period"] for point in document.get("trend", [])} - {document["period"]}
    owners = [department_id, *_all_predecessors(session, department_id)]
    query = (
        select(ScorecardRevision.period, ScorecardRevision.document)
        .where(ScorecardRevision.department_id.in_(owners), ScorecardRevision.period.in_(periods))
        .order_by(
            ScorecardRevision.period, ScorecardRevision.department_id == department_id, ScorecardRevision.revision
        )
    )
    return {name: json.loads(text) for name, text in session.execute(query)}  # a department's own comes last


@dataclass(frozen=True)
class _Line:
    """Whose documents count in which quarter, oldest first."""

    owners: Sequence[tuple[str, int]]
    reorganised_in: str | None


class _Lines:
    def __init__(self, session: Session, calendar: Calendar) -> None:
        self._session, self._calendar = session, calendar

    def line(self, department_id: int, before: str, seen: frozenset[int]) -> _Line:
        """Return the line of a department up to a quarter; departments in `seen` have been followed already."""
        quarters = sorted(
            self._session.scalars(
                select(ScorecardRevision.period)
                .where(ScorecardRevision.department_id == department_id, ScorecardRevision.period < before)
                .distinct()
            )
        )
        own = [(name, department_id) for name in quarters]
        taken_over = self._taken_over(department_id, (quarters or [before])[0], before)
        if not taken_over:
            return _Line(own, None)
        since = max(taken_over.values())
        stood_before = bool(quarters) and quarters[0] < since
        heir_of = next(iter(taken_over)) if len(taken_over) == 1 and not stood_before else None
        if heir_of is None or heir_of in seen or self._was_split(heir_of):
            return _Line([(name, owner) for name, owner in own if name >= since], since)
        earlier = self.line(heir_of, since, seen | {department_id})
        return _Line([*earlier.owners, *own], earlier.reorganised_in)

    def _taken_over(self, department_id: int, undated: str, before: str) -> dict[int, str]:
        """Return the departments that this one succeeded by then, each with the quarter in which it took over."""
        query = select(DepartmentVersion.department_id, DepartmentVersion.valid_from, DepartmentVersion.valid_to).where(
            DepartmentVersion.successor_id == department_id
        )
        found: dict[int, str] = {}
        for id_, valid_from, valid_to in self._session.execute(query):
            moment = valid_to or (valid_from if valid_from > SINCE_EVER else None)
            quarter = self._quarter(moment, undated)
            if quarter <= before:
                found[id_] = max(quarter, found.get(id_, ""))
        return found

    def _quarter(self, moment: datetime | None, undated: str) -> str:
        return undated if moment is None else str(self._calendar.period_of(moment))

    def _was_split(self, department_id: int) -> bool:
        query = select(DepartmentVersion.successor_id).where(
            DepartmentVersion.department_id == department_id, DepartmentVersion.successor_id.is_not(None)
        )
        return len(set(self._session.scalars(query))) > 1


def _all_predecessors(session: Session, department_id: int) -> list[int]:
    found: list[int] = []
    waiting: Collection[int] = [department_id]
    while waiting:
        query = select(DepartmentVersion.department_id).where(DepartmentVersion.successor_id.in_(waiting)).distinct()
        waiting = [id_ for id_ in session.scalars(query) if id_ not in {department_id, *found}]
        found += waiting
    return found


def _last_documents(session: Session, owners: Sequence[tuple[str, int]]) -> list[tuple[str, Document]]:
    """Return the last revision of each quarter by the department that stood for it, oldest quarter first."""
    query = (
        select(ScorecardRevision.period, ScorecardRevision.department_id, ScorecardRevision.document)
        .where(
            ScorecardRevision.department_id.in_({owner for _, owner in owners}),
            ScorecardRevision.period.in_({name for name, _ in owners}),
        )
        .order_by(ScorecardRevision.revision)
    )
    texts = {(name, owner): text for name, owner, text in session.execute(query)} if owners else {}
    return [(name, json.loads(texts[name, owner])) for name, owner in owners]
