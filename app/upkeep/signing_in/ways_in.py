"""Password and code of an address: set by its owner, checked at sign-in, counted where they are wrong.

A password opens nothing without a confirmed code. A wrong password, an unknown address and an address without a code
get the same answer after the same work.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.domain.states import Tried
from app.foundations.crypto import Keys, UnreadableSecret
from app.foundations.passwords import fits, hash_password, new_secret, step_of
from app.models.accounts import Staff
from app.models.insertion import insert_missing
from app.models.turns import take_turn
from app.models.ways_in import CompanyAccount, OneTimeCode, Passkey, Password, SignInAttempt

WRONG_TRIES = 10  # of one mail address
TRIES_FROM_A_NETWORK = 100  # right or wrong: a company sits behind one address
WITHIN = timedelta(minutes=15)
RECOVERY_CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that reads like something else


@dataclass(frozen=True)
class Ways:
    """What an address has set up."""

    has_password: bool
    has_code: bool
    recovery_left: int


def ways_of(session: Session, email: str) -> Ways:
    """Return what an address has set up."""
    code = session.get(OneTimeCode, email)
    is_on = code is not None and code.confirmed_at is not None
    return Ways(
        has_password=session.get(Password, email) is not None,
        has_code=is_on,
        recovery_left=len(code.recovery) if code is not None and is_on else 0,
    )


def set_password(session: Session, email: str, text: str, *, now: datetime) -> None:
    """Give the address a password, in place of an earlier one."""
    values = {"hash": hash_password(text), "changed_at": now}
    if not insert_missing(session, Password, {"email": email, **values}):
        session.execute(update(Password).where(Password.email == email).values(values))


def remove_password(session: Session, email: str) -> bool:
    """Take the password away; return whether there was one."""
    return session.scalar(delete(Password).where(Password.email == email).returning(Password.email)) is not None


def begin_code(session: Session, keys: Keys, email: str, *, now: datetime) -> bool:
    """Make a secret for an authenticator app; return False where the address has one that is confirmed."""
    values = {"secret": keys.seal(new_secret().encode()), "begun_at": now, "recovery": []}
    if insert_missing(session, OneTimeCode, {"email": email, **values}):
        return True
    waits = update(OneTimeCode).where(OneTimeCode.email == email, OneTimeCode.confirmed_at.is_(None))
    return session.scalar(waits.values(values).returning(OneTimeCode.email)) is not None


def secret_to_confirm(session: Session, keys: Keys, email: str) -> str | None:
    """Return the secret that waits for its first code; a confirmed one is never shown again."""
    code = session.get(OneTimeCode, email)
    return _secret(keys, code) if code is not None and code.confirmed_at is None else None


def confirm_code(session: Session, keys: Keys, email: str, typed: str, *, now: datetime) -> list[str] | None:
    """Switch codes on and return the recovery codes, to be shown once; None where the code is wrong."""
    row = session.get(OneTimeCode, email, with_for_update=True)
    if row is None or row.confirmed_at is not None:
        return None
    secret = _secret(keys, row)
    step = step_of(secret, _plain(typed), now) if secret else None
    if step is None:
        return None
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    row.confirmed_at, row.last_step = now, step
    row.recovery = [_recovery_hash(keys, email, code) for code in codes]
    session.flush()
    return codes


def remove_code(session: Session, email: str) -> bool:
    """Switch codes off; return whether there were any. The password opens nothing until codes are on again."""
    gone = delete(OneTimeCode).where(OneTimeCode.email == email)
    return session.scalar(gone.returning(OneTimeCode.email)) is not None


def may_try(session: Session, keys: Keys, email: str, tried: Tried, *, now: datetime) -> bool:
    """Count a try and tell whether it may be made. The caller commits before the secret is looked at."""
    return _count(session, _address_hash(keys, email), tried, now) <= WRONG_TRIES


def may_try_from(session: Session, keys: Keys, network: str, *, now: datetime) -> bool:
    """Count a password tried from a network address and tell whether it may be; the right one is not forgotten.

    Of IPv6 the first 64 bits count, which is what one household or office holds (RFC 6177).
    """
    return _count(session, keys.hash("sign-in-network", _network(network)), Tried.PASSWORD, now) <= TRIES_FROM_A_NETWORK


def forget_tries(session: Session, keys: Keys, email: str, tried: Tried) -> None:
    """Begin to count anew, after the right secret."""
    mine = (SignInAttempt.address_hash == _address_hash(keys, email)) & (SignInAttempt.tried == tried)
    session.execute(delete(SignInAttempt).where(mine))


def password_fits(session: Session, email: str, text: str) -> datetime | None:
    """Return since when this has been the password of somebody with a role and with codes on; None where it is not."""
    stored = session.scalar(
        select(Password)
        .join(OneTimeCode, OneTimeCode.email == Password.email)
        .where(Password.email == email, OneTimeCode.confirmed_at.is_not(None))
        .where(Password.email.in_(select(Staff.email).where(Staff.is_active)))
    )
    is_right = fits(stored.hash if stored else None, text)
    return stored.changed_at if stored and is_right else None


def password_since(session: Session, email: str) -> datetime | None:
    """Return when the password of an address was set; None where it has none."""
    return session.scalar(select(Password.changed_at).where(Password.email == email))


def use_code(session: Session, keys: Keys, email: str, typed: str, *, now: datetime) -> Staff | None:
    """Use a code of the app or a recovery code up; return who signs in, None where it is wrong or was used."""
    row = session.get(OneTimeCode, email, with_for_update=True)
    if row is None or row.confirmed_at is None:
        return None
    plain, secret = _plain(typed), _secret(keys, row)
    step = step_of(secret, plain, now) if secret and plain.isdecimal() and plain.isascii() else None
    is_right = _use_step(session, email, step) if step is not None else _use_recovery(row, keys, plain)
    query = select(Staff).where(Staff.email == email, Staff.is_active).order_by(Staff.id)
    return session.scalars(query).first() if is_right else None


def forget_ways_in(session: Session, email: str) -> None:
    """Delete everything with which an address signs in beside links."""
    session.execute(delete(Password).where(Password.email == email))
    session.execute(delete(OneTimeCode).where(OneTimeCode.email == email))
    session.execute(delete(Passkey).where(Passkey.email == email))
    session.execute(delete(CompanyAccount).where(CompanyAccount.email == email))


def _count(session: Session, address_hash: bytes, tried: Tried, now: datetime) -> int:
    take_turn(session, int.from_bytes(address_hash[:8], signed=True))  # of many at once each counts those before it
    session.add(SignInAttempt(address_hash=address_hash, tried=tried, at=now))
    session.flush()
    mine = (SignInAttempt.address_hash == address_hash) & (SignInAttempt.tried == tried)
    return session.scalar(select(func.count()).where(mine, SignInAttempt.at > now - WITHIN)) or 0


def _network(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address  # whatever a proxy calls it
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Network((int(found), 64), strict=False))
    return address


def _use_step(session: Session, email: str, step: int) -> bool:
    newer = (OneTimeCode.last_step.is_(None)) | (OneTimeCode.last_step < step)
    used = update(OneTimeCode).where(OneTimeCode.email == email, newer).values(last_step=step)
    return session.scalar(used.returning(OneTimeCode.email).execution_options(synchronize_session=False)) is not None


def _use_recovery(row: OneTimeCode, keys: Keys, typed: str) -> bool:
    hashed = {_recovery_hash(one, row.email, typed) for one in keys.each()}
    left = [code for code in row.recovery if code not in hashed]
    is_right = len(left) < len(row.recovery)
    row.recovery = left
    return is_right


def _secret(keys: Keys, row: OneTimeCode) -> str | None:
    """Return the secret; None after a restore without our key, when the address sets codes up anew."""
    try:
        return keys.unseal(row.secret).decode()
    except UnreadableSecret:
        return None


def _recovery_code() -> str:
    letters = [secrets.choice(_ALPHABET) for _ in range(10)]
    return "".join(letters[:5]) + "-" + "".join(letters[5:])


def _plain(typed: str) -> str:
    return "".join(sign for sign in typed.lower() if sign.isalnum())


def _recovery_hash(keys: Keys, email: str, code: str) -> str:
    return keys.hash("recovery-code", email, _plain(code)).hex()


def _address_hash(keys: Keys, email: str) -> bytes:
    return keys.hash("sign-in-attempt", email)
