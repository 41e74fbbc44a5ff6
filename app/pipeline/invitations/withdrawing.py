"""Take back what has not left: requests open again, mail that no server took. What was accepted stays asked."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from app.domain.asking import Asking
from app.domain.decisions import DecisionReason
from app.domain.periods import Period
from app.domain.states import InvitationState, MessageState, RequestState
from app.models.invitations import Invitation
from app.models.messages import Message
from app.models.people import OptOut
from app.models.rollups import mark_dirty
from app.models.service_requests import RequestCycle, ServiceRequest

AT_ONCE = 5_000
SILENT = (InvitationState.SENT, InvitationState.HELD_BACK)  # where a machine answered, the person has not
_LEAVING = (MessageState.WAITING, MessageState.SENDING, MessageState.SENT)


def withdraw_reopened(session: Session, asking: Asking, *, now: datetime) -> int:
    """Withdraw unsent invitations whose request is not completed any more; return how many. Idempotent.

    Reminders to whoever is no longer silent are taken back too.
    """
    _withdraw_reminders(session)
    return _withdraw(session, asking, _is_open_again(), DecisionReason.REOPENED, now)


def fail_undelivered(session: Session, asking: Asking, *, now: datetime) -> int:
    """Withdraw invitations that no mail server took in time, or whose person opted out before; return how many."""
    refused = exists().where(
        Message.invitation_id == Invitation.id, Message.name == "invitation", Message.state == MessageState.FAILED
    )
    opted_out = exists().where(
        OptOut.person_id == Invitation.person_id, (OptOut.until.is_(None)) | (OptOut.until > now)
    )
    is_late = Invitation.planned_at <= now - asking.policy.give_up_after
    return _withdraw(session, asking, refused | opted_out | is_late, DecisionReason.DELIVERY_FAILED, now)


def _is_open_again() -> ColumnElement[bool]:
    undone = exists().where(RequestCycle.id == Invitation.cycle_id, RequestCycle.undone_at.is_not(None))
    not_done = exists().where(ServiceRequest.id == Invitation.request_id, ServiceRequest.state != RequestState.DONE)
    return undone | not_done


def _withdraw(
    session: Session, asking: Asking, condition: ColumnElement[bool], reason: DecisionReason, now: datetime
) -> int:
    """Withdraw by message first: one that a worker holds at this moment leaves, and its invitation counts as sent."""
    queued = select(Invitation.id).where(Invitation.state == InvitationState.QUEUED, condition)
    connection = session.connection()
    connection.execute(
        update(Message)
        .where(Message.state == MessageState.WAITING, Message.invitation_id.in_(queued))
        .values(state=MessageState.WITHDRAWN)
    )
    is_leaving = exists().where(Message.invitation_id == Invitation.id, Message.state.in_(_LEAVING))
    withdrawn = connection.execute(
        update(Invitation)
        .where(Invitation.state == InvitationState.QUEUED, condition, ~is_leaving)
        .values(state=InvitationState.WITHDRAWN, remind_at=None)
        .returning(Invitation.cycle_id, Invitation.department_id, Invitation.period)
    ).all()
    cycles = [row.cycle_id for row in withdrawn]
    for start in range(0, len(cycles), AT_ONCE):
        connection.execute(
            update(RequestCycle)
            .where(
                RequestCycle.id.in_(cycles[start : start + AT_ONCE]), RequestCycle.decision == DecisionReason.INVITED
            )
            .values(decision=reason, decided_at=now)
        )
    mark_all_dirty(session, asking, {(row.department_id, row.period) for row in withdrawn})
    return len(withdrawn)


def _withdraw_reminders(session: Session) -> None:
    not_silent = select(Invitation.id).where(Invitation.state.not_in(SILENT))
    opted_out = select(Invitation.id).join(OptOut, OptOut.person_id == Invitation.person_id)
    session.connection().execute(
        update(Message)
        .where(
            Message.name == "reminder",
            Message.state == MessageState.WAITING,
            Message.invitation_id.in_(not_silent) | Message.invitation_id.in_(opted_out),
        )
        .values(state=MessageState.WITHDRAWN)
    )


def mark_all_dirty(session: Session, asking: Asking, changed: set[tuple[int, str]]) -> None:
    """Mark each department-period whose invitations changed their state."""
    for department_id, period in sorted(changed):
        mark_dirty(session, department_id, period, asking.calendar.ends_at(Period.parse(period)))
