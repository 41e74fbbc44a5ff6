"""Tables as an administrator sends them through the browser."""

from datetime import datetime
from typing import Any

from app.imports.mapping import Mapping
from app.models.uploads import ImportKind
from app.upkeep.imports import uploads
from tests.servers.databases import Database


def upload(database: Database, table: str | bytes, kind: ImportKind, *, now: datetime, **choices: Any) -> int:
    """Keep a table and return its number; `choices` are how it is to be read."""
    content = table if isinstance(table, bytes) else table.encode()
    told: dict[str, Any] = {"mapping": Mapping(), "language": "en"} | choices
    name = str(told.pop("name", f"{kind.value}.csv"))
    with database.sessions.begin() as session:
        asked = uploads.Choices(kind=kind, **told)
        return uploads.keep(session, name, content, asked, by="staff:1", now=now).id
