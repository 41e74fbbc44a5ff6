"""HR's documents as they were frozen: one per quarter and revision."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.base import Base, UtcDateTime


class CultureRevision(Base):
    """One frozen document of a quarter; it never changes."""

    __tablename__ = "culture_revisions"
    __table_args__ = (CheckConstraint("revision >= 1", name="revisions_count_from_one"),)

    period: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    digest: Mapped[str]
    document: Mapped[str] = mapped_column(Text)  # canonical JSON, as digested
    # What it says of the company where several departments are on top, and the requesters behind each figure of that.
    company: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    people: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)


def find_culture(session: Session, period: str, revision: int | None = None) -> CultureRevision | None:
    """Return a revision of the quarter's document (default: the last one), or None."""
    query = select(CultureRevision).where(CultureRevision.period == period).order_by(CultureRevision.revision.desc())
    if revision is not None:
        query = query.where(CultureRevision.revision == revision)
    return session.scalars(query.limit(1)).first()


def culture_before(session: Session, period: str, quarters: int) -> Sequence[CultureRevision]:
    """Return the last revisions of at most so many quarters before, oldest first."""
    last = (
        select(CultureRevision.period, func.max(CultureRevision.revision).label("revision"))
        .where(CultureRevision.period < period)
        .group_by(CultureRevision.period)
        .order_by(CultureRevision.period.desc())
        .limit(quarters)
        .subquery()
    )
    query = select(CultureRevision).join(
        last, (last.c.period == CultureRevision.period) & (last.c.revision == CultureRevision.revision)
    )
    return session.scalars(query.order_by(CultureRevision.period)).all()


def culture_revisions(session: Session) -> dict[str, int]:
    """Return the last revision of every quarter that has a document."""
    query = select(CultureRevision.period, func.max(CultureRevision.revision)).group_by(CultureRevision.period)
    return dict(session.execute(query).tuples().all())
