"""The codebook of themes as versioned data."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.codebook import DEFAULT, Codebook, stored_codebook
from app.models.base import Base, UtcDateTime


class CodebookVersion(Base):
    """A codebook as HR published it; never changed afterwards."""

    __tablename__ = "codebook_versions"

    version: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    author: Mapped[str]
    reason: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


def find_codebook(session: Session, version: int | None = None) -> tuple[int, Codebook]:
    """Return a version of the codebook with its number, by default the newest; version 0 is the built-in one.

    Raises LookupError for a version that there is not.
    """
    if version == 0:
        return 0, DEFAULT
    query = select(CodebookVersion).order_by(CodebookVersion.version.desc()).limit(1)
    row = session.scalar(query if version is None else query.where(CodebookVersion.version == version))
    if row is None and version is not None:
        raise LookupError(version)
    return (row.version, stored_codebook(row.document)) if row else (0, DEFAULT)
