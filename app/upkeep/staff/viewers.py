"""Who a member of staff is today: all roles of an address, and the departments that they head."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.domain.rights import Viewer
from app.models.accounts import Staff, StaffDepartment
from app.models.departments import DepartmentVersion


def viewer_of(session: Session, email: str, *, now: datetime) -> Viewer | None:
    """Return who stands behind an address; None where it has no role (any more)."""
    return viewer_where(session, Staff.email == email, now=now)


def viewer_where(session: Session, which: ColumnElement[bool], *, now: datetime) -> Viewer | None:
    """Return the one address of the accounts that `which` names, with its roles and departments; None without any."""
    rows = session.execute(
        select(Staff, StaffDepartment.department_id)
        .outerjoin(StaffDepartment, StaffDepartment.staff_id == Staff.id)
        .where(which, Staff.is_active)
        .order_by(Staff.id)
    ).all()
    if not rows:
        return None
    staff: Staff = rows[0][0]
    given = {department_id for _, department_id in rows if department_id is not None}
    return Viewer(
        email=staff.email,
        roles=frozenset(row.role for row, _ in rows),
        departments=frozenset(given | headed(session, staff.email, now)),
        name=next((row.name for row, _ in rows if row.name), ""),
        language=next((row.language for row, _ in rows if row.language), None),
    )


def headed(session: Session, address: str, now: datetime) -> set[int]:
    """Return the departments whose version of today names the address as head."""
    query = select(DepartmentVersion.department_id).where(
        func.lower(DepartmentVersion.head_email) == address,
        DepartmentVersion.valid_from <= now,
        (DepartmentVersion.valid_to.is_(None)) | (DepartmentVersion.valid_to > now),
    )
    return set(session.scalars(query))
