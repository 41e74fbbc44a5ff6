"""Answers: the side that knows no person. Held until the quarter's release, then kept without any link.

Keys are random, tables have no row number, and nothing here names an invitation, a requester or an exact time.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BindParameter, CheckConstraint, ForeignKey, Index, Select, select
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import ResponseState
from app.models.base import Base, UtcDateTime, words

_WITHOUT_ROWID = {"sqlite_with_rowid": False}


class QuarterSalt(Base):
    """The secret of one quarter's requester clusters, sealed with the link key. Destroyed at the release."""

    __tablename__ = "quarter_salts"

    period: Mapped[str] = mapped_column(primary_key=True)
    salt: Mapped[bytes]  # sealed (foundations.crypto.Keys.seal_salt)


class HeldResponse(Base):
    """A submission while it may still be corrected and weighed."""

    __tablename__ = "held_responses"
    __table_args__ = (
        CheckConstraint("length(id) = 16", name="response_id_is_random"),
        CheckConstraint("length(requester_cluster_id) = 16", name="requester_cluster_id_is_a_hash"),
        Index("ix_held_responses_department_id_period", "department_id", "period"),
        Index("ix_held_responses_period_instrument_version", "period", "instrument_version"),  # for `distinct_words`
        Index("ix_held_responses_requester_cluster_id", "requester_cluster_id"),
        _WITHOUT_ROWID,
    )

    id: Mapped[bytes] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    period: Mapped[str]
    requester_cluster_id: Mapped[bytes]
    requester_department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    request_type: Mapped[str | None]
    on_time: Mapped[bool | None]
    was_reopened: Mapped[bool] = mapped_column(default=False)
    month: Mapped[str]  # of the completion
    language: Mapped[str | None]
    instrument_version: Mapped[str]
    source: Mapped[str]  # `survey`, or the slug of an earlier tool
    state: Mapped[ResponseState] = mapped_column(words(ResponseState, "response_state_is_known"))
    signals: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict
    )  # why it is held back; never a time or an address
    reason_chips: Mapped[list[str]] = mapped_column(JSON, default=list)
    comment: Mapped[str | None]
    has_consented: Mapped[bool] = mapped_column(default=False)  # to contact: counts no more as anonymous
    has_thanked: Mapped[bool] = mapped_column(default=False)
    is_published: Mapped[bool] = mapped_column(default=False)  # a frozen revision has counted it; others are not kept


def consenting_clusters(period: str | BindParameter[str]) -> Select[tuple[bytes]]:
    """Select the requesters of a quarter who consented to contact, wherever: no threshold counts them."""
    return (
        select(HeldResponse.requester_cluster_id)
        .where(
            HeldResponse.period == period,
            HeldResponse.state == ResponseState.ACCEPTED,
            HeldResponse.has_consented.is_(True),
        )
        .distinct()
    )


class HeldAnswer(Base):
    """One item's value; None says "cannot judge"."""

    __tablename__ = "held_answers"
    __table_args__ = (
        CheckConstraint("value IS NULL OR value BETWEEN 0 AND 10", name="answer_lies_on_a_scale"),
        _WITHOUT_ROWID,
    )

    response_id: Mapped[bytes] = mapped_column(ForeignKey("held_responses.id", ondelete="CASCADE"), primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int | None]


class ReleasedResponse(Base):
    """What is kept after the release: department, quarter and the always-asked items, and nothing else."""

    __tablename__ = "released_responses"
    __table_args__ = (
        CheckConstraint("length(id) = 16", name="released_id_is_random"),
        Index("ix_released_responses_department_id_period", "department_id", "period"),
        _WITHOUT_ROWID,
    )

    id: Mapped[bytes] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    period: Mapped[str]
    csat_overall: Mapped[int | None]
    timeliness: Mapped[int | None]
    result_quality: Mapped[int | None]
    communication: Mapped[int | None]


class ReleasedComment(Base):
    """A redacted comment, with an id of its own."""

    __tablename__ = "released_comments"
    __table_args__ = (_WITHOUT_ROWID,)

    id: Mapped[bytes] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    period: Mapped[str]
    text: Mapped[str]


CONTENT_UNKNOWN = b""  # of a response seen before: the salt under which its content was compared is gone


class SeenResponse(Base):
    """That an earlier tool's response was imported, as keyed hashes without any reference to the answer."""

    __tablename__ = "seen_responses"
    __table_args__ = (_WITHOUT_ROWID,)

    recognition: Mapped[bytes] = mapped_column(primary_key=True)  # HMAC(installation key, source | response_id)
    content: Mapped[bytes]  # HMAC under the quarter's salt, so meaningless after the release: a changed one is a fault


class PageTime(Base):
    """How long pages took to answer: a company histogram in bins of five seconds, no more."""

    __tablename__ = "page_times"

    period: Mapped[str] = mapped_column(primary_key=True)
    bin: Mapped[int] = mapped_column(primary_key=True)  # whole fives of seconds, the last one open
    count: Mapped[int]


class ImportedPeriod(Base):
    """When answers of a quarter were last imported, and whether the quarter is historical."""

    __tablename__ = "imported_periods"

    period: Mapped[str] = mapped_column(primary_key=True)
    first_import_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_import_at: Mapped[datetime] = mapped_column(UtcDateTime)
