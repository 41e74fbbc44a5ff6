"""What a head decides about a quarter's proposal, and what came of it. Each step replaces the one before knowingly."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.domain.states import ActionResult
from app.models.actions import QuarterAction
from app.models.departments import Department


@dataclass(frozen=True)
class Decision:
    """What is to be done about which aspect, until when; without words it is what the scorecard proposes."""

    item: str | None
    words: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class Conclusion:
    """What became of it; without a result an earlier one is taken back."""

    result: ActionResult | None
    outcome: str = ""


class NothingDecided(LookupError):
    """An outcome belongs to a decision, and there is none."""


def lock_action(session: Session, department_id: int, period: str) -> QuarterAction | None:
    """Return the decision as it is now and keep others from it until this transaction ends; None if there is none.

    The department's row is what is locked: there may be no decision to lock yet.
    """
    session.get(Department, department_id, with_for_update={"key_share": True})
    return session.get(QuarterAction, (department_id, period), populate_existing=True)


def decide(session: Session, department_id: int, period: str, decision: Decision, *, now: datetime) -> None:
    """Store what is to be done. An outcome that stands already stays. Raises ValueError for a decision of nothing."""
    if decision.item is None and not decision.words:
        raise ValueError("a decision names an aspect or says something")
    row = lock_action(session, department_id, period)
    if row is None:
        row = QuarterAction(department_id=department_id, period=period, outcome="")
        session.add(row)
    row.item, row.words, row.due_on, row.decided_at = decision.item, decision.words, decision.due_on, now
    session.flush()


def conclude(session: Session, department_id: int, period: str, conclusion: Conclusion, *, now: datetime) -> None:
    """Store what became of it, correct it, or take it back. Raises NothingDecided."""
    row = lock_action(session, department_id, period)
    if row is None:
        raise NothingDecided(period)
    row.result, row.outcome = conclusion.result, conclusion.outcome
    row.concluded_at = now if conclusion.result else None
    session.flush()
