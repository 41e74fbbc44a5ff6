"""Keys of scripts: shown once, kept as a hash, revoked by name. A personal one acts as its member of staff."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.domain.api_scopes import INSTALLATION, Scope, may_use
from app.domain.rights import Viewer
from app.foundations.languages import gettext
from app.models.accounts import ApiKey
from app.models.insertion import insert_missing
from app.upkeep.staff.accounts import welcome_heads
from app.upkeep.staff.viewers import viewer_of

PREFIX = "parity_"  # so that secret scanners recognise a key that leaked
KEY_BYTES = 32
LONGEST_NAME = 60
MOST_DAYS = 3650


class ApiKeyRefused(ValueError):
    """A key cannot be made or revoked like this; the message says why. `field` is what has to be mended."""

    def __init__(self, sentence: str, field: str = "name") -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Caller:
    """Who calls with a key: its number, what it was made for, and as whom it acts."""

    key_id: int
    scopes: frozenset[Scope]
    viewer: Viewer

    def may(self, scope: Scope) -> bool:
        """Tell whether the key has the scope and its person, today, what the scope needs."""
        return scope in self.scopes and may_use(scope, self.viewer)


def key_hash(key: str) -> bytes:
    """Return what is stored of a key: SHA-256 is enough for 256 random bits, and outlives a new PARITY_SECRET_KEY."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


def add_api_key(
    session: Session,
    name: str,
    scopes: Sequence[Scope],
    *,
    email: str | None = None,
    days: int | None = None,
    now: datetime,
) -> str:
    """Make a key and return it; it is never shown again. Of `email` it is personal; after `days` it ends by itself.

    Raises ApiKeyRefused for a taken name, without scopes, and for scopes that the person's roles do not reach.
    """
    if not scopes:
        raise ApiKeyRefused(gettext("a key needs a scope: %(scopes)s", scopes=", ".join(Scope)), "scopes")
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise ApiKeyRefused(gettext("a key needs a name of at most %(most)s characters", most=LONGEST_NAME))
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise ApiKeyRefused(gettext("a key lasts between 1 and %(most)s days", most=MOST_DAYS), "days")
    address = email.strip().lower() if email else None
    _require_reach(session, address, scopes, now)
    key = PREFIX + secrets.token_urlsafe(KEY_BYTES)
    row = {
        "name": name,
        "key_hash": key_hash(key),
        "scopes": sorted({scope.value for scope in scopes}),
        "email": address,
        "created_at": now,
        "expires_at": now + timedelta(days=days) if days is not None else None,
    }
    if not insert_missing(session, ApiKey, row):
        raise ApiKeyRefused(gettext("there is a key '%(name)s' already; names are never used again", name=name))
    return key


def _require_reach(session: Session, address: str | None, scopes: Sequence[Scope], now: datetime) -> None:
    if address is None:
        if beyond := _beyond(scopes, INSTALLATION):
            sentence = gettext("a key of nobody cannot have %(scopes)s: say whose it is (--for)", scopes=beyond)
            raise ApiKeyRefused(sentence, "scopes")
        return
    welcome_heads(session, address, now)
    viewer = viewer_of(session, address, now=now)
    if viewer is None:
        stranger = gettext("%(email)s has no role here: flask staff add %(email)s --role …", email=address)
        raise ApiKeyRefused(stranger, "email")
    if beyond := _beyond(scopes, viewer):
        words = {"email": address, "scopes": beyond}
        raise ApiKeyRefused(gettext("the roles of %(email)s do not reach as far as %(scopes)s", **words), "scopes")


def _beyond(scopes: Sequence[Scope], viewer: Viewer) -> str:
    return ", ".join(sorted({scope.value for scope in scopes if not may_use(scope, viewer)}))


def revoke_api_key(session: Session, name: str, *, now: datetime) -> bool:
    """Refuse a key from now on; False where it was revoked before. Raises ApiKeyRefused for an unknown name."""
    if session.scalar(select(ApiKey.id).where(ApiKey.name == name)) is None:
        raise ApiKeyRefused(gettext("there is no key '%(name)s'", name=name))
    known = update(ApiKey).where(ApiKey.name == name, ApiKey.revoked_at.is_(None))
    return session.scalar(known.values(revoked_at=now).returning(ApiKey.id)) is not None


def revoke_beyond(session: Session, email: str, *, now: datetime) -> None:
    """Revoke the keys of an address that its roles no longer reach: with another role they would come back as more."""
    viewer = viewer_of(session, email, now=now)
    for key in keys_of(session, email):
        if viewer is None or _beyond([Scope(scope) for scope in key.scopes], viewer):
            key.revoked_at = key.revoked_at or now


def forget_owner(session: Session, email: str, *, now: datetime) -> int:
    """End the keys of an address and leave their names only; return how many keys that were."""
    theirs = select(ApiKey).where(ApiKey.email == email)
    keys = session.scalars(theirs).all()
    for key in keys:
        key.email, key.revoked_at = None, key.revoked_at or now
    session.flush()
    return len(keys)


def may_call(key: ApiKey, *, now: datetime) -> bool:
    """Tell whether a key is neither revoked nor at its end."""
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > now)


def keys_of(session: Session, email: str) -> list[ApiKey]:
    """Return the personal keys of an address, revoked ones too, by name."""
    return list(session.scalars(select(ApiKey).where(ApiKey.email == email).order_by(ApiKey.name)))


def find_caller(session: Session, key: str, *, now: datetime) -> Caller | None:
    """Return who calls with this key, None for one that may not be used (any more) or whose person has no role here.

    Look-up is by hash: there is nothing to compare in time.
    """
    lasts = or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > now)
    found = session.scalar(select(ApiKey).where(ApiKey.key_hash == key_hash(key), ApiKey.revoked_at.is_(None), lasts))
    if found is None:
        return None
    viewer = INSTALLATION if found.email is None else viewer_of(session, found.email, now=now)
    known = frozenset(scope for scope in Scope if scope.value in found.scopes)
    return Caller(found.id, known, viewer) if viewer is not None else None


def all_api_keys(session: Session) -> list[ApiKey]:
    """Return every key, revoked ones too, by name."""
    return list(session.scalars(select(ApiKey).order_by(ApiKey.name)))
