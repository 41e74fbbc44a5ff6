"""An installation that asks: policy, calendar and keys in one line, and what a mail server did."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.asking import Asking
from app.domain.asking_policy import AskingPolicy
from app.domain.periods import Calendar
from app.domain.states import MessageState
from app.foundations.crypto import Keys
from app.models.messages import Message

KEYS = Keys(("a secret of an installation in the tests",))


def asking(zone: str = "UTC", **policy: object) -> Asking:
    """Return the default policy with these fields changed, in a company in `zone`."""
    return Asking(
        policy=replace(AskingPolicy(), **policy),  # type: ignore[arg-type]
        calendar=Calendar(ZoneInfo(zone)),
        sampling_key=KEYS.hash("sampling"),
        languages=("en", "de"),
    )


def accept_mail(session: Session, at: datetime) -> None:
    """A mail server takes every waiting message."""
    session.execute(
        update(Message)
        .where(Message.state == MessageState.WAITING, Message.due_at <= at)
        .values(state=MessageState.SENT, accepted_at=at, mail_system="mx.example.com")
    )
