"""Key requesters: tagged by an administrator, to see apart how they and all others are served."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.periods import Calendar
from app.models.departments import Department
from app.models.people import Person, RequesterTag
from app.upkeep.organisation.open_periods import mark_open_periods


class UnknownPerson(LookupError):
    """Nobody is known by the address."""


def tag_requester(session: Session, email: str, *, is_key: bool, calendar: Calendar, now: datetime) -> bool:
    """Count somebody among the key requesters from now on, or no more; False where nothing changes.

    Quarters that are not frozen are counted anew in all departments: nobody may stand in two groups.

    Raises UnknownPerson.
    """
    person_id = session.scalar(select(Person.id).where(Person.email == email.strip().lower()))
    if person_id is None:
        raise UnknownPerson(email)
    running = (RequesterTag.person_id == person_id, RequesterTag.until.is_(None))
    if (session.scalar(select(RequesterTag.since).where(*running)) is not None) is is_key:
        return False
    if is_key:
        session.add(RequesterTag(person_id=person_id, since=now))
    else:
        session.execute(update(RequesterTag).where(*running).values(until=now))
    session.flush()
    mark_open_periods(session, session.scalars(select(Department.id)).all(), calendar)
    return True


def key_requesters(session: Session) -> list[str]:
    """Return the addresses of the key requesters, sorted."""
    query = select(Person.email).join(RequesterTag).where(RequesterTag.until.is_(None), Person.email.is_not(None))
    return sorted(address for address in session.scalars(query) if address is not None)
