"""Putting messages into the outbox, taking them back, and forgetting them. Inside the caller's transaction.

A row holds the message's name and parameters, never a rendered link: tokens are made when it is sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.domain.states import MessageState
from app.mail.content import AskedRequest, ClosedCase
from app.models.insertion import insert_missing
from app.models.messages import Message

FORGET_AFTER = timedelta(days=7)  # rules.md §1: a sent row loses its parameters

INVITATION, REMINDER, SIGN_IN_LINK, CLOSED_CASE = "invitation", "reminder", "sign_in_link", "closed_case"
TEST = "test"  # a sample, to whoever asks for it
BREAK_GLASS = "break_glass"
WAY_IN_CHANGED = "way_in_changed"
ROLE_GIVEN = "role_given"
DATA_EXPORTED = "data_exported"


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One mail to one recipient, as it waits. The same `key` is written once and names the Message-ID."""

    key: str
    name: str  # folder of templates/mail
    recipient: str
    language: str
    due_at: datetime
    params: Mapping[str, Any] = field(default_factory=dict)
    give_up_at: datetime | None = None
    invitation_id: int | None = None


def enqueue(session: Session, message: Outgoing, *, now: datetime) -> bool:
    """Write the message unless its key is there already; return whether it was written."""
    values = {**{name: getattr(message, name) for name in _FIELDS}, "params": dict(message.params)}
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(Message)
        .values(**values, state=MessageState.WAITING, attempts=0, created_at=now)
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(Message.id)
    )
    return session.execute(statement).scalar_one_or_none() is not None


def enqueue_all(session: Session, messages: Sequence[Outgoing], *, now: datetime) -> int:
    """Write many messages in one statement, unless their keys are there already; return how many were written."""
    common = {"state": MessageState.WAITING, "attempts": 0, "created_at": now}
    rows = [
        {**{name: getattr(one, name) for name in _FIELDS}, "params": dict(one.params), **common} for one in messages
    ]
    return insert_missing(session, Message, rows)


_FIELDS = ("key", "name", "recipient", "language", "due_at", "give_up_at", "invitation_id")


def sign_in_message(
    *, public_id: bytes, recipient: str, name: str, language: str, now: datetime, lifetime: timedelta
) -> Outgoing:
    """The mail with a sign-in link; its token is `links.sign_in_token(public_id)`, made again at sending."""
    return Outgoing(
        key=f"{SIGN_IN_LINK}:{public_id.hex()}",
        name=SIGN_IN_LINK,
        recipient=recipient,
        language=language,
        due_at=now,
        give_up_at=now + lifetime,
        params={"public_id": public_id.hex(), "recipient_name": name, "minutes": int(lifetime.total_seconds() // 60)},
    )


def closed_case_message(
    number: int, told: ClosedCase, *, recipient: str, language: str, invitation_id: int, now: datetime
) -> Outgoing:
    """The one mail of a closed contact case. It hangs on the invitation, so it is gone when the case is."""
    return Outgoing(
        key=f"{CLOSED_CASE}:{number}",
        name=CLOSED_CASE,
        recipient=recipient,
        language=language,
        due_at=now,
        params=asdict(told),
        invitation_id=invitation_id,
    )


def sample_message(*, key: str, recipient: str, name: str, language: str, period: str, now: datetime) -> Outgoing:
    """The mail with which somebody tries out how mails arrive, in the words of a quarter.

    It leaves at once, or within the hour not at all.
    """
    return Outgoing(
        key=f"{TEST}:{key}",
        name=TEST,
        recipient=recipient,
        language=language,
        due_at=now,
        give_up_at=now + timedelta(hours=1),
        params={"recipient_name": name, "today": now.date().isoformat(), "period": period},
    )


def break_glass_message(
    use: str, *, recipient: str, name: str, who: str, at: str, language: str, now: datetime
) -> Outgoing:
    """The mail to another administrator that emergency access was used; `use` names the use, `at` says when."""
    return Outgoing(
        key=f"{BREAK_GLASS}:{use}:{recipient}",
        name=BREAK_GLASS,
        recipient=recipient,
        language=language,
        due_at=now,
        params={"recipient_name": name, "who": who, "at": at},
    )


def way_in_changed_message(
    use: str, *, recipient: str, name: str, change: str, at: str, language: str, now: datetime
) -> Outgoing:
    """The mail to the owner of an address that a way in changed; `use` names the change, `at` says when."""
    return Outgoing(
        key=f"{WAY_IN_CHANGED}:{use}",
        name=WAY_IN_CHANGED,
        recipient=recipient,
        language=language,
        due_at=now,
        params={"recipient_name": name, "change": change, "at": at},
    )


def role_given_message(
    use: str, words: Mapping[str, Any], *, recipient: str, name: str, language: str, now: datetime
) -> Outgoing:
    """The mail that a role which sees results was given; `use` names the change, `words` are of `role_given`."""
    return Outgoing(
        key=f"{ROLE_GIVEN}:{use}:{recipient}",
        name=ROLE_GIVEN,
        recipient=recipient,
        language=language,
        due_at=now,
        params={"recipient_name": name, **words},
    )


def data_exported_message(
    use: str, words: Mapping[str, Any], *, recipient: str, language: str, now: datetime
) -> Outgoing:
    """The mail that all that is held about the recipient was made into a file; `words` are of `data_exported`."""
    return Outgoing(
        key=f"{DATA_EXPORTED}:{use}",
        name=DATA_EXPORTED,
        recipient=recipient,
        language=language,
        due_at=now,
        params=words,
    )


def withdraw(session: Session, *, invitation_id: int, name: str | None = None) -> int:
    """Take back what has not left for this invitation (all messages, or those of one name); return how many.

    A message being sent at this moment is not taken back: its row says `sending`, and 0 is returned.
    """
    statement = (
        update(Message)
        .where(Message.invitation_id == invitation_id, Message.state == MessageState.WAITING)
        .values(state=MessageState.WITHDRAWN)
        .execution_options(synchronize_session=False)
    )
    if name is not None:
        statement = statement.where(Message.name == name)
    return _count(session.execute(statement))


def forget_sent(session: Session, *, now: datetime) -> int:
    """Empty parameters and address of what was settled more than 7 days ago; return how many rows."""
    settled = (MessageState.SENT, MessageState.FAILED, MessageState.WITHDRAWN)
    statement = (
        update(Message)
        .where(Message.state.in_(settled), Message.due_at < now - FORGET_AFTER, Message.recipient.is_not(None))
        .where((Message.accepted_at.is_(None)) | (Message.accepted_at < now - FORGET_AFTER))
        .values(params=None, recipient=None, error=None)
        .execution_options(synchronize_session=False)
    )
    return _count(session.execute(statement))


def forget_recipient(session: Session, recipient: str) -> int:
    """Delete every message to an address, sent or not (erasure); return how many."""
    statement = delete(Message).where(Message.recipient == recipient).execution_options(synchronize_session=False)
    return _count(session.execute(statement))


_ASKED = tuple(one.name for one in fields(AskedRequest))


def asked_to_params(request: AskedRequest) -> dict[str, Any]:
    """Return the request's fields as JSON values."""
    values = ((name, getattr(request, name)) for name in _ASKED)  # asdict copies deeply, at a price
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values}


def asked_from_params(params: Mapping[str, Any]) -> AskedRequest:
    """Read what `asked_to_params` wrote."""
    days = {name: date.fromisoformat(params[name]) for name in ("completed_on", "expires_on", "released_on")}
    return AskedRequest(**{**params, **days})


def _count(result: Any) -> int:
    assert isinstance(result, CursorResult)
    return result.rowcount
