"""Cases of requesters who asked to be contacted."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.models.departments import Department
from app.models.follow_ups import FollowUp
from tests.builders.invitations import invitation
from tests.builders.people import person
from tests.builders.service_requests import completed_request


def case(
    session: Session,
    provider: Department,
    asked_at: datetime,
    *,
    email: str = "ines@example.com",
    name: str = "Ines Varga",
    **columns: Any,
) -> FollowUp:
    """Somebody asked for contact about a request that the department completed at the same moment."""
    cycle = completed_request(session, provider, person(session, email, name=name), asked_at)
    invited = invitation(session, cycle, sent_at=asked_at)
    ids = {"invitation_id": invited.id, "person_id": invited.person_id, "department_id": provider.id}
    row = FollowUp(**ids, **{"period": invited.period, "created_at": asked_at, **columns})
    session.add(row)
    session.flush()
    return row
