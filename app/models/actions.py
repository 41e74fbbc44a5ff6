"""What a head does about the one thing that a scorecard proposes. Words of staff: no document or digest holds them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import ActionResult
from app.models import base
from app.models.base import Base, UtcDateTime


class QuarterAction(Base):
    """The decision of one department about one quarter, and later what came of it."""

    __tablename__ = "quarter_actions"
    __table_args__ = (
        CheckConstraint("item IS NOT NULL OR words <> ''", name="an_action_says_something"),
        CheckConstraint("(result IS NULL) = (concluded_at IS NULL)", name="a_result_has_its_moment"),
    )

    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"), primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str | None]  # the aspect that the scorecard proposed, where it proposed one
    words: Mapped[str] = mapped_column(default="")  # the head's own; empty: as proposed
    due_on: Mapped[date | None]
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    result: Mapped[ActionResult | None] = mapped_column(base.words(ActionResult, "action_result_is_known"))
    outcome: Mapped[str] = mapped_column(default="")  # what came of it, in the head's words
    concluded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
