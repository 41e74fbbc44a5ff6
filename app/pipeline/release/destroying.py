"""Destroy what could connect an answer with a person, or show a cell that was hidden."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.domain.states import InvitationState
from app.models.comments import CommentReview
from app.models.follow_ups import FollowUp
from app.models.invitations import Invitation
from app.models.messages import Message
from app.models.response_links import ResponseLink
from app.models.responses import HeldAnswer, HeldResponse, QuarterSalt
from app.models.rollups import (
    CellCount,
    DirtyMark,
    DriverEstimate,
    FunnelCount,
    NotApplicableCount,
    ProfileCell,
    ThemeCount,
)

WHOLE = "all"


def destroy_held(session: Session, period: str) -> None:
    """Delete held rows, links, the salt, and every rollup that knows more than what was published."""
    held = select(HeldResponse.id).where(HeldResponse.period == period)
    invited = select(Invitation.public_id).where(Invitation.period == period)
    session.execute(delete(ResponseLink).where(ResponseLink.response_id.in_(held)))
    session.execute(delete(ResponseLink).where(ResponseLink.public_id.in_(invited)))
    session.execute(delete(HeldAnswer).where(HeldAnswer.response_id.in_(held)))
    session.execute(delete(CommentReview).where(CommentReview.response_id.in_(held)))
    session.execute(delete(HeldResponse).where(HeldResponse.period == period))
    session.execute(delete(QuarterSalt).where(QuarterSalt.period == period))
    for table in (ProfileCell, CellCount, NotApplicableCount, ThemeCount, DriverEstimate, DirtyMark):
        session.execute(delete(table).where(table.period == period))
    session.execute(delete(FunnelCount).where(FunnelCount.period == period, FunnelCount.cut != WHOLE))


def close_invitations(session: Session, period: str) -> None:
    """Forget which invitation was answered, reminded or left unanswered, and every message and case about it.

    A case says that somebody gave a low rating: beside the released rows it would find theirs.
    """
    ids = select(Invitation.id).where(Invitation.period == period)
    session.execute(delete(Message).where(Message.invitation_id.in_(ids)))
    session.execute(delete(FollowUp).where(FollowUp.period == period))
    session.execute(
        update(Invitation)
        .where(Invitation.period == period, Invitation.state != InvitationState.WITHDRAWN)
        .values(state=InvitationState.CLOSED, remind_at=None, reminded_at=None, mail_system=None)
        .execution_options(synchronize_session=False)
    )
