"""Colleagues who asked to be contacted, for the head whose business it is. Names by their own consent only.

docs/decisions/0024-names-go-to-the-nearest-head-and-to-nobody-else.md
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
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
    headed = _heads(session, versions).keys()
    tree = tree_of(versions)
    return frozenset().union(*(tree.answered_for(id_, headed) for id_ in own))


def heads_answering(session: Session, *, now: datetime) -> dict[str, frozenset[int]]:
    """Return, for the address of each head, the departments whose names they see: the same rule from the other side."""
    versions = versions_at(session, now)
    heads, tree = _heads(session, versions), tree_of(versions)
    found: defaultdict[str, set[int]] = defaultdict(set)
    for id_, addresses in heads.items():
        for address in addresses:
            found[address] |= tree.answered_for(id_, heads.keys())
    return {address: frozenset(theirs) for address, theirs in found.items()}


def _heads(session: Session, versions: Mapping[int, DepartmentVersion]) -> dict[int, set[str]]:
    """Return the addresses of each department's heads: who the tree names, and who was given it."""
    heads: defaultdict[int, set[str]] = defaultdict(set)
    for id_, version in versions.items():
        if version.head_email:
            heads[id_].add(version.head_email.lower())
    given = select(StaffDepartment.department_id, Staff.email).join(Staff, Staff.id == StaffDepartment.staff_id)
    for id_, email in session.execute(given.where(Staff.is_active)).tuples():
        if id_ in versions:
            heads[id_].add(email)
    return heads


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
