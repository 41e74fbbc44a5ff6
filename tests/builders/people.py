"""People in one line."""

from sqlalchemy.orm import Session

from app.models.departments import Department
from app.models.people import Person, PersonVersion


def person(session: Session, email: str, *, works_in: Department | None = None, **fields: object) -> Person:
    """Add a person with one version; `fields` go to the version (name, language, time_zone)."""
    row = Person(email=email)
    session.add(row)
    session.flush()
    department_id = works_in.id if works_in else None
    session.add(PersonVersion(person_id=row.id, department_id=department_id, **fields))
    session.flush()
    return row
