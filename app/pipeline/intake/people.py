"""Who asked: the person behind what a tracker calls the requester. Never invents an address."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.service_requests import Requester
from app.models.connections import Connection
from app.models.insertion import insert_missing
from app.models.people import Person, PersonVersion


def find_or_add_requester(session: Session, requester: Requester, tracker: Connection) -> int | None:
    """Return the person's id: by address, by the tracker's table `requesters` (key to address), else by key.

    Somebody known by a key alone gets a row without address; None when the tracker names nobody.
    """
    named = tracker.settings.get("requesters", {})
    address = requester.email or named.get(requester.key)
    if address:
        return _found_or_added(session, email=address.lower())
    if requester.key:
        return _found_or_added(session, source=tracker.slug, source_key=requester.key)
    return None


def _found_or_added(session: Session, **key: str) -> int:
    its_id = select(Person.id).filter_by(**key)
    found = session.scalar(its_id)
    if found is None:
        insert_missing(session, Person, key)
        found = session.scalars(its_id).one()
    return found


def department_at(session: Session, person_id: int, moment: datetime) -> int | None:
    """Return the department to which a person belonged at `moment`, or None."""
    valid = select(PersonVersion.department_id).where(
        PersonVersion.person_id == person_id, PersonVersion.valid_from <= moment
    )
    return session.scalar(valid.order_by(PersonVersion.valid_from.desc()).limit(1))
