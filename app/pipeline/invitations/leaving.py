"""The last question before a mail leaves: does it still have a reason?"""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.domain.states import InvitationState, RequestState
from app.models.invitations import Invitation
from app.models.messages import Message
from app.models.people import OptOut
from app.models.service_requests import RequestCycle, ServiceRequest
from app.pipeline.invitations.withdrawing import SILENT


def may_leave(session: Session, message: Message, now: datetime) -> bool:
    """Tell the outbox whether an invitation or reminder is still wanted; other messages always are.

    Still completed, not answered, not expired, and the requester still wants to be asked.
    """
    if message.invitation_id is None:
        return True
    still = (InvitationState.QUEUED,) if message.name == "invitation" else SILENT
    opted_out = exists().where(
        OptOut.person_id == Invitation.person_id, (OptOut.until.is_(None)) | (OptOut.until > now)
    )
    wanted = (
        select(Invitation.id)
        .join(RequestCycle, RequestCycle.id == Invitation.cycle_id)
        .join(ServiceRequest, ServiceRequest.id == Invitation.request_id)
        .where(
            Invitation.id == message.invitation_id,
            Invitation.state.in_(still),
            Invitation.expires_at > now,
            RequestCycle.undone_at.is_(None),
            ServiceRequest.state == RequestState.DONE,
            ~opted_out,
        )
    )
    return session.scalar(wanted) is not None
