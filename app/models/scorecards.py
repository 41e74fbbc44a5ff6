"""Scorecards as they were issued: immutable revisions with their digest, files and postings."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.base import Base, UtcDateTime
from app.models.departments import Department


def name_in(document: dict[str, Any]) -> str:
    """Return the department's name, as the document says it."""
    return str(document.get("department", {}).get("name", ""))


def finding_in(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document's first sentence, by its key."""
    found: dict[str, Any] = document.get("sentences", {}).get("finding", {})
    return found


def _name(context: Any) -> str:
    return name_in(_document(context))


def _finding(context: Any) -> dict[str, Any]:
    return finding_in(_document(context))


def _document(context: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(context.get_current_parameters()["document"])
    return found


class ScorecardRevision(Base):
    """One department's frozen document of one quarter; name and finding stand beside it, for lists that read none."""

    __tablename__ = "scorecards"
    __table_args__ = (
        UniqueConstraint("department_id", "period", "revision", name="revision_is_frozen_once"),
        CheckConstraint("revision >= 1", name="revisions_count_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    period: Mapped[str]
    revision: Mapped[int]
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    digest: Mapped[str]
    document: Mapped[str] = mapped_column(Text)  # canonical JSON, as digested
    name: Mapped[str] = mapped_column(default=_name, server_default="")  # the department's, in the document
    finding: Mapped[dict[str, Any]] = mapped_column(JSON, default=_finding, server_default="{}")  # its first sentence
    people: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # requesters behind each figure, by its name


class ScorecardFile(Base):
    """A picture or PDF of a revision, drawn once per language."""

    __tablename__ = "scorecard_files"

    scorecard_id: Mapped[int] = mapped_column(ForeignKey("scorecards.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)  # for example trend.de.png, scorecard.de.pdf
    media_type: Mapped[str]
    content: Mapped[bytes]


class ScorecardPosting(Base):
    """That a revision was mailed to somebody: once per period, revision and recipient."""

    __tablename__ = "scorecard_postings"

    scorecard_id: Mapped[int] = mapped_column(ForeignKey("scorecards.id", ondelete="CASCADE"), primary_key=True)
    recipient: Mapped[str] = mapped_column(primary_key=True)
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime)


def find_revision(session: Session, period: str, code: str, revision: int | None = None) -> ScorecardRevision | None:
    """Return a department's revision of a quarter (default: the last one), or None."""
    query = (
        select(ScorecardRevision)
        .join(Department, Department.id == ScorecardRevision.department_id)
        .where(Department.code == code, ScorecardRevision.period == period)
        .order_by(ScorecardRevision.revision.desc())
    )
    if revision is not None:
        query = query.where(ScorecardRevision.revision == revision)
    return session.scalars(query.limit(1)).first()
