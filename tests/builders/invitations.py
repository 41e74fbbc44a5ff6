"""Invitations in one line."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.states import InvitationState
from app.models.invitations import Invitation
from app.models.service_requests import RequestCycle


def invitation(session: Session, cycle: RequestCycle, *, sent_at: datetime, **fields: object) -> Invitation:
    """Add an invitation about a completion, sent at `sent_at` and open for seven days; `fields` override."""
    number = session.scalar(select(func.count()).select_from(Invitation)) or 0
    values: dict[str, object] = {
        "public_id": hashlib.sha256(f"invitation {number}".encode()).digest()[:16],
        "request_id": cycle.request_id,
        "cycle_id": cycle.id,
        "person_id": cycle.requester_id,
        "department_id": cycle.provider_department_id,
        "period": cycle.period,
        "sending_period": cycle.period,
        "language": "en",
        "state": InvitationState.SENT,
        "created_at": sent_at,
        "planned_at": sent_at,
        "sent_at": sent_at,
        "remind_at": sent_at + timedelta(days=3),
        "expires_at": sent_at + timedelta(days=7),
        "mail_system": "mx.example.com",
    }
    row = Invitation(**(values | fields))
    session.add(row)
    session.flush()
    return row
