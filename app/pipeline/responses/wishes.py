"""A requester's wish not to be asked: for good, for a while, or no longer. Works also after the link has expired."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import bindparam, delete, select, text, update
from sqlalchemy.orm import Session

from app.foundations.crypto import Keys
from app.models.base import UtcDateTime
from app.models.invitations import Invitation
from app.models.people import OptOut
from app.pipeline.responses.opening import SURVEY_TOKEN, InvitationUnknown, policy_of
from app.pipeline.responses.statements import policy_text

# "Not now" never shortens "not again": only the person's own "ask me again" undoes that.
_WISH = text("""
    INSERT INTO opt_outs (person_id, until, created_at) VALUES (:person_id, :until, :now)
    ON CONFLICT (person_id) DO UPDATE SET until = excluded.until, created_at = excluded.created_at
    WHERE opt_outs.until IS NOT NULL
""").bindparams(bindparam("until", type_=UtcDateTime), bindparam("now", type_=UtcDateTime))


class Wish(StrEnum):
    """What a person asked for."""

    NEVER = "never"
    NOT_NOW = "not_now"
    ASK = "ask"


def find_wish(session: Session, keys: Keys, token: str, *, now: datetime) -> tuple[Wish, datetime | None, str]:
    """Return the wish in force, until when it holds if it ends, and the person's language. Raises InvitationUnknown."""
    public_id = keys.read_token(SURVEY_TOKEN, token)
    row = session.execute(
        select(Invitation.language, OptOut.person_id, OptOut.until)
        .outerjoin(OptOut, OptOut.person_id == Invitation.person_id)
        .where(Invitation.public_id == (public_id or b""))
    ).one_or_none()
    if row is None:
        raise InvitationUnknown
    if row.person_id is None or (row.until is not None and row.until <= now):
        return Wish.ASK, None, row.language
    return (Wish.NEVER if row.until is None else Wish.NOT_NOW), row.until, row.language


def opt_out(session: Session, keys: Keys, token: str, *, now: datetime) -> None:
    """Do not ask this person again, until they undo it. Idempotent. Raises InvitationUnknown."""
    _wish(session, _person(session, keys, token), None, now=now)


def not_now(session: Session, keys: Keys, token: str, *, now: datetime) -> datetime:
    """Let this person rest for the days of the policy; return until when. Raises InvitationUnknown."""
    person_id = _person(session, keys, token)
    until = now + rest_after_not_now(session)
    _wish(session, person_id, until, now=now)
    return until


def rest_after_not_now(session: Session) -> timedelta:
    """Return how long "not now" lets a person rest, by the policy in force."""
    return policy_of(session.scalar(select(policy_text()))).rest_after_not_now


def ask_again(session: Session, keys: Keys, token: str) -> None:
    """Undo both wishes. Idempotent. Raises InvitationUnknown."""
    session.execute(delete(OptOut).where(OptOut.person_id == _person(session, keys, token)))


def _person(session: Session, keys: Keys, token: str) -> int:
    public_id = keys.read_token(SURVEY_TOKEN, token)
    person_id = session.scalar(select(Invitation.person_id).where(Invitation.public_id == (public_id or b"")))
    if person_id is None:
        raise InvitationUnknown
    return person_id


def _wish(session: Session, person_id: int, until: datetime | None, *, now: datetime) -> None:
    session.execute(_WISH, {"person_id": person_id, "until": until, "now": now})
    # No reminder follows a wish to be left alone.
    waiting = update(Invitation).where(Invitation.person_id == person_id, Invitation.remind_at.is_not(None))
    session.execute(waiting.values(remind_at=None))
