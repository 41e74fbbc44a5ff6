"""What those who watch the work do about single mails: try one again that was refused, hold one back that waits.

Invitations and reminders are held back at their source: whoever withdraws one here would leave its request undecided.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from app.domain.states import MessageState
from app.mail.outbox.writing import BREAK_GLASS, DATA_EXPORTED, INVITATION, REMINDER, ROLE_GIVEN, WAY_IN_CHANGED
from app.models.messages import Message

SURVEYS = frozenset({INVITATION, REMINDER})
#: What tells others of something that an administrator may have done; so no administrator holds it back.
WARNINGS = frozenset({BREAK_GLASS, DATA_EXPORTED, ROLE_GIVEN, WAY_IN_CHANGED})
_STAY = SURVEYS | WARNINGS


class CannotBeRetried(Exception):
    """The mail was not refused, is forgotten, came back after it was delivered, or its time is over."""


class CannotBeWithdrawn(Exception):
    """The mail does not wait, its request must be withdrawn instead, or it warns somebody."""


class Deed(StrEnum):
    """What can be done about a mail."""

    RETRY = "retry"
    WITHDRAW = "withdraw"


def retry_message(session: Session, number: int, *, now: datetime) -> None:
    """Let a refused mail be tried again at once. Raises CannotBeRetried.

    It is asked again whether it may leave: a suppressed address gets none, a survey that is over is withdrawn.
    """
    changed = session.scalar(
        update(Message)
        .where(Message.id == number, Message.state == MessageState.FAILED, Message.recipient.is_not(None))
        .where(Message.accepted_at.is_(None), or_(Message.give_up_at.is_(None), Message.give_up_at > now))
        .values(state=MessageState.WAITING, due_at=now, attempts=0, error=None)
        .returning(Message.id)
    )
    if changed is None:
        raise CannotBeRetried(number)


def withdraw_message(session: Session, number: int) -> None:
    """Keep a waiting mail from leaving, for good. Raises CannotBeWithdrawn, also while it is being sent."""
    changed = session.scalar(
        update(Message)
        .where(Message.id == number, Message.state == MessageState.WAITING, Message.name.not_in(_STAY))
        .values(state=MessageState.WITHDRAWN)
        .returning(Message.id)
    )
    if changed is None:
        raise CannotBeWithdrawn(number)


def deeds(message: Message, *, now: datetime) -> frozenset[Deed]:
    """Return what can be done about a mail as it stands."""
    if message.state is MessageState.WAITING and message.name not in _STAY:
        return frozenset({Deed.WITHDRAW})
    is_in_time = message.give_up_at is None or message.give_up_at > now
    never_left = message.accepted_at is None and message.recipient is not None
    may_retry = message.state is MessageState.FAILED and never_left and is_in_time
    return frozenset({Deed.RETRY}) if may_retry else frozenset()
