"""Claiming rows and settling them: each an atomic UPDATE in a short transaction of its own, right on both databases."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, and_, bindparam, case, or_, select, update
from sqlalchemy.orm import Session

from app.domain.states import MessageState
from app.mail.outbox.writing import SIGN_IN_LINK
from app.models.messages import Message

LEASE = timedelta(minutes=10)
BATCH = 50


def claim(session: Session, *, now: datetime, limit: int = BATCH) -> Sequence[Message]:
    """Lease due rows, sign-in links first. Rows whose worker vanished are due again when their lease has ended."""
    due = or_(
        and_(Message.state == MessageState.WAITING, Message.due_at <= now),
        and_(Message.state == MessageState.SENDING, Message.leased_until <= now),
    )
    somebody_is_at_the_door = case((Message.name == SIGN_IN_LINK, 0), else_=1)
    ids = session.scalars(
        select(Message.id)
        .where(due)
        .order_by(somebody_is_at_the_door, Message.due_at, Message.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if not ids:
        return []
    session.execute(
        update(Message)
        .where(Message.id.in_(ids))
        .values(
            state=MessageState.SENDING,
            lease=secrets.token_hex(8),
            leased_until=now + LEASE,
            attempts=Message.attempts + 1,
        )
        .execution_options(synchronize_session=False)
    )
    rows = session.scalars(select(Message).where(Message.id.in_(ids)).execution_options(populate_existing=True)).all()
    place = {id_: index for index, id_ in enumerate(ids)}
    return sorted(rows, key=lambda row: place[row.id])


def settle(session: Session, row: Message, state: MessageState, **values: Any) -> bool:
    """End the lease with `state` and `values`; False when somebody else holds the row by now."""
    changes = {"state": state, "lease": None, "leased_until": None, **values}
    result = session.connection().execute(_SETTLE, {"row_id": row.id, "held": row.lease, **changes})
    return result.rowcount == 1


# Built once: putting a statement together costs more than running it.
_TABLE = Message.__table__
_SETTLE = update(Message).where(
    _TABLE.c.id == bindparam("row_id"),
    _TABLE.c.lease == bindparam("held"),
    _TABLE.c.state == MessageState.SENDING,
)


def put_back(session: Session, rows: Sequence[Message]) -> None:
    """Return rows that were not tried; the attempt does not count."""
    for row in rows:
        settle(session, row, MessageState.WAITING, attempts=row.attempts - 1)


def fail_overdue(session: Session, *, now: datetime) -> int:
    """Fail what was not accepted in time; return how many rows."""
    result = session.execute(
        update(Message)
        .where(Message.state == MessageState.WAITING, Message.due_at <= now, Message.give_up_at <= now)
        .values(state=MessageState.FAILED, error="not accepted in time")
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount
