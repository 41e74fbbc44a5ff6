"""What an administrator may do with held-back answers: see signals and counts, release or drop by pattern.

Ratings and words are never shown here. What is still held back at the freeze stays out and is counted in the funnel.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from app.domain.periods import Calendar, Period
from app.domain.states import FollowUpState, InvitationState, PeriodState, ResponseState
from app.models.follow_ups import FollowUp
from app.models.invitations import Invitation
from app.models.releases import PeriodRecord
from app.models.response_links import ResponseLink
from app.models.responses import HeldResponse
from app.models.rollups import mark_dirty

CHUNK = 500  # rows of one statement: SQLite binds 32,766 values at most


@dataclass(frozen=True, order=True)
class HeldBackPattern:
    """Held-back answers that came the same way: the signals found, and who received the mail."""

    signals: tuple[str, ...]
    mail_system: str

    @property
    def name(self) -> str:
        """Return eight characters by which a person can name the pattern, the same at any time."""
        told = "\n".join((*self.signals, self.mail_system))
        return hashlib.sha256(told.encode()).hexdigest()[:8]


def held_back_patterns(session: Session) -> dict[HeldBackPattern, int]:
    """Return how many answers of open quarters are held back, by pattern, most frequent first."""
    rows = session.execute(_held().with_only_columns(HeldResponse.signals))
    return dict(Counter(_pattern(row.signals) for row in rows).most_common())


def release_held_back(session: Session, calendar: Calendar, pattern: HeldBackPattern, *, now: datetime) -> int:
    """Accept every answer of a pattern and return how many. Idempotent."""
    rows = _matching(session, pattern)
    _set_state(session, rows, ResponseState.ACCEPTED)
    for chunk in _chunks([row.id for row in rows]):
        linked = select(ResponseLink.public_id).where(ResponseLink.response_id.in_(chunk))
        held = Invitation.state == InvitationState.HELD_BACK
        answered = update(Invitation).where(Invitation.public_id.in_(linked), held)
        session.execute(answered.values(state=InvitationState.ANSWERED, remind_at=None))
    _open_follow_ups(session, [row.id for row in rows if row.has_consented], now=now)
    _mark(session, calendar, rows)
    return len(rows)


def drop_held_back(session: Session, calendar: Calendar, pattern: HeldBackPattern) -> int:
    """Decide that no answer of a pattern ever counts and return how many. They stay until the quarter's release."""
    rows = _matching(session, pattern)
    _set_state(session, rows, ResponseState.DROPPED)
    _mark(session, calendar, rows)
    return len(rows)


def _held() -> Any:
    frozen = select(PeriodRecord.period).where(PeriodRecord.state != PeriodState.OPEN)
    return (
        select(HeldResponse.id, HeldResponse.signals, HeldResponse.has_consented)
        .add_columns(HeldResponse.department_id, HeldResponse.period)
        .where(HeldResponse.state == ResponseState.HELD_BACK, HeldResponse.period.not_in(frozen))
    )


def _pattern(signals: Mapping[str, Any]) -> HeldBackPattern:
    return HeldBackPattern(tuple(sorted(signals.get("signals", ()))), signals.get("mail_system") or "")


def _matching(session: Session, pattern: HeldBackPattern) -> list[Row[Any]]:
    return [row for row in session.execute(_held()) if _pattern(row.signals) == pattern]


def _set_state(session: Session, rows: list[Row[Any]], state: ResponseState) -> None:
    for chunk in _chunks([row.id for row in rows]):
        still_held = HeldResponse.state == ResponseState.HELD_BACK
        session.execute(update(HeldResponse).where(HeldResponse.id.in_(chunk), still_held).values(state=state))


def _open_follow_ups(session: Session, response_ids: list[bytes], *, now: datetime) -> None:
    """Open the cases of those who asked for contact, where the link to the person still stands."""
    for chunk in _chunks(response_ids):
        case = (Invitation.id, Invitation.person_id, Invitation.department_id, Invitation.period)
        asked = (
            select(*case)
            .join(ResponseLink, ResponseLink.public_id == Invitation.public_id)
            .outerjoin(FollowUp, FollowUp.invitation_id == Invitation.id)
            .where(ResponseLink.response_id.in_(chunk), FollowUp.id.is_(None))
        )
        for row in session.execute(asked).all():
            session.add(
                FollowUp(
                    invitation_id=row.id,
                    person_id=row.person_id,
                    department_id=row.department_id,
                    period=row.period,
                    state=FollowUpState.WAITING,
                    created_at=now,
                )
            )
    session.flush()


def _mark(session: Session, calendar: Calendar, rows: list[Row[Any]]) -> None:
    stored = dict(session.execute(select(PeriodRecord.period, PeriodRecord.ends_at)).tuples().all())
    for department_id, period in sorted({(row.department_id, row.period) for row in rows}):
        mark_dirty(session, department_id, period, stored.get(period) or calendar.ends_at(Period.parse(period)))


def _chunks(ids: list[bytes]) -> list[list[bytes]]:
    return [ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)]
