"""Waiting messages in one line."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.mail.content import AskedRequest
from app.mail.outbox import Outgoing, enqueue, sign_in_message
from app.mail.outbox.writing import INVITATION, REMINDER, asked_to_params
from app.models.departments import Department
from app.models.invitations import Invitation
from app.models.messages import Message
from app.models.people import Person
from tests.builders.departments import department
from tests.builders.invitations import invitation
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.mail.samples import asked

GIVE_UP_AFTER = timedelta(hours=48)  # as the policy has it unless somebody changes it


def waiting_invitation(session: Session, email: str, *, due_at: datetime, language: str = "en") -> Message:
    """A planned invitation of a person with its waiting mail."""
    provider = session.scalar(select(Department).where(Department.code == "it")) or department(session, "it")
    requester = session.scalar(select(Person).where(Person.email == email)) or person(session, email)
    cycle = completed_request(session, provider, requester, due_at - timedelta(hours=5))
    row = invitation(
        session, cycle, sent_at=due_at, state="queued", language=language, remind_at=None, mail_system=None
    )
    row.sent_at = None
    outgoing = invitation_message(row, email, asked(language, recipient_name=email.split("@", maxsplit=1)[0].title()))
    enqueue(session, outgoing, now=due_at)
    return session.scalars(select(Message).where(Message.key == outgoing.key)).one()


def invitation_message(invitation: Invitation, recipient: str, request: AskedRequest) -> Outgoing:
    """The mail of a stored invitation, due at its plan."""
    return Outgoing(
        key=f"{INVITATION}:{invitation.public_id.hex()}",
        name=INVITATION,
        recipient=recipient,
        language=invitation.language,
        due_at=invitation.planned_at,
        give_up_at=invitation.planned_at + GIVE_UP_AFTER,
        params=asked_to_params(request),
        invitation_id=invitation.id,
    )


def reminder_message(invitation: Invitation, recipient: str, request: AskedRequest, *, due_at: datetime) -> Outgoing:
    """The one reminder of an invitation; too late, it is dropped rather than sent with a dead link."""
    return Outgoing(
        key=f"{REMINDER}:{invitation.public_id.hex()}",
        name=REMINDER,
        recipient=recipient,
        language=invitation.language,
        due_at=due_at,
        give_up_at=min(due_at + GIVE_UP_AFTER, invitation.expires_at),
        params=asked_to_params(request),
        invitation_id=invitation.id,
    )


def waiting_sign_in(session: Session, email: str, *, now: datetime, number: int = 1) -> Message:
    """A waiting sign-in link, good for 15 minutes."""
    outgoing = sign_in_message(
        public_id=number.to_bytes(16, "big"),
        recipient=email,
        name=email.split("@", maxsplit=1)[0].title(),
        language="en",
        now=now,
        lifetime=timedelta(minutes=15),
    )
    enqueue(session, outgoing, now=now)
    return session.scalars(select(Message).where(Message.key == outgoing.key)).one()
