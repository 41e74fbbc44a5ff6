"""Keys of scripts: shown once, kept as a hash, revoked by name."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.api_scopes import Scope
from app.foundations.languages import gettext
from app.models.accounts import ApiKey

PREFIX = "parity_"  # so that secret scanners recognise a key that leaked
KEY_BYTES = 32


class ApiKeyRefused(ValueError):
    """A key cannot be made or revoked like this; the message says why."""


def key_hash(key: str) -> bytes:
    """Return what is stored of a key: SHA-256 is enough for 256 random bits, and outlives a new PARITY_SECRET_KEY."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


def add_api_key(session: Session, name: str, scopes: Sequence[Scope], *, now: datetime) -> str:
    """Make a key and return it; it is never shown again. Raises ApiKeyRefused for a taken name and without scopes."""
    if not scopes:
        raise ApiKeyRefused(gettext("a key needs a scope: %(scopes)s", scopes=", ".join(Scope)))
    if session.scalar(select(ApiKey.id).where(ApiKey.name == name)) is not None:
        raise ApiKeyRefused(gettext("there is a key '%(name)s' already; names are never used again", name=name))
    key = PREFIX + secrets.token_urlsafe(KEY_BYTES)
    session.add(
        ApiKey(name=name, key_hash=key_hash(key), scopes=sorted({scope.value for scope in scopes}), created_at=now)
    )
    session.flush()
    return key


def revoke_api_key(session: Session, name: str, *, now: datetime) -> None:
    """Refuse a key from now on. Idempotent; raises ApiKeyRefused for an unknown name."""
    if session.scalar(select(ApiKey.id).where(ApiKey.name == name)) is None:
        raise ApiKeyRefused(gettext("there is no key '%(name)s'", name=name))
    revoking = update(ApiKey).where(ApiKey.name == name, ApiKey.revoked_at.is_(None)).values(revoked_at=now)
    session.execute(revoking)


def find_api_key(session: Session, key: str) -> ApiKey | None:
    """Return the key's record if it may still be used. Look-up is by hash: there is nothing to compare in time."""
    return session.scalar(select(ApiKey).where(ApiKey.key_hash == key_hash(key), ApiKey.revoked_at.is_(None)))


def all_api_keys(session: Session) -> list[ApiKey]:
    """Return every key, revoked ones too, by name."""
    return list(session.scalars(select(ApiKey).order_by(ApiKey.name)))
