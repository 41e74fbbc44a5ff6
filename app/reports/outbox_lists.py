"""The outbox as those who watch the work see it: what leaves, to whom, what stands in its way; never what it says.

A row holds no link and no answer. What a mail is about stays out: an invitation's request is its requester's. And
no row says who answered: so reminders stay out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.domain.states import MessageState
from app.models.messages import Message
from app.models.people import Bounce

#: Who gets one of these rated low and asked to be contacted: only the heads of the department know who it is. A head's
#: address says which department it is, and beside the invitations of the days before that is nearly a name.
PRIVATE = frozenset({"closed_case", "contacts", "reminder"})

#: Who got an invitation and no reminder has answered. So reminders that leave are told to nobody and counted nowhere;
#: those that were refused are told without saying whose they are, for somebody has to mend that.
_IS_TOLD = (Message.name != "reminder") | (Message.state == MessageState.FAILED)


@dataclass(frozen=True)
class OutboxRow:
    """One mail."""

    number: int
    name: str
    recipient: str | None  # None: forgotten a week after it left, or nobody's business
    language: str
    state: MessageState
    created_at: datetime
    due_at: datetime
    give_up_at: datetime | None
    attempts: int
    accepted_at: datetime | None
    mail_system: str | None
    error: str | None
    is_private: bool

    @property
    def came_back(self) -> bool:
        """Tell whether a server had taken it and it was returned later."""
        return self.state is MessageState.FAILED and self.accepted_at is not None


def list_messages(
    session: Session, *, filters: Mapping[str, str], before: int | None, count: int
) -> Sequence[OutboxRow]:
    """Return mails, the last written first, from those written before the number `before` on."""
    conditions = list(_conditions(filters))
    if before is not None:
        conditions.append(Message.id < before)
    query = select(Message).where(*conditions).order_by(Message.id.desc()).limit(count)
    return [_row(message) for message in session.scalars(query)]


def count_states(session: Session) -> dict[str, int]:
    """Return how many mails stand where."""
    rows = session.execute(select(Message.state, func.count()).where(_IS_TOLD).group_by(Message.state)).tuples()
    return {state.value: count for state, count in rows}


def find_row(session: Session, number: int) -> OutboxRow | None:
    """Return one mail; None where there is none, and for a reminder that was not refused."""
    message = session.scalar(select(Message).where(Message.id == number, _IS_TOLD))
    return None if message is None else _row(message)


@dataclass(frozen=True)
class BounceCount:
    """How many addresses were refused with a status (RFC 3463) lately."""

    status: str
    refusals: int
    addresses: int
    last_at: datetime


def count_bounces(session: Session, *, since: datetime) -> Sequence[BounceCount]:
    """Return refusals by status, the most frequent first; addresses are kept as keyed hashes only."""
    counts = (func.count(), func.count(Bounce.address_hash.distinct()), func.max(Bounce.received_at))
    query = select(Bounce.status, *counts).where(Bounce.received_at >= since).group_by(Bounce.status)
    found = [BounceCount(*row) for row in session.execute(query).tuples()]
    return sorted(found, key=lambda one: (-one.refusals, one.status))


def _conditions(filters: Mapping[str, str]) -> Sequence[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [_IS_TOLD]
    if state := filters.get("state"):
        conditions.append(Message.state == MessageState(state))
    if name := filters.get("name"):
        conditions.append(Message.name == name)
    if words := filters.get("words"):
        conditions.append(Message.name.not_in(PRIVATE))
        conditions.append(func.lower(Message.recipient).contains(words.lower(), autoescape=True))
    return conditions


def _row(message: Message) -> OutboxRow:
    is_private = message.name in PRIVATE
    return OutboxRow(
        message.id,
        message.name,
        None if is_private else message.recipient,
        message.language,
        message.state,
        message.created_at,
        message.due_at,
        message.give_up_at,
        message.attempts,
        message.accepted_at,
        message.mail_system,
        None if is_private else message.error,  # a server may repeat the address
        is_private,
    )
