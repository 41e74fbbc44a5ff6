"""May this message still leave? Asked right before sending, because hours may lie between plan and posting."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.states import InvitationState, RequestState
from app.mail.outbox.writing import INVITATION
from app.models.invitations import Invitation
from app.models.messages import Message
from app.models.people import OptOut
from app.models.service_requests import RequestCycle, ServiceRequest

SILENT = (InvitationState.SENT, InvitationState.HELD_BACK)  # where a machine answered, the person has not


def may_leave(session: Session, row: Message, now: datetime) -> bool:
    """True unless the request is open again, the person has opted out or, for a reminder, has answered meanwhile."""
    if row.invitation_id is None:
        return True
    states = (InvitationState.QUEUED,) if row.name == INVITATION else SILENT
    wish = select(OptOut.person_id).where(
        OptOut.person_id == Invitation.person_id, or_(OptOut.until.is_(None), OptOut.until > now)
    )
    asked = (
        select(Invitation.id)
        .join(RequestCycle, RequestCycle.id == Invitation.cycle_id)
        .join(ServiceRequest, ServiceRequest.id == Invitation.request_id)
        .where(
            Invitation.id == row.invitation_id,
            Invitation.state.in_(states),
            Invitation.expires_at > now,
            RequestCycle.undone_at.is_(None),
            ServiceRequest.state == RequestState.DONE,
            ~wish.exists(),
        )
    )
    return session.scalar(asked) is not None
