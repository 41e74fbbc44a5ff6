"""Service requests and their completion cycles: identity side."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.decisions import DecisionReason
from app.domain.states import RequesterKind, RequestState, Resolution
from app.models.base import Base, UtcDateTime, words

# What a request that is kept for its sums alone has lost; only news of it, not an old report again, may tell it anew.
FORGOTTEN = ("requester_id", "title", "url", "external_key", "raw_department")


class ServiceRequest(Base):
    """A piece of work as its tracker last told it. What counts is frozen in its cycles."""

    __tablename__ = "service_requests"
    __table_args__ = (
        UniqueConstraint("tracker_id", "external_id", name="request_is_unique_in_its_tracker"),
        CheckConstraint("reopened_count >= 0 AND reassignment_count >= 0", name="request_counts_are_not_negative"),
        Index("ix_service_requests_requester_id", "requester_id"),
        Index("ix_service_requests_provider_department_id_state", "provider_department_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tracker_id: Mapped[int] = mapped_column(ForeignKey("connections.id"))
    external_id: Mapped[str]
    external_key: Mapped[str | None]
    title: Mapped[str | None]
    url: Mapped[str | None]
    request_type: Mapped[str | None]
    status: Mapped[str | None]  # the tracker's own word
    status_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # since when it is known to have that status
    raw_department: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    provider_department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    requester_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    requester_kind: Mapped[RequesterKind] = mapped_column(
        words(RequesterKind, "requester_kind_is_known"), default=RequesterKind.PERSON
    )
    requester_department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))  # as reported
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    first_response_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    on_time: Mapped[bool | None]  # as reported; the cycle holds what counts
    reopened_count: Mapped[int] = mapped_column(default=0)
    reassignment_count: Mapped[int] = mapped_column(default=0)
    state: Mapped[RequestState] = mapped_column(
        words(RequestState, "request_state_is_known"), default=RequestState.OPEN
    )
    state_at: Mapped[datetime] = mapped_column(UtcDateTime)  # of the last state change that was applied
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)  # of the last state report that was applied
    cycle_count: Mapped[int] = mapped_column(default=0)
    learned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    forgotten_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # since when it names nobody and quotes nothing


class RequestCycle(Base):
    """One completion. Department, type, requester's department and SLA state are frozen here; its decision too."""

    __tablename__ = "request_cycles"
    __table_args__ = (
        UniqueConstraint("request_id", "number", name="cycle_number_is_unique_in_its_request"),
        CheckConstraint("number >= 1", name="cycles_count_from_one"),
        Index("ix_request_cycles_provider_department_id_period", "provider_department_id", "period"),
        Index("ix_request_cycles_decision_completed_at", "decision", "completed_at"),
        Index("ix_request_cycles_requester_id", "requester_id"),
        Index("ix_request_cycles_period", "period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("service_requests.id", ondelete="CASCADE"))
    number: Mapped[int]
    completed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    resolution: Mapped[Resolution] = mapped_column(
        words(Resolution, "resolution_is_known"), default=Resolution.DELIVERED
    )
    period: Mapped[str]
    month: Mapped[str]  # company-local month of completion, 2026-07
    provider_department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    requester_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    requester_department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    request_type: Mapped[str | None]
    on_time: Mapped[bool | None]  # None: unknown
    was_reopened: Mapped[bool] = mapped_column(default=False)
    learned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[DecisionReason] = mapped_column(
        words(DecisionReason, "decision_is_known"), default=DecisionReason.WAITING
    )
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
