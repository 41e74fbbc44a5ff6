"""What a head decides about a quarter's proposal, and what came of it. Each step replaces the one before knowingly."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.states import ActionResult
from app.models.actions import QuarterAction
from app.models.insertion import insert_missing


@dataclass(frozen=True)
class Decision:
    """What is to be done about which aspect, until when; without words it is what the scorecard proposes."""

    item: str | None
    words: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class Conclusion:
    """What became of it."""

    result: ActionResult
    outcome: str = ""


class NothingDecided(LookupError):
    """An outcome belongs to a decision, and there is none."""


def lock_action(session: Session, department_id: int, period: str) -> QuarterAction | None:
    """Return the decision as it is now and keep others from it until this transaction ends; None if there is none."""
    key = (department_id, period)
    return session.get(QuarterAction, key, with_for_update=True, populate_existing=True)


def decide(session: Session, department_id: int, period: str, decision: Decision, *, now: datetime) -> None:
    """Store what is to be done. An outcome that stands already stays. Raises ValueError for a decision of nothing."""
    if decision.item is None and not decision.words:
        raise ValueError("a decision names an aspect or says something")
    values = {"item": decision.item, "words": decision.words, "due_on": decision.due_on, "decided_at": now}
    key = {"department_id": department_id, "period": period}
    if insert_missing(session, QuarterAction, key | values | {"outcome": ""}):
        return
    row = session.scalars(
        select(QuarterAction).filter_by(**key).with_for_update().execution_options(populate_existing=True)
    ).one()
    for name, value in values.items():
        setattr(row, name, value)
    session.flush()


def conclude(session: Session, department_id: int, period: str, conclusion: Conclusion, *, now: datetime) -> None:
    """Store what became of it, or correct it. Raises NothingDecided."""
    row = lock_action(session, department_id, period)
    if row is None:
        raise NothingDecided(period)
    row.result, row.outcome, row.concluded_at = conclusion.result, conclusion.outcome, now
    session.flush()
