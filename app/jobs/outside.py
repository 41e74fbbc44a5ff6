"""The way out of a job: one client for the process, and the tool of a connection."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from app.connectors.connector import Tool
from app.foundations.http import Client, Doors
from app.settings import Settings


@lru_cache(maxsize=4)
def client_of(settings: Settings) -> Client:
    """Return the process's client: its buckets must be shared, or each caller would have a pace of its own."""
    return Client(Doors(frozenset(settings.private_hosts)), certificates=settings.http_certificates)


def tool_of(settings: Settings, known: Mapping[str, Any], *, now: datetime) -> Tool:
    """Return the way to the tool of a connection with these settings, credentials included."""
    return Tool(http=client_of(settings), settings=known, time_zone=settings.time_zone, now=now)
