"""What customers say of touchpoints, as single responses or as totals, on any scale."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, UtcDateTime


class ExternalResponse(Base):
    """One customer's score. `score` is as given; direction and scale are the instrument's."""

    __tablename__ = "external_responses"
    __table_args__ = (
        UniqueConstraint("source_id", "response_id", name="external_response_is_unique_in_its_source"),
        Index("ix_external_responses_touchpoint_period", "touchpoint", "period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("connections.id"))
    response_id: Mapped[str]
    touchpoint: Mapped[str]
    dimension: Mapped[str]
    instrument: Mapped[str]
    score: Mapped[float | None]  # None: not applicable
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    period: Mapped[str]
    respondent: Mapped[bytes | None]  # keyed hash
    comment: Mapped[str | None]
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # by a hook or poll; an older telling changes nothing


class ExternalTotal(Base):
    """Somebody's sum for a span (`2026-Q3`, `2026-07` or `2026`); without n it is quoted, never computed with."""

    __tablename__ = "external_totals"
    __table_args__ = (
        UniqueConstraint(
            "source_id", "touchpoint", "dimension", "instrument", "period", name="external_total_is_told_once"
        ),
        CheckConstraint("n IS NULL OR n >= 0", name="external_n_is_not_negative"),
        CheckConstraint("positive_share IS NULL OR positive_share BETWEEN 0 AND 1", name="positive_share_is_a_share"),
        CheckConstraint("positive IS NULL OR n IS NULL OR positive <= n", name="positive_is_part_of_n"),
        Index("ix_external_totals_touchpoint_period", "touchpoint", "period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("connections.id"))
    touchpoint: Mapped[str]
    dimension: Mapped[str]
    instrument: Mapped[str]
    period: Mapped[str]
    n: Mapped[int | None]
    positive: Mapped[int | None]
    positive_share: Mapped[float | None]
    mean: Mapped[float | None]
    standard_deviation: Mapped[float | None]
    counts: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # {"1": 3, "2": 5}
    nps: Mapped[float | None]
    source_url: Mapped[str | None]
