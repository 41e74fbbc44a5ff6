"""What HR decides about comments while the quarter's answers are held. Dies with them at the release."""

from collections.abc import Iterable, Sequence

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.states import CommentState
from app.models.base import Base, words
from app.models.responses import HeldResponse


class CommentReview(Base):
    """A comment as HR reads it, with what HR decided: redacted, without score, date, language or requester.

    Its id is random and becomes the one that a scorecard prints. `department_id` is the department under which it is
    read and kept: at least a comment group of requesters answered there.
    """

    __tablename__ = "comment_reviews"
    __table_args__ = (
        CheckConstraint("length(id) = 16", name="comment_id_is_random"),
        UniqueConstraint("response_id", name="a_response_has_one_comment"),
        Index("ix_comment_reviews_department_id", "department_id"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[bytes] = mapped_column(primary_key=True)
    response_id: Mapped[bytes] = mapped_column(ForeignKey("held_responses.id", ondelete="CASCADE"))
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    text: Mapped[str]
    is_flagged: Mapped[bool]  # a name, a sensitive word, a rare language: never shown before somebody read it
    state: Mapped[CommentState] = mapped_column(words(CommentState, "comment_state_is_known"))
    codebook_version: Mapped[int]
    proposed: Mapped[list[str]] = mapped_column(JSON)
    # Codes that a person confirmed; None while nobody has coded it, empty where no theme fits.
    codes: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    second_codes: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))


def reviews_of(session: Session, period: str) -> Sequence[CommentReview]:
    """Return the quarter's comments that HR may read, in the order of their random ids."""
    # Asked per comment, for a join would walk through all answers of the quarter.
    is_of_quarter = exists().where(HeldResponse.id == CommentReview.response_id, HeldResponse.period == period)
    return session.scalars(select(CommentReview).where(is_of_quarter).order_by(CommentReview.id)).all()


def coded_twice(reviews: Iterable[CommentReview]) -> list[tuple[list[str], list[str]]]:
    """Return the codes of both coders, of the comments that both have coded."""
    pairs = ((review.codes, review.second_codes) for review in reviews)
    return [(first, second) for first, second in pairs if first is not None and second is not None]
