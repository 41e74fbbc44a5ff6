"""Tables that administrators sent through the browser: kept until they are imported, and for a day at the most."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import ConnectionSide
from app.models.base import Base, UtcDateTime, words


class ImportKind(StrEnum):
    """What the rows of a table are."""

    DEPARTMENTS = "departments"
    PEOPLE = "people"
    REQUESTS = "requests"
    RESPONSES = "responses"
    EXTERNAL = "external"

    @property
    def side(self) -> ConnectionSide | None:
        """What its rows come from: a tracker, a source, or None where nobody asks."""
        if self is ImportKind.REQUESTS:
            return ConnectionSide.TRACKER
        return ConnectionSide.SCORES if self in {ImportKind.RESPONSES, ImportKind.EXTERNAL} else None


class UploadState(StrEnum):
    """waiting → checked | faulty → imported; what is not imported may be checked again."""

    WAITING = "waiting"
    CHECKED = "checked"
    FAULTY = "faulty"
    IMPORTED = "imported"


class Upload(Base):
    """One table, how it is to be read, and what its last check or its import found."""

    __tablename__ = "uploads"
    __table_args__ = (
        CheckConstraint("(content IS NULL) = (state = 'imported')", name="content_is_kept_until_it_is_imported"),
        {"sqlite_autoincrement": True},  # the audit log calls it `upload:5`: no other one may be called so later
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]  # of the file
    kind: Mapped[ImportKind] = mapped_column(words(ImportKind, "import_kind_is_known"))
    slug: Mapped[str]  # of the tracker or source; empty for departments and people
    options: Mapped[dict[str, Any]] = mapped_column(JSON)  # the mapping, and the choices beside it
    state: Mapped[UploadState] = mapped_column(words(UploadState, "upload_state_is_known"))
    size: Mapped[int]  # bytes
    content: Mapped[bytes | None] = mapped_column(deferred=True)
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # words, faults, doubts
    rejected: Mapped[bytes | None] = mapped_column(deferred=True)  # rows with faults, as CSV
    uploaded_by: Mapped[str]  # `staff:3`, as the audit log names people
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
