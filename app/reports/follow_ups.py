"""Colleagues who asked to be contacted, for the head whose business it is. Names by their own consent only.

docs/decisions/0024-names-go-to-the-nearest-head-and-to-nobody-else.md
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, select
from sqlalchemy.orm import Session

from app.domain.states import FollowUpState, MessageState
from app.domain.working_days import Wait, waited
from app.models.accounts import Staff, StaffDepartment
from app.models.departments import DepartmentVersion, tree_of, versions_at
from app.models.follow_ups import FollowUp
from app.models.invitations import Invitation
from app.models.messages import Message
from app.models.people import Person, PersonVersion
from app.models.policies import current_policy
from app.models.service_requests import ServiceRequest

CLOSED_CASE = "closed_case"  # name of the message


@dataclass(frozen=True)
class Case:
    """Somebody who asked for a word from the department, about which request, and what has become of it."""

    number: int
    name: str
    email: str
    request: str  # its title, else its number in the tracker
    url: str  # where the tracker shows it; may be empty
    department: str
    period: str
    state: FollowUpState
    asked_at: datetime
    contacted_at: datetime | None
    done_at: datetime | None
    note: str
    last_word: str
    language: str  # in which the requester was asked
    invitation_id: int
    wait: Wait | None = None  # of who waits, where `with_waits` has counted


@dataclass(frozen=True)
class ClosingMail:
    """The mail to the requester that a case is closed."""

    state: MessageState
    accepted_at: datetime | None  # when a mail server took it


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


def waiting_cases(session: Session, departments: Collection[int], *, now: datetime) -> list[Case]:
    """Return who waits in these departments, whoever waits longest first."""
    return cases_of(session, departments, now=now, states=(FollowUpState.WAITING,))


def cases_of(
    session: Session,
    departments: Collection[int],
    *,
    now: datetime,
    states: Collection[FollowUpState] = tuple(FollowUpState),
) -> list[Case]:
    """Return the cases of these departments, the oldest first."""
    if not departments:
        return []
    theirs = _cases(now).where(FollowUp.department_id.in_(departments), FollowUp.state.in_(states))
    return [_case(row) for row in session.execute(theirs.order_by(FollowUp.created_at, FollowUp.id))]


def with_waits(session: Session, cases: Collection[Case], zone: ZoneInfo, *, now: datetime) -> list[Case]:
    """Return the cases, with the company's working days for which those who wait have waited."""
    if all(case.state is not FollowUpState.WAITING for case in cases):
        return list(cases)
    policy = current_policy(session)
    return [
        replace(case, wait=waited(case.asked_at, now, zone, policy)) if case.state is FollowUpState.WAITING else case
        for case in cases
    ]


def find_case(
    session: Session, number: int, departments: Collection[int] | None = None, *, now: datetime
) -> Case | None:
    """Return one case, of these departments where any are given; not there and not theirs are the same."""
    query = _cases(now).where(FollowUp.id == number)
    if departments is not None:
        query = query.where(FollowUp.department_id.in_(departments))
    row = session.execute(query).one_or_none()
    return None if row is None else _case(row)


def mail_of_closing(session: Session, case: Case) -> ClosingMail | None:
    """Return what became of the mail that tells the requester of the end; None where none was written."""
    query = select(Message.state, Message.accepted_at).where(
        Message.invitation_id == case.invitation_id, Message.name == CLOSED_CASE
    )
    row = session.execute(query).one_or_none()
    return None if row is None else ClosingMail(row.state, row.accepted_at)


def _cases(now: datetime) -> Select[Any]:
    name = _valid_at(now, PersonVersion, PersonVersion.person_id == FollowUp.person_id)
    department = _valid_at(now, DepartmentVersion, DepartmentVersion.department_id == FollowUp.department_id)
    return (
        select(FollowUp, Person.email, name.label("name"), department.label("department"), Invitation.language)
        .add_columns(ServiceRequest.title, ServiceRequest.external_key, ServiceRequest.external_id, ServiceRequest.url)
        .join(Person, Person.id == FollowUp.person_id)
        .join(Invitation, Invitation.id == FollowUp.invitation_id)
        .join(ServiceRequest, ServiceRequest.id == Invitation.request_id)
    )


def _valid_at(
    now: datetime, version: type[PersonVersion] | type[DepartmentVersion], own: ColumnElement[bool]
) -> ScalarSelect[str | None]:
    valid = select(version.name).where(own, version.valid_from <= now)
    return valid.order_by(version.valid_from.desc()).limit(1).scalar_subquery()


def _case(row: Row[Any]) -> Case:
    case: FollowUp = row.FollowUp
    return Case(
        number=case.id,
        name=row.name or row.email or "",
        email=row.email or "",
        request=row.title or row.external_key or row.external_id,
        url=row.url or "",
        department=row.department,
        period=case.period,
        state=case.state,
        asked_at=case.created_at,
        contacted_at=case.contacted_at,
        done_at=case.done_at,
        note=case.note or "",
        last_word=case.last_word or "",
        language=row.language,
        invitation_id=case.invitation_id,
    )
