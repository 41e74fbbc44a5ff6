"""The quarters whose comments HR has opened: how many there are, and how far HR has come with them."""

from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.domain.states import CommentState
from app.models.comments import CommentReview
from app.models.responses import HeldResponse, ReleasedComment


@dataclass(frozen=True)
class CommentQuarter:
    """A quarter's comments as HR finds them; of a released one nothing but the texts is left."""

    period: str
    comments: int
    waiting: int = 0
    coded: int = 0
    is_released: bool = False


def comment_quarters(session: Session) -> list[CommentQuarter]:
    """Return the quarters with comments that HR may read, newest first."""
    waits = case((CommentReview.state == CommentState.WAITING, 1), else_=0)
    held = (
        select(HeldResponse.period, func.count(), func.sum(waits), func.count(CommentReview.codes))
        .join(HeldResponse, HeldResponse.id == CommentReview.response_id)
        .group_by(HeldResponse.period)
    )
    found = {
        period: CommentQuarter(period, comments, int(waiting), coded)
        for period, comments, waiting, coded in session.execute(held)
    }
    released = select(ReleasedComment.period, func.count()).group_by(ReleasedComment.period)
    for period, comments in session.execute(released):
        found.setdefault(period, CommentQuarter(period, comments, is_released=True))
    return [found[period] for period in sorted(found, reverse=True)]
