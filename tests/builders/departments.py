"""Departments in one line."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.models.base import SINCE_EVER
from app.models.departments import Department, DepartmentVersion, TouchpointWeight


def department(
    session: Session, code: str, *, parent: Department | None = None, since: datetime = SINCE_EVER, **fields: object
) -> Department:
    """Add a department with one version; `fields` go to the version."""
    row = Department(code=code)
    session.add(row)
    session.flush()
    values: dict[str, object] = {"name": code.title(), "staff_count": 20} | fields
    parent_id = parent.id if parent else None
    session.add(DepartmentVersion(department_id=row.id, parent_id=parent_id, valid_from=since, **values))
    session.flush()
    return row


def touchpoint(session: Session, owner: Department, code: str, weight: float = 1.0, since: str = "2020-Q1") -> None:
    session.add(TouchpointWeight(department_id=owner.id, from_period=since, touchpoint=code, weight=weight))
    session.flush()
