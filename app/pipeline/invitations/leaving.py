"""The last question before a mail leaves: does it still have a reason?"""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import Session

from app.domain.states import InvitationState, RequestState
from app.models.base import UtcDateTime
from app.models.invitations import Invitation
from app.models.messages import Message
from app.models.people import OptOut
from app.models.service_requests import RequestCycle, ServiceRequest
from app.pipeline.invitations.withdrawing import SILENT


def may_leave(session: Session, message: Message, now: datetime) -> bool:
    """Tell the outbox whether an invitation or reminder is still wanted; other messages always are.

    Still completed, not answered, not expired, and the requester still wants to be asked.
    """
    wanted = _WANTED.get(message.name)
    if wanted is None or message.invitation_id is None:
        return True
    values = {"invitation_id": message.invitation_id, "moment": now}
    return session.connection().scalar(wanted, values) is not None


def _wanted(states: tuple[InvitationState, ...]) -> Select[Any]:
    moment = bindparam("moment", type_=UtcDateTime)
    opted_out = exists().where(
        OptOut.person_id == Invitation.person_id, (OptOut.until.is_(None)) | (OptOut.until > moment)
    )
    return (
        select(Invitation.id)
        .join(RequestCycle, RequestCycle.id == Invitation.cycle_id)
        .join(ServiceRequest, ServiceRequest.id == Invitation.request_id)
        .where(
            Invitation.id == bindparam("invitation_id"),
            Invitation.state.in_(states),
            Invitation.expires_at > moment,
            RequestCycle.undone_at.is_(None),
            ServiceRequest.state == RequestState.DONE,
            ~opted_out,
        )
    )


# Built once: putting this together for every mail cost more than rendering and sending it.
_WANTED = {"invitation": _wanted((InvitationState.QUEUED,)), "reminder": _wanted(tuple(SILENT))}
