"""Adding trackers and score sources, and turning over their secrets. Keys and secrets are shown once."""

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.connectors import find_connector, kinds_of
from app.connectors.connector import Connector, Setting
from app.domain.states import ConnectionSide
from app.foundations.crypto import Keys
from app.foundations.languages import gettext, mark
from app.models.connections import Connection
from app.upkeep.connections.score_settings import require_known
from app.upkeep.connections.settings import SettingRefused, require_secrets_for, sound

HOOK_KEY_BYTES = 24  # 32 characters of base64url
RESERVED_SLUGS = frozenset({"instruments", "new", "survey"})  # pages, and the source of our own answers

CALLBACK = "callback_url"  # the address that we gave the tool: it holds the key, and Trello signs it
_CALLED_AT = Setting(name=CALLBACK, meaning=mark("the address of our hook as the tool calls it"), secret=True)
_OF_TRACKERS = (
    Setting(name="departments", meaning=mark('which values of the tool mean which department: {"value": "CODE"}')),
    Setting(name="requesters", meaning=mark('which keys of the tool mean which person: {"key": "address"}')),
)
_OF_POLLS = Setting(name="poll_minutes", meaning=mark("how many minutes lie between two polls"))

_SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?")


class ConnectionRefused(ValueError):
    """A tracker or source cannot be added or changed like this; the message says why and how to mend it."""

    def __init__(self, message: str, setting: str = "", *, mend: str = "") -> None:
        """`setting` is the one at fault, `slug` for the slug itself, empty where it is none of them.

        `mend` names the way to mend it, which commands and pages say each in their own words.
        """
        super().__init__(message)
        self.setting, self.mend = setting, mend


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the administrator gets to see once."""

    hook_key: str | None
    secret: str | None


def hook_key_hash(key: str) -> bytes:
    """Return what is stored of a hook's key: SHA-256 is enough for 192 random bits, and outlives a new secret key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


def is_slug(text: str) -> bool:
    """Return whether a connection may be called so; whether another one is, only adding it tells."""
    return _SLUG.fullmatch(text) is not None and text not in RESERVED_SLUGS


def add_connection(
    session: Session,
    keys: Keys,
    *,
    slug: str,
    side: ConnectionSide,
    kind: str,
    settings: Mapping[str, Any],
    base_url: str,
    now: datetime,
) -> Credentials:
    """Store a new tracker or source. Raises ConnectionRefused for a bad or taken slug, kind or setting."""
    if not is_slug(slug):
        sentence = mark("'%(slug)s' cannot be a slug: use small letters, digits and hyphens, at most 60")
        raise ConnectionRefused(gettext(sentence, slug=slug), "slug")
    taken = session.scalar(select(Connection).where(Connection.slug == slug))
    if taken is not None:
        sentence = mark("'%(slug)s' exists already: trackers and sources share their slugs")
        if taken.removed_at is not None:
            sentence = mark("'%(slug)s' was removed, and what it brought keeps this name: choose another one")
        raise ConnectionRefused(gettext(sentence, slug=slug), "slug")
    connector = find_connector(side, kind)
    if connector is None:
        known = ", ".join(kinds_of(side))
        raise ConnectionRefused(gettext("the kind '%(kind)s' is none of %(kinds)s", kind=kind, kinds=known))
    _require_needed(connector, settings)
    connection = Connection(slug=slug, side=side, kind=kind, settings={}, created_at=now)
    session.add(connection)
    hook_key = secrets.token_urlsafe(HOOK_KEY_BYTES) if connector.read else None
    secret = connector.make_secret() if connector.make_secret and not _signing(connector, settings) else None
    if hook_key:
        connection.key_hash = hook_key_hash(hook_key)
        settings = {**settings, CALLBACK: f"{base_url}/hooks/{slug}/{hook_key}"}
    own = {connector.secret_name: secret} if secret else {}
    _apply(session, connection, connector, keys, {**settings, **own})
    session.flush()
    return Credentials(hook_key, secret)


def change_settings(session: Session, keys: Keys, slug: str, settings: Mapping[str, Any]) -> None:
    """Set some settings of a connection anew; None takes one away. A replaced hook secret is honoured on for a while.

    Raises ConnectionRefused for a setting that its kind does not have.
    """
    connection = get_connection(session, slug)
    connector = find_connector(connection.side, connection.kind)
    assert connector is not None
    _apply(session, connection, connector, keys, settings)
    connection.next_poll_at = None  # the next poll is due at once, with what was mended
    session.flush()


def _apply(
    session: Session, connection: Connection, connector: Connector, keys: Keys, settings: Mapping[str, Any]
) -> None:
    """Put each setting where it belongs: open, sealed, or as the secret of the hook. Raises ConnectionRefused."""
    declared = {one.name: one for one in (*connector.settings, *_common(connector))}
    if strange := sorted(set(settings) - set(declared) - {connector.secret_name}):
        names = ", ".join(name for name in declared if name != CALLBACK)
        sentence = mark("'%(name)s' is no setting of %(kind)s; it has: %(names)s")
        raise ConnectionRefused(gettext(sentence, name=strange[0], kind=connector.kind, names=names))
    opened = connection.known_settings(keys)
    sealed = {name: value for name, value in opened.items() if name in declared and declared[name].secret}
    try:
        settings = sound(declared.values(), settings)
        if connector.side is ConnectionSide.SCORES:
            require_known(session, settings)
        require_secrets_for(settings, opened, secrets=set(sealed) - set(settings) - {CALLBACK})
    except SettingRefused as refused:
        raise ConnectionRefused(str(refused), refused.name, mend=refused.mend) from refused
    shown = dict(connection.settings or {})
    for name, value in settings.items():
        if name == connector.secret_name:
            _set_secret(connection, keys, value)
        elif declared[name].secret:
            sealed[name] = value
        else:
            shown[name] = value
    connection.settings = {name: value for name, value in shown.items() if value is not None}
    sealed = {name: value for name, value in sealed.items() if value is not None}
    connection.credentials = keys.seal(json.dumps(sealed).encode()) if sealed else None


def _common(connector: Connector) -> tuple[Setting, ...]:
    """Return the settings that all kinds share which do what this one does."""
    of_trackers = _OF_TRACKERS if connector.side is ConnectionSide.TRACKER else ()
    return (_CALLED_AT, *of_trackers, *((_OF_POLLS,) if connector.poll else ()))


def _set_secret(connection: Connection, keys: Keys, secret: object) -> None:
    if secret is not None and not (isinstance(secret, str) and secret):
        raise ConnectionRefused(gettext("the secret must be text that is not empty"))
    connection.previous_secret = connection.secret
    connection.secret = keys.seal(secret.encode()) if isinstance(secret, str) else None


def _require_needed(connector: Connector, settings: Mapping[str, Any]) -> None:
    missing = [one for one in connector.settings if one.needed and not settings.get(one.name)]
    if missing:
        named = "; ".join(f"{one.name} ({gettext(one.meaning)})" for one in missing)
        raise ConnectionRefused(gettext("%(kind)s needs: %(settings)s", kind=connector.kind, settings=named))


def _signing(connector: Connector, settings: Mapping[str, Any]) -> object:
    return settings.get(connector.secret_name)


def renew_secret(session: Session, keys: Keys, slug: str) -> str:
    """Give a connection a new secret and return it; the old one is honoured until `forget_previous_secret`."""
    connection = get_connection(session, slug)
    connector = find_connector(connection.side, connection.kind)
    if connector is None or connector.make_secret is None:
        raise ConnectionRefused(gettext("'%(slug)s' has no secret of ours", slug=slug))
    secret = connector.make_secret()
    _set_secret(connection, keys, secret)
    session.flush()
    return secret


def forget_previous_secret(session: Session, slug: str) -> None:
    """Refuse from now on what was signed with the secret before the last renewal."""
    get_connection(session, slug).previous_secret = None
    session.flush()


def switch(session: Session, slug: str, *, is_active: bool) -> Connection:
    """Switch a connection off, or on again: then its poll is due at once. Raises ConnectionRefused."""
    connection = get_connection(session, slug)
    connection.is_active, connection.next_poll_at = is_active, None
    session.flush()
    return connection


def get_connection(session: Session, slug: str) -> Connection:
    """Return the tracker or source with this slug. Raises ConnectionRefused."""
    found = find_locked(session, slug, lock=False)
    if found is None:
        raise ConnectionRefused(gettext("there is no tracker or source '%(slug)s'", slug=slug))
    return found


def find_locked(session: Session, slug: str, *, lock: bool) -> Connection | None:
    """Return the connection with this slug, or None, also where it was removed; `lock` holds until the commit."""
    query = select(Connection).where(Connection.slug == slug, Connection.removed_at.is_(None))
    return session.scalar(query.with_for_update() if lock else query)


def connections_of(session: Session, side: ConnectionSide) -> list[Connection]:
    """Return all trackers, or all sources, by slug."""
    return list(
        session.scalars(
            select(Connection).where(Connection.side == side, Connection.removed_at.is_(None)).order_by(Connection.slug)
        )
    )
