"""Adding trackers and score sources, and turning over their secrets. Keys and secrets are shown once."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.connectors import find_connector, kinds_of
from app.domain.states import ConnectionSide
from app.foundations.crypto import Keys
from app.foundations.languages import gettext, mark
from app.models.connections import Connection

HOOK_KEY_BYTES = 24  # 32 characters of base64url
RESERVED_SLUGS = frozenset({"survey"})  # the source of our own answers

_SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?")


class ConnectionRefused(ValueError):
    """A tracker or source cannot be added or changed like this; the message says why and how to mend it."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the administrator gets to see once."""

    hook_key: str | None
    secret: str | None


def hook_key_hash(key: str) -> bytes:
    """Return what is stored of a hook's key: SHA-256 is enough for 192 random bits, and outlives a new secret key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


def add_connection(
    session: Session,
    keys: Keys,
    *,
    slug: str,
    side: ConnectionSide,
    kind: str,
    settings: Mapping[str, Any],
    now: datetime,
) -> Credentials:
    """Store a new tracker or source. Raises ConnectionRefused for a bad or taken slug and an unknown kind."""
    if not _SLUG.fullmatch(slug) or slug in RESERVED_SLUGS:
        sentence = mark("'%(slug)s' cannot be a slug: use small letters, digits and hyphens, at most 60")
        raise ConnectionRefused(gettext(sentence, slug=slug))
    if session.scalar(select(Connection.id).where(Connection.slug == slug)) is not None:
        raise ConnectionRefused(gettext("'%(slug)s' exists already: trackers and sources share their slugs", slug=slug))
    connector = find_connector(side, kind)
    if connector is None:
        known = ", ".join(kinds_of(side))
        raise ConnectionRefused(gettext("the kind '%(kind)s' is none of %(kinds)s", kind=kind, kinds=known))
    hook_key = secrets.token_urlsafe(HOOK_KEY_BYTES) if connector.read else None
    secret = connector.make_secret() if connector.make_secret else None
    session.add(
        Connection(
            slug=slug,
            side=side,
            kind=kind,
            settings=dict(settings),
            secret=keys.seal(secret.encode()) if secret else None,
            key_hash=hook_key_hash(hook_key) if hook_key else None,
            created_at=now,
        )
    )
    session.flush()
    return Credentials(hook_key, secret)


def renew_secret(session: Session, keys: Keys, slug: str) -> str:
    """Give a connection a new secret and return it; the old one is honoured until `forget_previous_secret`."""
    connection = get_connection(session, slug)
    connector = find_connector(connection.side, connection.kind)
    if connector is None or connector.make_secret is None:
        raise ConnectionRefused(gettext("'%(slug)s' has no secret of ours", slug=slug))
    secret = connector.make_secret()
    connection.previous_secret, connection.secret = connection.secret, keys.seal(secret.encode())
    session.flush()
    return secret


def forget_previous_secret(session: Session, slug: str) -> None:
    """Refuse from now on what was signed with the secret before the last renewal."""
    get_connection(session, slug).previous_secret = None
    session.flush()


def get_connection(session: Session, slug: str) -> Connection:
    """Return the tracker or source with this slug. Raises ConnectionRefused."""
    found = session.scalar(select(Connection).where(Connection.slug == slug))
    if found is None:
        raise ConnectionRefused(gettext("there is no tracker or source '%(slug)s'", slug=slug))
    return found


def connections_of(session: Session, side: ConnectionSide) -> list[Connection]:
    """Return all trackers, or all sources, by slug."""
    return list(session.scalars(select(Connection).where(Connection.side == side).order_by(Connection.slug)))
