"""A company of one level with answers of one quarter, and its freeze, in one line each."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.asking_policy import AskingPolicy
from app.domain.decisions import DecisionReason
from app.domain.periods import Calendar, Period
from app.foundations.crypto import Keys
from app.models.departments import Department
from app.models.rollups import mark_dirty
from app.models.scorecards import ScorecardRevision
from app.pipeline import rollups, scorecards
from tests.builders.departments import department
from tests.builders.people import people
from tests.builders.responses import held_responses, quarter_salt
from tests.builders.service_requests import completed_requests

CALENDAR = Calendar(ZoneInfo("UTC"))
KEYS = Keys(("0123456789abcdef0123456789abcdef",))
Q3 = Period(2026, 3)
FREEZE = datetime(2026, 10, 15, tzinfo=UTC)


def company(session: Session, period: Period = Q3) -> dict[str, Department]:
    """Add the company and three departments below it."""
    quarter_salt(session, KEYS, str(period))
    root = department(session, "ALL", staff_count=200)
    return {"ALL": root} | {code: department(session, code, parent=root) for code in ("IT", "HR", "SALES")}


def answers(
    session: Session,
    provider: Department,
    scores: Sequence[int],
    *,
    start: int = 0,
    asks: Department | None = None,
    period: Period = Q3,
) -> None:
    """Let one person a score ask and answer, in the first days of the quarter."""
    done = CALENDAR.starts_at(period).replace(day=8, hour=10)
    asker = asks.id if asks else None
    emails = [f"p{number}-{provider.code}-{period}@example.com".lower() for number in range(start, start + len(scores))]
    asking = people(session, emails, works_in=asks)
    completed_requests(
        session,
        provider,
        asking,
        done,
        decision=DecisionReason.INVITED,
        requester_department_id=asker,
        on_time=True,
    )
    given = [{"csat_overall": score, "timeliness": min(5, score + 1), "communication": score} for score in scores]
    held_responses(
        session,
        provider,
        list(zip(asking, given, strict=True)),
        str(period),
        requester_department_id=asker,
        on_time=True,
    )
    mark_dirty(session, provider.id, str(period), CALENDAR.ends_at(period))


def freeze(session: Session, now: datetime = FREEZE, *, period: Period = Q3, policy: AskingPolicy | None = None) -> int:
    """Refresh the sums and freeze the quarter."""
    rollups.refresh(session, calendar=CALENDAR, keys=KEYS)
    return scorecards.freeze(session, period, calendar=CALENDAR, policy=policy or AskingPolicy(), now=now)


def document(session: Session, owner: Department, revision: int = 1, period: Period = Q3) -> dict[str, Any]:
    """Return a frozen document."""
    text = session.scalar(
        select(ScorecardRevision.document).where(
            ScorecardRevision.department_id == owner.id,
            ScorecardRevision.revision == revision,
            ScorecardRevision.period == str(period),
        )
    )
    assert text is not None
    found: dict[str, Any] = json.loads(text)
    return found
