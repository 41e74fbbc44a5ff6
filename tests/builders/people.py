"""People in one line."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.models.departments import Department
from app.models.people import Person, PersonVersion


def person(session: Session, email: str, *, works_in: Department | None = None, **fields: object) -> Person:
    """Add a person with one version; `fields` go to the version (name, language, time_zone)."""
    (row,) = people(session, [email], works_in=works_in, **fields)
    return row


def people(
    session: Session, emails: Iterable[str], *, works_in: Department | None = None, **fields: object
) -> list[Person]:
    """Add many, in a statement a table."""
    rows = [Person(email=email) for email in emails]
    session.add_all(rows)
    session.flush()
    department_id = works_in.id if works_in else None
    session.add_all(PersonVersion(person_id=row.id, department_id=department_id, **fields) for row in rows)
    session.flush()
    return rows
