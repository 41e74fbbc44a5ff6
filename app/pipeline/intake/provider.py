"""Which department did the work: from the tracker's raw values by our own table, by code, then by name."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.models.departments import Department, DepartmentVersion, find_department


def find_provider(
    session: Session, raw: Mapping[str, str], settings: Mapping[str, Any], moment: datetime
) -> int | None:
    """Return the id of the first raw value that leads to a department, the surest value first, or None.

    The connection's setting `departments` maps a value, or `field:value`, to a code and comes before everything.
    """
    table: Mapping[str, str] = settings.get("departments", {})
    for field, value in raw.items():
        mapped = table.get(f"{field}:{value}") or table.get(value)
        found = find_named_department(session, mapped or value, moment)
        if found is not None:
            return found
    return None


def find_named_department(session: Session, name: str | None, moment: datetime) -> int | None:
    """Return the department with this code, else the only one that had this name at `moment`, else None."""
    if not name:
        return None
    by_code = find_department(session, name)
    if by_code is not None:
        return by_code.id
    by_name = (
        select(Department.id)
        .join(DepartmentVersion, DepartmentVersion.department_id == Department.id)
        .where(
            DepartmentVersion.name == name,
            DepartmentVersion.valid_from <= moment,
            or_(DepartmentVersion.valid_to.is_(None), DepartmentVersion.valid_to > moment),
        )
        .distinct()
        .limit(2)
    )
    found = session.scalars(by_name).all()
    return found[0] if len(found) == 1 else None
