"""File stored requests, scores and answers anew after the time zone or the first month of the fiscal year was changed.

Possible until the first invitation is written or the first quarter frozen: from then on the bounds of quarters stand.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from app.domain.periods import Calendar, Period
from app.foundations.crypto import Keys, requester_cluster_id
from app.models.base import Base
from app.models.external_scores import ExternalResponse
from app.models.people import Person
from app.models.policies import SamplingRate
from app.models.quarter_salts import ensure_salt
from app.models.releases import quarters_are_fixed
from app.models.responses import CONTENT_UNKNOWN, HeldResponse, ImportedPeriod, QuarterSalt, SeenResponse
from app.models.rollups import (
    CellCount,
    DirtyMark,
    FunnelCount,
    NotApplicableCount,
    ProfileCell,
    ThemeCount,
    WorkCount,
    WorkDuration,
    mark_dirty,
)
from app.models.service_requests import RequestCycle, ServiceRequest

#: What follows from how things are filed, and is computed or fixed anew.
_DERIVED: tuple[type[Base], ...] = (
    *(ProfileCell, CellCount, NotApplicableCount, ThemeCount, WorkCount, WorkDuration, FunnelCount),
    *(DirtyMark, SamplingRate),
)


class QuartersAreFixed(ValueError):
    """An invitation was written or a quarter frozen: what is filed stays, and the settings must be set back."""


@dataclass(frozen=True)
class Refiled:
    """How many completions, customers' scores and held answers stand under another quarter or month now."""

    completions: int
    scores: int
    answers: int

    @property
    def total(self) -> int:
        """Everything that moved."""
        return self.completions + self.scores + self.answers


def refile_periods(session: Session, keys: Keys, calendar: Calendar) -> Refiled:
    """File everything by `calendar` and mark it to be counted anew. Idempotent.

    A held answer knows the month of its completion and no moment: it moves with its month. Raises QuartersAreFixed,
    and UnreadableSecret where the link key does not open a quarter whose answers move.
    """
    if session.get_bind().dialect.name == "postgresql":  # nobody files by the old calendar meanwhile
        session.execute(text("LOCK TABLE periods, request_cycles, held_responses IN SHARE ROW EXCLUSIVE MODE"))
    if quarters_are_fixed(session):
        raise QuartersAreFixed
    done = Refiled(_completions(session, calendar), _scores(session, calendar), _answers(session, keys, calendar))
    if done.total:
        _count_anew(session, calendar)
    return done


def _completions(session: Session, calendar: Calendar) -> int:
    columns = (RequestCycle.id, RequestCycle.completed_at, RequestCycle.period, RequestCycle.month)
    moved = []
    for number, completed_at, period, month in session.execute(select(*columns)).tuples():
        here = (str(calendar.period_of(completed_at)), calendar.month_of(completed_at))
        if here != (period, month):
            moved.append({"id": number, "period": here[0], "month": here[1]})
    return _update(session, RequestCycle, moved)


def _scores(session: Session, calendar: Calendar) -> int:
    columns = (ExternalResponse.id, ExternalResponse.answered_at, ExternalResponse.period)
    moved = []
    for number, answered_at, period in session.execute(select(*columns)).tuples():
        here = str(calendar.period_of(answered_at))
        if here != period:
            moved.append({"id": number, "period": here})
    return _update(session, ExternalResponse, moved)


def _answers(session: Session, keys: Keys, calendar: Calendar) -> int:
    """Move answers with their months, each under the salt of its new quarter: one value per person and quarter."""
    columns = (HeldResponse.id, HeldResponse.period, HeldResponse.month, HeldResponse.requester_cluster_id)
    rows = session.execute(select(*columns)).tuples().all()
    new = {(period, month): str(calendar.period_of_month(month)) for _, period, month, _ in rows}
    changed = {(period, month): here for (period, month), here in new.items() if here != period}
    people = {period: _people(session, keys, period) for period, _ in changed}
    salts = {here: ensure_salt(session, keys, here) for here in sorted(set(changed.values()))}
    moved = []
    for response, period, month, cluster in rows:
        here = changed.get((period, month))
        if here is not None:
            value = requester_cluster_id(salts[here], people[period][cluster])
            moved.append({"id": response, "period": here, "requester_cluster_id": value})
    if moved:
        _update(session, HeldResponse, moved)
        session.execute(update(SeenResponse).values(content=CONTENT_UNKNOWN))
        _move_imports(session, new)
        session.execute(delete(QuarterSalt).where(QuarterSalt.period.not_in(set(new.values()))))
    return len(moved)


def _people(session: Session, keys: Keys, period: str) -> dict[bytes, int]:
    """Return who stands behind each value of a quarter."""
    salt = ensure_salt(session, keys, period)
    return {requester_cluster_id(salt, person): person for person in session.scalars(select(Person.id))}


def _move_imports(session: Session, new: dict[tuple[str, str], str]) -> None:
    """Let each quarter say when answers that it holds now came in first and last."""
    known = {row.period: row for row in session.scalars(select(ImportedPeriod))}
    rows = []
    for here in sorted(set(new.values())):
        before = {period for (period, _), there in new.items() if there == here} & known.keys()
        if before:
            first = min(known[period].first_import_at for period in before)
            last = max(known[period].last_import_at for period in before)
            rows.append({"period": here, "first_import_at": first, "last_import_at": last})
    session.expunge_all()
    session.execute(delete(ImportedPeriod))
    if rows:
        session.execute(insert(ImportedPeriod), rows)


def _count_anew(session: Session, calendar: Calendar) -> None:
    for table in _DERIVED:
        session.execute(delete(table))
    for department, period in sorted(_places(session, calendar)):
        mark_dirty(session, department, period, calendar.ends_at(Period.parse(period)))


def _places(session: Session, calendar: Calendar) -> set[tuple[int, str]]:
    """Return every department-period in which something was asked for, completed or answered."""
    completed = select(RequestCycle.provider_department_id, RequestCycle.period).distinct()
    answered = select(HeldResponse.department_id, HeldResponse.period).distinct()
    arrived = select(ServiceRequest.provider_department_id, ServiceRequest.created_at)
    found: set[tuple[int, str]] = set()
    for department, period in (*session.execute(completed).tuples(), *session.execute(answered).tuples()):
        if department is not None:
            found.add((department, period))
    for department, created_at in session.execute(arrived).tuples():
        if department is not None:
            found.add((department, str(calendar.period_of(created_at))))
    return found


def _update(session: Session, table: type[Base], rows: Iterable[dict[str, Any]]) -> int:
    listed = list(rows)
    if listed:
        session.execute(update(table), listed)
    return len(listed)
