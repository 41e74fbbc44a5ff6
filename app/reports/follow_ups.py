"""Colleagues who asked to be contacted, for the head whose business it is. Names by their own consent only.

docs/decisions/0024-names-go-to-the-nearest-head-and-to-nobody-else.md
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.states import FollowUpState
from app.models.accounts import Staff, StaffDepartment
from app.models.departments import DepartmentVersion, tree_of, versions_at
from app.models.follow_ups import FollowUp
from app.models.invitations import Invitation
from app.models.people import Person, PersonVersion
from app.models.service_requests import ServiceRequest


@dataclass(frozen=True)
class WaitingCase:
    """Somebody who waits for a word from the department, and about which request."""

    number: int
    name: str
    email: str
    request: str  # its title, else its number in the tracker
    department: str
    asked_at: datetime


def departments_answered_for(session: Session, own: Collection[int], *, now: datetime) -> frozenset[int]:
    """Return the departments whose requesters turn to the head of `own`: these, and those below without a head."""
    if not own:
        return frozenset()
    versions = versions_at(session, now)
    named = {id_ for id_, version in versions.items() if version.head_email}
    given = select(StaffDepartment.department_id).join(Staff, Staff.id == StaffDepartment.staff_id)
    headed = named | set(session.scalars(given.where(Staff.is_active)))
    tree = tree_of(versions)
    return frozenset().union(*(tree.answered_for(id_, headed) for id_ in own))


def waiting_cases(session: Session, departments: Collection[int], *, now: datetime) -> list[WaitingCase]:
    """Return who waits in these departments, whoever waits longest first."""
    if not departments:
        return []
    name = (
        select(PersonVersion.name)
        .where(PersonVersion.person_id == FollowUp.person_id, PersonVersion.valid_from <= now)
        .order_by(PersonVersion.valid_from.desc())
        .limit(1)
        .scalar_subquery()
    )
    department = (
        select(DepartmentVersion.name)
        .where(DepartmentVersion.department_id == FollowUp.department_id, DepartmentVersion.valid_from <= now)
        .order_by(DepartmentVersion.valid_from.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(FollowUp.id, FollowUp.created_at, Person.email, name.label("name"), department.label("department"))
        .add_columns(ServiceRequest.title, ServiceRequest.external_key, ServiceRequest.external_id)
        .join(Person, Person.id == FollowUp.person_id)
        .join(Invitation, Invitation.id == FollowUp.invitation_id)
        .join(ServiceRequest, ServiceRequest.id == Invitation.request_id)
        .where(FollowUp.department_id.in_(departments), FollowUp.state == FollowUpState.WAITING)
        .order_by(FollowUp.created_at, FollowUp.id)
    )
    return [
        WaitingCase(
            number=row.id,
            name=row.name or row.email or "",
            email=row.email or "",
            request=row.title or row.external_key or row.external_id,
            department=row.department,
            asked_at=row.created_at,
        )
        for row in session.execute(query)
    ]
