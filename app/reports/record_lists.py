"""Lists of what is on record, a page at a time, for whoever keeps it: requests, departments, people. Reads only.

No list says who asked for something: scripts know that from the tracker itself.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, aliased

from app.models.connections import Connection
from app.models.departments import Department, DepartmentVersion
from app.models.people import Person, PersonVersion
from app.models.service_requests import RequestCycle, ServiceRequest

Rows = Sequence[Row[Any]]


def requests_after(
    session: Session, after: int, limit: int, *, tracker: str | None = None, department: str | None = None
) -> Rows:
    """Return requests in the order in which they became known, each with its latest completion."""
    completed_at = (
        select(func.max(RequestCycle.completed_at))
        .where(RequestCycle.request_id == ServiceRequest.id, RequestCycle.undone_at.is_(None))
        .scalar_subquery()
    )
    query = (
        select(
            *(ServiceRequest.id, Connection.slug.label("tracker"), ServiceRequest.external_id, ServiceRequest.title),
            *(ServiceRequest.url, ServiceRequest.state, ServiceRequest.status, ServiceRequest.request_type),
            *(ServiceRequest.created_at, ServiceRequest.first_response_at, ServiceRequest.due_at),
            *(ServiceRequest.reopened_count, ServiceRequest.reassignment_count, ServiceRequest.updated_at),
            *(completed_at.label("completed_at"), Department.code.label("provider_department")),
        )
        .join(Connection, Connection.id == ServiceRequest.tracker_id)
        .outerjoin(Department, Department.id == ServiceRequest.provider_department_id)
        .where(ServiceRequest.id > after)
        .order_by(ServiceRequest.id)
        .limit(limit)
    )
    if tracker is not None:
        query = query.where(Connection.slug == tracker)
    if department is not None:
        query = query.where(Department.code == department)
    return session.execute(query).all()


def departments_after(session: Session, after: str, limit: int, *, now: datetime) -> Rows:
    """Return the departments that there are today, by code."""
    parent, successor = aliased(Department), aliased(Department)
    newest = (
        select(DepartmentVersion.department_id, func.max(DepartmentVersion.valid_from).label("valid_from"))
        .where(DepartmentVersion.valid_from <= now)
        .where((DepartmentVersion.valid_to.is_(None)) | (DepartmentVersion.valid_to > now))
        .group_by(DepartmentVersion.department_id)
        .subquery()
    )
    query = (
        select(
            *(Department.code, DepartmentVersion.name, parent.code.label("parent_code")),
            *(DepartmentVersion.head_email, DepartmentVersion.staff_count, DepartmentVersion.language),
            *(DepartmentVersion.valid_from, DepartmentVersion.valid_to, successor.code.label("successor_code")),
        )
        .join(newest, newest.c.department_id == Department.id)
        .join(
            DepartmentVersion,
            (DepartmentVersion.department_id == Department.id) & (DepartmentVersion.valid_from == newest.c.valid_from),
        )
        .outerjoin(parent, parent.id == DepartmentVersion.parent_id)
        .outerjoin(successor, successor.id == DepartmentVersion.successor_id)
        .where(Department.code > after)
        .order_by(Department.code)
        .limit(limit)
    )
    return session.execute(query).all()


def people_after(session: Session, after: str, limit: int, *, now: datetime) -> Rows:
    """Return the people who have an address, by address, as they are known today: some by nothing but a request."""
    newest = (
        select(PersonVersion.person_id, func.max(PersonVersion.valid_from).label("valid_from"))
        .where(PersonVersion.valid_from <= now)
        .group_by(PersonVersion.person_id)
        .subquery()
    )
    query = (
        select(
            *(Person.email, PersonVersion.name, Department.code.label("department_code")),
            *(PersonVersion.language, PersonVersion.time_zone, PersonVersion.valid_from),
        )
        .outerjoin(newest, newest.c.person_id == Person.id)
        .outerjoin(
            PersonVersion,
            (PersonVersion.person_id == Person.id) & (PersonVersion.valid_from == newest.c.valid_from),
        )
        .outerjoin(Department, Department.id == PersonVersion.department_id)
        .where(Person.email > after)
        .order_by(Person.email)
        .limit(limit)
    )
    return session.execute(query).all()
