"""Sessions of staff: begun by a way in, listed on the person's own page, ended by the person or by the clock.

A cookie holds a random secret, the table a keyed hash of it. One row hangs on one role of an address; taking that role
away ends it at once, even where another role stays.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.orm import Session

from app.domain.rights import Viewer
from app.domain.states import WayIn
from app.foundations.crypto import PUBLIC_ID_BYTES, Keys
from app.models.accounts import Staff, StaffSession
from app.upkeep.staff.viewers import viewer_where

SESSION_LIFETIME = timedelta(hours=12)
FRESH_FOR = timedelta(minutes=15)  # how long a sign-in is proof enough to change ways in


class UnknownSession(LookupError):
    """No session of this address has this name."""


@dataclass(frozen=True)
class OpenSession:
    """A session as its owner sees it."""

    public_id: str  # hex
    way: WayIn | None
    device: str  # "Firefox, Windows"; empty where the browser did not say
    created_at: datetime
    expires_at: datetime
    is_this: bool


def open_session(session: Session, keys: Keys, staff: Staff, *, way: WayIn, device: str, now: datetime) -> str:
    """Begin a session of 12 hours; return the secret for the cookie."""
    secret = secrets.token_urlsafe(32)
    session.add(
        StaffSession(
            id_hash=session_hash(keys, secret),
            public_id=secrets.token_bytes(PUBLIC_ID_BYTES),
            staff_id=staff.id,
            way=way,
            device=device or None,
            created_at=now,
            expires_at=now + SESSION_LIFETIME,
        )
    )
    return secret


def end_session(session: Session, keys: Keys, secret: str, *, now: datetime) -> None:
    """End a session for good, whoever still holds its cookie."""
    _end(session, StaffSession.id_hash == session_hash(keys, secret), now=now)


def open_sessions(session: Session, keys: Keys, email: str, *, secret: str, now: datetime) -> list[OpenSession]:
    """Return the sessions of an address that are open, with whatever role, the newest first."""
    this = session_hash(keys, secret)
    rows = session.scalars(
        select(StaffSession)
        .where(StaffSession.staff_id.in_(_roles(email)), *_is_open(now))
        .order_by(StaffSession.created_at.desc(), StaffSession.public_id)
    )
    return [
        OpenSession(row.public_id.hex(), row.way, row.device or "", row.created_at, row.expires_at, row.id_hash == this)
        for row in rows
    ]


def end_one(session: Session, email: str, public_id: str, *, now: datetime) -> bool:
    """End a session of this address; return False if it had ended before. Raises UnknownSession."""
    try:
        named = bytes.fromhex(public_id)
    except ValueError:
        raise UnknownSession(public_id) from None
    own = (StaffSession.public_id == named) & StaffSession.staff_id.in_(_roles(email))
    if session.scalar(select(StaffSession.id_hash).where(own)) is None:
        raise UnknownSession(public_id)
    return _end(session, own, now=now) > 0


def end_others(session: Session, keys: Keys, email: str, *, but: str, now: datetime) -> int:
    """End every session of the address but the one with this secret; return how many."""
    others = StaffSession.staff_id.in_(_roles(email)) & (StaffSession.id_hash != session_hash(keys, but))
    return _end(session, others & (StaffSession.expires_at > now), now=now)


def end_sessions_of(session: Session, staff_id: int, *, now: datetime) -> int:
    """End the sessions that hang on one role of an address; return how many."""
    return _end(session, StaffSession.staff_id == staff_id, now=now)


def is_fresh(session: Session, keys: Keys, secret: str, *, now: datetime) -> bool:
    """Tell whether this session began with a sign-in of the last 15 minutes."""
    began = select(StaffSession.created_at).where(StaffSession.id_hash == session_hash(keys, secret))
    at = session.scalar(began)
    return at is not None and at > now - FRESH_FOR


def was_session(session: Session, keys: Keys, secret: str) -> bool:
    """Tell whether this is the secret of a session of ours, be it over or not."""
    named = select(StaffSession.id_hash).where(StaffSession.id_hash == session_hash(keys, secret))
    return session.scalar(named) is not None


def find_viewer(session: Session, keys: Keys, secret: str, *, now: datetime) -> Viewer | None:
    """Return who holds this session, with all roles of the address; None once it ended or the roles are gone."""
    signed_in = (
        select(Staff.email)
        .join(StaffSession, StaffSession.staff_id == Staff.id)
        .where(StaffSession.id_hash == session_hash(keys, secret), *_is_open(now), Staff.is_active)
    )
    return viewer_where(session, Staff.email.in_(signed_in), now=now)


def session_hash(keys: Keys, secret: str) -> bytes:
    """Return what is stored of a session's secret."""
    return keys.hash("staff-session", secret)


def _roles(email: str) -> Select[tuple[int]]:
    return select(Staff.id).where(Staff.email == email)


def _is_open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return StaffSession.ended_at.is_(None), StaffSession.expires_at > now


def _end(session: Session, which: ColumnElement[bool], *, now: datetime) -> int:
    ending = update(StaffSession).where(which, StaffSession.ended_at.is_(None)).values(ended_at=now)
    return len(session.scalars(ending.returning(StaffSession.public_id)).all())
