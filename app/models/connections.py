"""Trackers and score sources: one namespace of slugs, their settings, sealed secrets and saved import profiles."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import ConnectionSide
from app.models.base import Base, UtcDateTime, words


class Connection(Base):
    """A tool that tells us something, by hook, by poll or by file."""

    __tablename__ = "connections"
    __table_args__ = (
        UniqueConstraint("slug", name="connection_slug_is_unique"),
        UniqueConstraint("key_hash", name="hook_key_is_unique"),
        CheckConstraint("length(slug) BETWEEN 1 AND 60", name="connection_slug_is_short"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    side: Mapped[ConnectionSide] = mapped_column(words(ConnectionSide, "connection_side_is_known"))
    kind: Mapped[str]  # jira, signed, csv …
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    secret: Mapped[bytes | None]  # sealed (foundations.crypto)
    previous_secret: Mapped[bytes | None]  # sealed; honoured while a rotation runs
    key_hash: Mapped[bytes | None]  # of the key in /hooks/<slug>/<key>
    cursor: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_event_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImportProfile(Base):
    """A saved mapping of somebody else's columns."""

    __tablename__ = "import_profiles"

    name: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
