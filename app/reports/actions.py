"""What heads decided about a quarter's one thing to do, and what came of it: for the pages, never for a document."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.periods import Calendar, Period
from app.domain.sentences import SentenceKey, sentence
from app.domain.states import ActionResult
from app.models.actions import QuarterAction
from app.reports.sentences import say


@dataclass(frozen=True)
class DecidedAction:
    """A decision; `words` are the head's own, empty where they do what the scorecard proposes about `item`."""

    period: str
    item: str | None
    words: str
    due_on: date | None
    decided_at: datetime
    result: ActionResult | None
    outcome: str
    concluded_at: datetime | None

    def said(self, calendar: Calendar) -> str:
        """Say what is to be done, in the head's words or else in those of the proposal."""
        return self.words or say(sentence(SentenceKey.ACTION_START, item=self.item), calendar)


@dataclass(frozen=True)
class Actions:
    """What was decided about a quarter, and about the one before it."""

    now: DecidedAction | None
    before: DecidedAction | None


def actions_of(session: Session, departments: Collection[int], period: Period) -> Mapping[int, Actions]:
    """Return the decisions of departments about a quarter and the one before it, in one read."""
    periods = [str(period), str(period.previous)]
    query = select(QuarterAction).where(QuarterAction.department_id.in_(departments), QuarterAction.period.in_(periods))
    found = {(row.department_id, row.period): _decided(row) for row in session.scalars(query)}
    return {id_: Actions(*(found.get((id_, one)) for one in periods)) for id_ in departments}


def _decided(row: QuarterAction) -> DecidedAction:
    return DecidedAction(
        period=row.period,
        item=row.item,
        words=row.words,
        due_on=row.due_on,
        decided_at=row.decided_at,
        result=row.result,
        outcome=row.outcome,
        concluded_at=row.concluded_at,
    )
