"""Which frozen documents are a department's own history: through renames, and through one successor of one department.

A split, or a merge of several, is another department: what came before it stays under the old codes.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.periods import Calendar, Period
from app.models.base import SINCE_EVER
from app.models.departments import DepartmentVersion
from app.models.scorecards import ScorecardRevision
from app.reports.published import Document

QUARTERS_BEFORE = 7
_TREND_PARTS = ("period", "internal", "external", "gap", "method", "suppressed")  # of a document, as trend_of reads it


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
    return documents_shown_by_each(session, {department_id: document})[department_id]


def documents_shown_by_each(session: Session, shown: Mapping[int, Document]) -> dict[int, dict[str, Document]]:
    """Return the same for the documents of many departments, in two reads; of each only what a trend is drawn from."""
    heirs = _heirs(session)
    owners = {id_: [*_predecessors(id_, heirs), id_] for id_ in shown}  # a department's own comes last
    periods = {id_: {point["period"] for point in card.get("trend", [])} for id_, card in shown.items()}
    found = _documents_of_trends(
        session, set(chain.from_iterable(owners.values())), set(chain.from_iterable(periods.values()))
    )
    return {
        id_: {
            period: found[owner, period]
            for period in sorted(periods[id_] - {shown[id_]["period"]})
            for owner in owners[id_]
            if (owner, period) in found
        }
        for id_ in shown
    }


def _heirs(session: Session) -> dict[int, list[int]]:
    """Return the predecessors of every department that has any."""
    query = (
        select(DepartmentVersion.successor_id, DepartmentVersion.department_id)
        .where(DepartmentVersion.successor_id.is_not(None))
        .distinct()
        .order_by(DepartmentVersion.department_id)
    )
    found: dict[int, list[int]] = {}
    for successor, predecessor in session.execute(query):
        found.setdefault(successor, []).append(predecessor)
    return found


def _predecessors(department_id: int, heirs: Mapping[int, Sequence[int]]) -> list[int]:
    """Return all that came before a department, the nearest last."""
    found: list[int] = []
    waiting = [department_id]
    while waiting:
        nearest = {id_ for heir in waiting for id_ in heirs.get(heir, ())}
        waiting = sorted(nearest - {department_id, *found})
        found = [*waiting, *found]
    return found


def _documents_of_trends(
    session: Session, owners: Collection[int], periods: Collection[str]
) -> dict[tuple[int, str], Document]:
    """Return the last revision of each department and quarter, read one after the other: texts are long."""
    query = (
        select(ScorecardRevision.department_id, ScorecardRevision.period, ScorecardRevision.document)
        .where(ScorecardRevision.department_id.in_(owners), ScorecardRevision.period.in_(periods))
        .order_by(ScorecardRevision.revision)
    )
    found: dict[tuple[int, str], Document] = {}
    for owner, period, text in session.execute(query.execution_options(yield_per=50)):
        document = json.loads(text)
        found[owner, period] = {part: document[part] for part in _TREND_PARTS if part in document}
    return found


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
