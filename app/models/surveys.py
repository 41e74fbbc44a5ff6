"""Versions of our own survey that administrators wrote. The first one stands in the code and in no table."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    ScalarSelect,
    String,
    Table,
    bindparam,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.instruments import FIRST, Item, Questionnaire, reworded_items, version_name
from app.domain.instruments.wording_json import words_from_json
from app.models.base import Base, UtcDateTime
from app.models.prepared import Prepared


class SurveyVersion(Base):
    """One version: a draft until it is published, never changed from then on."""

    __tablename__ = "survey_versions"
    __table_args__ = (
        CheckConstraint("number >= 2", name="the_first_survey_version_is_the_codes"),
        CheckConstraint(
            "(from_period IS NULL) = (digest IS NULL) AND (from_period IS NULL) = (published_at IS NULL)",
            name="a_published_survey_version_is_complete",
        ),
        Index("ix_survey_versions_from_period_number", "from_period", "number"),
    )

    number: Mapped[int] = mapped_column(primary_key=True)
    rotating: Mapped[list[str]] = mapped_column(JSON)
    author: Mapped[str]  # as the log names them: `staff:3`
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(default="")
    from_period: Mapped[str | None] = mapped_column(String(7))  # the quarter it begins with; None: a draft
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    digest: Mapped[str | None]  # of everything it says; who knows the digest knows the words

    @property
    def name(self) -> str:
        """What answers and documents call it."""
        return version_name(self.number)


class SurveyWording(Base):
    """The words of a version in one language."""

    __tablename__ = "survey_wordings"

    number: Mapped[int] = mapped_column(
        ForeignKey("survey_versions.number", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    words: Mapped[dict[str, Any]] = mapped_column(JSON)


_VERSIONS, _WORDINGS = (cast("Table", table.__table__) for table in (SurveyVersion, SurveyWording))


def survey_digest(period: ColumnElement[str]) -> ScalarSelect[str | None]:
    """Return, as a part of another statement, the digest of the version in force in a quarter; NULL is the first."""
    version = _VERSIONS.c
    return (
        select(version.digest)
        .where(version.from_period <= period)
        .order_by(version.from_period.desc(), version.number.desc())
        .limit(1)
        .scalar_subquery()
    )


_READ = Prepared(
    select(_VERSIONS.c.number, _VERSIONS.c.rotating, _WORDINGS.c.language, _WORDINGS.c.words)
    .join_from(_VERSIONS, _WORDINGS, _WORDINGS.c.number == _VERSIONS.c.number)
    .where(_VERSIONS.c.digest == bindparam("digest"))
)
_KNOWN: dict[str, Questionnaire] = {}  # by digest: a published version never changes, so this never grows stale


def questionnaire(connection: Connection, digest: str | None) -> Questionnaire:
    """Return the published version with this digest, read once a process; None is the first version."""
    if digest is None:
        return FIRST
    known = _KNOWN.get(digest)
    if known is None:
        rows = _READ.rows(connection, {"digest": digest})
        words = {row.language: words_from_json(row.language, row.words) for row in rows}
        rotating = tuple(Item(name) for name in rows[0].rotating)
        known = _KNOWN.setdefault(digest, Questionnaire(version_name(rows[0].number), words, rotating))
    return known


def questionnaire_of(session: Session, period: str) -> Questionnaire:
    """Return the version in force in a quarter."""
    found = select(SurveyVersion.digest).where(SurveyVersion.from_period <= period)
    newest = found.order_by(SurveyVersion.from_period.desc(), SurveyVersion.number.desc()).limit(1)
    return questionnaire(session.connection(), session.scalar(newest))


def reworded_in(session: Session, period: str) -> frozenset[Item]:
    """Return the items that the quarter's version asks in other words than the first."""
    return reworded_items(questionnaire_of(session, period).words.values())
