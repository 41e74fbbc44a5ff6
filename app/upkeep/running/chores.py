"""What pages ask the worker to do: asking, claiming, reporting and ending, each safe on however many machines."""

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from app.domain.states import ChoreKind, ChoreState
from app.foundations.languages import gettext, speaking
from app.models.chores import Chore

LEASE = timedelta(minutes=10)  # of one attempt; its worker begins it anew while it lives
MOST_ATTEMPTS = 3  # of a chore whose worker vanishes each time

#: Done within a minute or two, while somebody looks at the page: they never wait behind an hour of something else.
SHORT = frozenset({ChoreKind.CHECK_CONNECTION, ChoreKind.REGISTER_HOOK})
_TURN = case((Chore.kind.in_(sorted(SHORT)), 0), (Chore.kind == ChoreKind.BACKFILL.value, 2), else_=1)


class ChoreRefused(Exception):
    """A chore cannot be done as asked; the message is the sentence for whoever asked, and says how to mend it."""


def ask(
    session: Session,
    kind: ChoreKind,
    subject: str,
    params: Mapping[str, Any] | None = None,
    *,
    by: str,
    language: str,
    now: datetime,
) -> int:
    """Store what is asked for and return its number; that of an equal one where it has not begun yet."""
    wanted = dict(params or {})
    waiting = select(Chore).where(
        Chore.kind == kind.value, Chore.subject == subject, Chore.state == ChoreState.WAITING, Chore.asked_by == by
    )
    for one in session.scalars(waiting.order_by(Chore.id).with_for_update()):
        if one.params == wanted:
            return one.id
    chore = Chore(
        kind=kind.value,
        subject=subject,
        params=wanted,
        asked_by=by,
        language=language,
        asked_at=now,
        attempts=0,
        done=0,
    )
    session.add(chore)
    session.flush()
    return chore.id


def find(session: Session, number: int) -> Chore | None:
    """Return the chore with this number, or None."""
    return session.get(Chore, number)


def latest(session: Session, subject: str, *kinds: ChoreKind) -> Chore | None:
    """Return the last one of these kinds that was asked for about something, whoever asked."""
    about = select(Chore).where(Chore.subject == subject, Chore.kind.in_([kind.value for kind in kinds]))
    return session.scalar(about.order_by(Chore.id.desc()).limit(1))


def latest_open(session: Session, subject: str, kind: ChoreKind) -> Chore | None:
    """Return the last one of a kind about something that has not ended."""
    is_open = Chore.state.in_([ChoreState.WAITING, ChoreState.RUNNING])
    about = select(Chore).where(Chore.subject == subject, Chore.kind == kind.value, is_open)
    return session.scalar(about.order_by(Chore.id.desc()).limit(1))


def count_due(session: Session, *, now: datetime) -> int:
    """Return how many wait, or have lost their worker."""
    return session.scalar(select(func.count(Chore.id)).where(_due(now))) or 0


def claim(session: Session, *, now: datetime, kinds: Collection[ChoreKind] | None = None) -> Chore | None:
    """Lease a chore that is due and return it as it then stands; commit before the work begins.

    Short ones first, what asks a tool for years last, else the oldest; of `kinds`, or of all.
    """
    due = select(Chore).where(_due(now)).order_by(_TURN, Chore.id)
    if kinds is not None:
        due = due.where(Chore.kind.in_(sorted(kinds)))
    chore = session.scalar(due.limit(1).with_for_update(skip_locked=True))
    if chore is None:
        return None
    chore.state, chore.lease, chore.leased_until = ChoreState.RUNNING, secrets.token_hex(8), now + LEASE
    chore.started_at, chore.attempts, chore.done, chore.total = now, chore.attempts + 1, 0, None
    session.flush()
    return chore


def give_up(session: Session, *, now: datetime) -> None:
    """End as failed what has lost its worker so often that it is likely to be the cause."""
    vanished = select(Chore).where(
        Chore.state == ChoreState.RUNNING, Chore.leased_until <= now, Chore.attempts >= MOST_ATTEMPTS
    )
    for chore in session.scalars(vanished.with_for_update(skip_locked=True)):
        with speaking(chore.language):
            error = gettext("The worker was stopped in the middle of it, %(times)s times.", times=chore.attempts)
        fail(session, chore, error, now=now)


def report(session: Session, chore: Chore, done: int, total: int | None = None, *, now: datetime) -> bool:
    """Say how far a chore is, and hold it for longer; False when somebody else holds it by now."""
    return _change(session, chore, done=done, total=total, leased_until=now + LEASE)


def beat(session: Session, chore: Chore, *, now: datetime) -> bool:
    """Hold a chore for longer, without a word of how far it is; False when somebody else holds it by now."""
    return _change(session, chore, leased_until=now + LEASE)


def finish(session: Session, chore: Chore, result: Mapping[str, Any], *, now: datetime) -> bool:
    """End a chore with what came of it; False when somebody else holds it by now."""
    return _end(session, chore, ChoreState.DONE, now, result=dict(result), error=None)


def fail(session: Session, chore: Chore, error: str, *, now: datetime) -> bool:
    """End a chore with the sentence that says why it did not work; False when somebody else holds it by now."""
    return _end(session, chore, ChoreState.FAILED, now, result=None, error=error)


def _due(now: datetime) -> Any:
    return or_(Chore.state == ChoreState.WAITING, and_(Chore.state == ChoreState.RUNNING, Chore.leased_until <= now))


def _end(session: Session, chore: Chore, state: ChoreState, now: datetime, **values: Any) -> bool:
    return _change(session, chore, state=state, finished_at=now, lease=None, leased_until=None, **values)


def _change(session: Session, chore: Chore, **values: Any) -> bool:
    held = update(Chore).where(Chore.id == chore.id, Chore.lease == chore.lease, Chore.state == ChoreState.RUNNING)
    result = session.execute(held.values(**values).execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    return result.rowcount == 1
