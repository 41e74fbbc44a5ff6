"""Hooks as the tools have them: register ours, see daily whether it lives, and register it again where it is gone."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.connectors import find_connector
from app.connectors.connector import Connector, HookHealth
from app.foundations.http import Trouble
from app.foundations.languages import gettext
from app.jobs.installation import Installation
from app.jobs.outside import connection_of, tool_of
from app.models.connections import Connection
from app.pipeline.intake.polls import ConnectionGone

HANDSHAKE = timedelta(minutes=5)  # how long the tool may take to call us while we register

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Registering:
    """What registering one connection's hook needs."""

    connector: Connector
    settings: dict[str, Any]  # credentials included
    secret: str


def register_hook(installation: Installation, slug: str, *, now: datetime) -> None:
    """Register our hook with the tool and keep what it says of it. Raises Trouble; the connection stays as it is."""
    with installation.sessions.begin() as session:
        connection = connection_of(session, slug, lock=True)
        wanted = _registering(installation, connection)
        # The tool may call our address while this call is still open, so the door is open before it.
        connection.handshake_until = now + HANDSHAKE
    try:
        tool = tool_of(installation.settings, wanted.settings, now=now)
        assert wanted.connector.register is not None
        registered = wanted.connector.register(tool, str(wanted.settings.get("callback_url", "")), wanted.secret)
    except Trouble as trouble:
        with installation.sessions.begin() as session:
            connection = connection_of(session, slug, lock=True)
            connection.handshake_until, connection.hook_problem = None, str(trouble)
        raise
    with installation.sessions.begin() as session:
        connection = connection_of(session, slug, lock=True)
        connection.registration, connection.handshake_until = dict(registered), None
        connection.hook_checked_at, connection.hook_problem = now, None


def check_credentials(installation: Installation, slug: str, *, now: datetime) -> str:
    """Try the credentials of a connection and return the sentence that says whose they are. Raises Trouble."""
    with installation.sessions() as session:
        connection = connection_of(session, slug)
        connector = find_connector(connection.side, connection.kind)
        known = connection.known_settings(installation.keys)
    if connector is None or connector.check is None:
        raise Trouble(gettext("there are no credentials to try"))
    return connector.check(tool_of(installation.settings, known, now=now))


def look_after_hooks(installation: Installation, *, now: datetime) -> int:
    """Ask every tool that can tell whether our hook lives; register it again where it is gone. Return how many live."""
    with installation.sessions() as session:
        active = session.scalars(select(Connection).where(Connection.is_active).order_by(Connection.slug))
        slugs = [one.slug for one in active if _can_be_looked_after(one)]
    return sum(_looked_after(installation, slug, now) for slug in slugs)


def _looked_after(installation: Installation, slug: str, now: datetime) -> bool:
    try:
        return _look_after(installation, slug, now)
    except ConnectionGone as gone:
        log.info("the hook of %s is looked after no more: %s", slug, gone)
        return False


def _can_be_looked_after(connection: Connection) -> bool:
    connector = find_connector(connection.side, connection.kind)
    return connector is not None and connector.look_after is not None and connection.registration is not None


def _look_after(installation: Installation, slug: str, now: datetime) -> bool:
    health = _health(installation, slug, now)
    if health.is_gone:
        try:
            register_hook(installation, slug, now=now)
        except Trouble as trouble:
            health = HookHealth(is_alive=False, problem=f"{health.problem} {trouble}".strip())
        else:
            log.warning("the hook of %s was gone and is registered again", slug)
            return True
    with installation.sessions.begin() as session:
        connection = connection_of(session, slug, lock=True)
        connection.hook_checked_at = now
        connection.hook_problem = None if health.is_alive else health.problem or gettext("the hook is dead")
    return health.is_alive


def _health(installation: Installation, slug: str, now: datetime) -> HookHealth:
    with installation.sessions() as session:
        connection = connection_of(session, slug)
        connector = find_connector(connection.side, connection.kind)
        known, registration = connection.known_settings(installation.keys), dict(connection.registration or {})
    assert connector is not None
    assert connector.look_after is not None
    try:
        return connector.look_after(tool_of(installation.settings, known, now=now), registration)
    except Trouble as trouble:  # the tool cannot be asked: that says nothing of the hook, but is worth saying
        return HookHealth(is_alive=False, problem=str(trouble))


def _registering(installation: Installation, connection: Connection) -> Registering:
    connector = find_connector(connection.side, connection.kind)
    if connector is None or connector.register is None:
        raise Trouble(gettext("hooks of the kind %(kind)s are registered by hand", kind=connection.kind))
    secrets = connection.signing_secrets(installation.keys)
    return Registering(connector, connection.known_settings(installation.keys), secrets[0] if secrets else "")
