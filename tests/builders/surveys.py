"""A survey link, ready to be opened: departments, Alice, her completed request, its invitation, the quarter's salt."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.foundations.crypto import Keys
from app.models.departments import Department
from app.models.invitations import Invitation
from app.models.people import Person
from app.models.quarter_salts import ensure_salt
from app.models.service_requests import ServiceRequest
from tests.builders.departments import department
from tests.builders.invitations import invitation
from tests.builders.people import person
from tests.builders.service_requests import completed_request

VPN = "VPN access from home drops every few minutes"


def provider(session: Session, name: str = "IT Support") -> Department:
    """Add the company and a department below it."""
    return department(session, "it", parent=department(session, "company"), name=name)


def survey(
    session: Session,
    keys: Keys,
    by: Department,
    requester: Person | None = None,
    *,
    now: datetime,
    title: str | None = VPN,
    language: str = "en",
) -> tuple[Invitation, str]:
    """Add a request completed a day ago, asked about two hours ago; return the invitation and its token."""
    requester = requester or person(session, "alice@example.com", name="Alice Requester", language=language)
    cycle = completed_request(session, by, requester, now - timedelta(days=1), request_type="access", on_time=True)
    request = session.get_one(ServiceRequest, cycle.request_id)
    request.title, request.external_key = title, f"IT-{4820 + cycle.request_id}"
    row = invitation(session, cycle, sent_at=now - timedelta(hours=2), language=language)
    ensure_salt(session, keys, cycle.period)
    session.commit()
    return row, keys.token("survey", row.public_id)
