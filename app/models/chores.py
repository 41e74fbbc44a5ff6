"""Chores: what a page asks the worker to do, because it calls another tool or takes longer than a page may."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import ChoreState
from app.models.base import Base, UtcDateTime, words


class Chore(Base):
    """One thing asked for by one member of staff. `params` and `result` hold no secret and no answer.

    The kind is no CHECK: `upkeep.running.chores.ask` is the only way in and takes a ChoreKind; the worker says so of a
    kind that it does not know.
    """

    __tablename__ = "chores"
    __table_args__ = (
        CheckConstraint("(state = 'running') = (leased_until IS NOT NULL)", name="a_lease_stands_while_running"),
        CheckConstraint("(state IN ('done', 'failed')) = (finished_at IS NOT NULL)", name="a_chore_ends_once"),
        CheckConstraint("done >= 0 AND attempts >= 0", name="progress_of_chores_is_counted"),
        Index("ix_chores_state_id", "state", "id"),
        Index("ix_chores_subject_kind_id", "subject", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))  # a ChoreKind
    subject: Mapped[str]  # as in the audit log: `tracker:desk`, `policy` …
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[ChoreState] = mapped_column(words(ChoreState, "chore_state_is_known"), default=ChoreState.WAITING)
    asked_by: Mapped[str]  # as in the audit log: `staff:3`
    language: Mapped[str] = mapped_column(String(2))  # which whoever asked reads the answer in
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # of the last attempt
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[str | None] = mapped_column(String(16))  # random; only its holder may report and finish
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done: Mapped[int] = mapped_column(default=0)  # how far it is …
    total: Mapped[int | None]  # … of how many, where that is known
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    error: Mapped[str | None]  # a sentence, in `language`
