"""Trackers and score sources: one namespace of slugs, their settings, sealed secrets, health and import profiles."""

import json
import logging
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import ConnectionSide
from app.foundations.crypto import Keys, UnreadableSecret
from app.models.base import Base, UtcDateTime, words

log = logging.getLogger(__name__)

MOST_LEFT_OUT = 1000  # requests or scores that are named; of more the newest


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
    credentials: Mapped[bytes | None]  # sealed JSON of the settings that are secret
    is_active: Mapped[bool] = mapped_column(default=True)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # for good; its requests and scores keep the name
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_event_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    # The hook as the tool has it.
    registration: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # the tool's id of our hook, its address …
    handshake_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # a handshake is awaited until then
    hook_checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hook_problem: Mapped[str | None]  # why the hook is dead, as of the last check

    # The poll.
    cursor: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    polled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when the last complete poll began
    next_poll_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    poll_failures: Mapped[int] = mapped_column(default=0)  # in a row
    poll_problem: Mapped[str | None]
    left_out: Mapped[dict[str, str] | None] = mapped_column(JSON)  # requests or scores that polls left out -> why

    def leave_out(self, wrong: Mapping[str, str], *, told: Collection[str]) -> None:
        """Note what a poll left out of what it was `told`, and why; what was taken is forgotten here."""
        kept = {name: why for name, why in (self.left_out or {}).items() if name not in told}
        self.left_out = dict(list((kept | dict(wrong)).items())[-MOST_LEFT_OUT:]) or None

    def known_settings(self, keys: Keys) -> dict[str, Any]:
        """Return all settings, the secret ones opened. Never store, print or log the result."""
        if self.credentials is None:
            return dict(self.settings)
        try:
            opened: dict[str, Any] = json.loads(keys.unseal(self.credentials))
        except UnreadableSecret:
            log.warning("the credentials of %s cannot be read with this secret key: set them anew", self.slug)
            return dict(self.settings)
        return {**self.settings, **opened}

    def signing_secrets(self, keys: Keys) -> tuple[str, ...]:
        """Return what deliveries may be signed with, the current secret first; empty where none can be read."""
        try:
            sealed = filter(None, (self.secret, self.previous_secret))
            return tuple(keys.unseal(secret).decode() for secret in sealed)
        except UnreadableSecret:
            log.warning("the secret of %s cannot be read with this secret key: set it anew", self.slug)
            return ()


class ImportProfile(Base):
    """A saved mapping of somebody else's columns."""

    __tablename__ = "import_profiles"

    name: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
