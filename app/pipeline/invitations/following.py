"""After the sending: note what was accepted, remind the silent once, close what is over."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, case, or_, update
from sqlalchemy.orm import Session

from app.domain.asking import Asking
from app.domain.sending_times import planned_moment, reminder_moment
from app.domain.states import InvitationState
from app.mail.outbox import Outgoing, enqueue_all
from app.mail.outbox.writing import INVITATION, REMINDER, asked_to_params
from app.models.invitations import Invitation
from app.models.messages import Message
from app.models.service_requests import RequestCycle
from app.pipeline.invitations.withdrawing import SILENT, mark_all_dirty
from app.pipeline.invitations.writing import asked_request
from app.reports.asking_facts import FactRow, cycle_facts, is_opted_out, is_undone, zone_of
from app.reports.department_history import DepartmentHistory

AT_ONCE = 5_000
# Somebody quick, or a bounce, may come before the sending is noted.
_NOT_CONFIRMED = (
    InvitationState.QUEUED,
    InvitationState.BOUNCED,
    InvitationState.HELD_BACK,
    InvitationState.ANSWERED,
)
_LONGEST_WAY = timedelta(days=14)  # no message waits longer, no answer comes later; the index is used up to here
_is_silent = or_(*(Invitation.state == state for state in SILENT))  # not IN: that cannot be executed for many rows
_BY_ID = Invitation.id == bindparam("invitation_id")


def confirm_sent(session: Session, asking: Asking, *, now: datetime) -> int:
    """Note which invitations a mail server has accepted, and plan their reminders; return how many. Idempotent."""
    accepted = session.execute(
        cycle_facts(now=now)
        .add_columns(
            Invitation.id.label("invitation_id"),
            Invitation.department_id,
            Invitation.expires_at,
            Message.accepted_at,
            Message.mail_system,
        )
        .join(Invitation, Invitation.cycle_id == RequestCycle.id)
        .join(Message, Message.invitation_id == Invitation.id)
        .where(
            Invitation.state.in_(_NOT_CONFIRMED),
            Invitation.planned_at >= now - _LONGEST_WAY,
            Invitation.sent_at.is_(None),
            Message.name == INVITATION,
            Message.accepted_at.is_not(None),
        )
        .limit(AT_ONCE)
    ).all()
    if accepted:
        session.connection().execute(
            update(Invitation)
            .where(_BY_ID, Invitation.sent_at.is_(None))
            .values(
                state=case((Invitation.state == InvitationState.QUEUED, InvitationState.SENT), else_=Invitation.state),
                sent_at=bindparam("accepted_at"),
                remind_at=bindparam("reminder_at"),
                mail_system=bindparam("accepted_by"),
            ),
            [_sent(row, asking) for row in accepted],
        )
        mark_all_dirty(session, asking, {(row.department_id, row.period) for row in accepted})
    return len(accepted)


def _sent(row: FactRow, asking: Asking) -> dict[str, Any]:
    zone = zone_of(row.time_zone, asking)
    remind_at = reminder_moment(row.accepted_at, row.expires_at, zone, asking.policy)
    return {
        "invitation_id": row.invitation_id,
        "accepted_at": row.accepted_at,
        "accepted_by": row.mail_system,
        "reminder_at": remind_at if asking.policy.reminder else None,
    }


def remind_due(session: Session, asking: Asking, *, now: datetime) -> int:
    """Write one reminder to each who has been silent until now; return how many. Idempotent.

    Nobody is reminded twice, after answering or opting out, about a request that is open again, or on the last day.
    """
    silent = session.execute(
        cycle_facts(now=now)
        .add_columns(
            Invitation.id.label("invitation_id"),
            Invitation.public_id,
            Invitation.language.label("asked_in"),
            Invitation.expires_at,
        )
        .join(Invitation, Invitation.cycle_id == RequestCycle.id)
        .where(
            Invitation.state.in_(SILENT),
            Invitation.reminded_at.is_(None),
            Invitation.remind_at <= now,
        )
        .order_by(Invitation.id)
        .limit(AT_ONCE)
        .with_for_update(of=Invitation, skip_locked=True)
    ).all()
    if not silent:
        return 0
    plans = [_reminder_plan(row, asking, now) for row in silent]
    session.connection().execute(
        update(Invitation)
        .where(_BY_ID, _is_silent, Invitation.reminded_at.is_(None))
        .values(reminded_at=bindparam("plan"), remind_at=None),
        [{"invitation_id": row.invitation_id, "plan": plan} for row, plan in zip(silent, plans, strict=True)],
    )
    planned = [(row, plan) for row, plan in zip(silent, plans, strict=True) if plan is not None]
    departments = DepartmentHistory(session)
    return enqueue_all(session, [_reminder(row, plan, asking, departments) for row, plan in planned], now=now)


def _reminder_plan(row: FactRow, asking: Asking, now: datetime) -> datetime | None:
    if row.email is None or is_undone(row) or is_opted_out(row, now):
        return None
    plan = planned_moment(now, zone_of(row.time_zone, asking), asking.policy)
    return plan if plan <= row.expires_at - asking.policy.reminder_before_expiry else None


def _reminder(row: FactRow, plan: datetime, asking: Asking, departments: DepartmentHistory) -> Outgoing:
    zone = zone_of(row.time_zone, asking)
    return Outgoing(
        key=f"{REMINDER}:{row.public_id.hex()}",
        name=REMINDER,
        recipient=row.email,
        language=row.asked_in,
        due_at=plan,
        give_up_at=row.expires_at - asking.policy.reminder_before_expiry,
        params=asked_to_params(asked_request(row, row.expires_at, zone, asking, departments)),
        invitation_id=row.invitation_id,
    )


def expire_due(session: Session, asking: Asking, *, now: datetime) -> int:
    """Close invitations whose time is over; return how many. Idempotent.

    Links to answers are cut by app/pipeline/responses.
    """
    expired: Sequence[Any] = (
        session.connection()
        .execute(
            update(Invitation)
            .where(Invitation.state == InvitationState.SENT, Invitation.expires_at <= now)
            .values(state=InvitationState.EXPIRED, remind_at=None)
            .returning(Invitation.department_id, Invitation.period)
        )
        .all()
    )
    mark_all_dirty(session, asking, {(row.department_id, row.period) for row in expired})
    return len(expired)
