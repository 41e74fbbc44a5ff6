"""Passkeys of an address: added and taken away by its owner, used to sign in."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.foundations.passkeys import House, PasskeyRefused, passkey_of
from app.models.accounts import Staff
from app.models.insertion import insert_missing
from app.models.ways_in import Passkey, UsedChallenge

MOST = 20  # of one address
ANSWERED_WITHIN = timedelta(minutes=5)  # from the question to the answer


class TooManyPasskeys(ValueError):
    """An address has as many as one needs."""


def passkeys_of(session: Session, email: str) -> list[Passkey]:
    """Return the passkeys of an address, the oldest first."""
    query = select(Passkey).where(Passkey.email == email).order_by(Passkey.created_at, Passkey.credential_id)
    return list(session.scalars(query))


def add_passkey(
    session: Session, house: House, email: str, answer: str, challenge: bytes, name: str, *, now: datetime
) -> bool:
    """Store the passkey that a browser made; return False for one that is stored already.

    Raises PasskeyRefused and TooManyPasskeys.
    """
    made = house.check_made(answer, challenge)
    _use_up(session, challenge, now)
    if len(passkeys_of(session, email)) >= MOST:
        raise TooManyPasskeys(email)
    row = {"credential_id": made.credential_id, "email": email, "public_key": made.public_key}
    told = {"sign_count": made.sign_count, "name": name, "created_at": now}
    return insert_missing(session, Passkey, row | told) == 1


def _use_up(session: Session, challenge: bytes, now: datetime) -> None:
    """Refuse an answer that was given before: the question stands in a cookie, of which somebody may hold a copy."""
    row = {"challenge_hash": hashlib.sha256(challenge).digest(), "used_at": now}
    if not insert_missing(session, UsedChallenge, row):
        raise PasskeyRefused("answered before")


def remove_passkey(session: Session, email: str, credential_id: bytes) -> bool:
    """Take a passkey of this address away; return whether it had one of this id."""
    mine = (Passkey.credential_id == credential_id) & (Passkey.email == email)
    return session.scalar(delete(Passkey).where(mine).returning(Passkey.email)) is not None


def use_passkey(session: Session, house: House, answer: str, challenge: bytes, *, now: datetime) -> Staff:
    """Return who signs in. Raises PasskeyRefused, also for somebody whose roles are gone."""
    credential_id = passkey_of(answer)
    row = session.get(Passkey, credential_id, with_for_update=True)
    if row is None:
        raise PasskeyRefused("unknown")
    count = house.check_signed(answer, challenge, row.public_key, row.sign_count)
    _use_up(session, challenge, now)
    used = update(Passkey).where(Passkey.credential_id == credential_id)
    session.execute(used.values(sign_count=count, last_used_at=now))
    query = select(Staff).where(Staff.email == row.email, Staff.is_active).order_by(Staff.id)
    staff = session.scalars(query).first()
    if staff is None:
        raise PasskeyRefused("no role")
    return staff
