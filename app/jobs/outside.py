"""The way out of a job: one client for the process, a connection that still stands, and its tool."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from app.connectors.connector import Tool
from app.foundations.http import Client, Doors
from app.foundations.languages import gettext
from app.models.connections import Connection
from app.pipeline.intake.polls import ConnectionGone
from app.settings import Settings
from app.upkeep.connections.adding import find_locked


@lru_cache(maxsize=4)
def client_of(settings: Settings) -> Client:
    """Return the process's client: its buckets must be shared, or each caller would have a pace of its own."""
    return Client(Doors(frozenset(settings.private_hosts)), certificates=settings.http_certificates)


def connection_of(session: Session, slug: str, *, lock: bool = False) -> Connection:
    """Return the connection with this slug; `lock` holds until the commit. Raises ConnectionGone once it is removed."""
    found = find_locked(session, slug, lock=lock)
    if found is None:
        raise ConnectionGone(gettext("there is no tracker or source '%(slug)s'", slug=slug))
    return found


def tool_of(settings: Settings, known: Mapping[str, Any], *, now: datetime) -> Tool:
    """Return the way to the tool of a connection with these settings, credentials included."""
    return Tool(http=client_of(settings), settings=known, time_zone=settings.time_zone, now=now)
