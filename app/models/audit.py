"""What staff, commands and scripts did, as a chain of digests without personal fields."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, UtcDateTime


class AuditEntry(Base):
    """One act; `digest` covers it and the entry before it (app/domain/auditing.py)."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("audit_chain_does_not_fork", "previous_digest", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous_digest: Mapped[str]
    digest: Mapped[str]
