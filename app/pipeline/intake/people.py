"""Who asked: the person behind what a tracker calls the requester. Never invents an address."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.service_requests import Requester
from app.models.connections import Connection
from app.models.insertion import insert_missing
from app.models.people import Person, PersonVersion
from app.models.service_requests import RequestCycle, ServiceRequest

LONGEST_KEY = 200  # a custom field may hold an essay, which no index of PostgreSQL takes


def find_or_add_requester(session: Session, requester: Requester, tracker: Connection) -> int | None:
    """Return the person's id: by address, by the tracker's table `requesters` (key to address), else by key.

    Somebody known by a key alone gets a row without address; None when the tracker names nobody.
    """
    named = tracker.settings.get("requesters", {})
    key = requester.key[:LONGEST_KEY] if requester.key else None
    address = requester.email or named.get(key)
    if address:
        return _found_or_added(session, email=address.lower())
    if key:
        return _found_or_added(session, source=tracker.slug, source_key=key)
    return None


def _found_or_added(session: Session, **key: str) -> int:
    its_id = select(Person.id).filter_by(**key)
    found = session.scalar(its_id)
    if found is None:
        insert_missing(session, Person, key)
        found = session.scalars(its_id).one()
    return found


def adopt_addresses(session: Session, tracker: Connection) -> int:
    """Give people known by a key alone the addresses that the tracker's table now tells; return how many got one.

    Where the address is somebody known, requests and cycles that nobody has decided on yet move to that person.
    """
    adopted = 0
    for key, address in tracker.settings.get("requesters", {}).items():
        nameless = select(Person).where(Person.source == tracker.slug, Person.source_key == key, Person.email.is_(None))
        person = session.scalar(nameless)
        if person is None:
            continue
        adopted += 1
        known = session.scalar(select(Person.id).where(Person.email == address.lower()))
        if known is None:
            person.email = address.lower()
        else:
            _move_undecided(session, person.id, known)
    session.flush()
    return adopted


def _move_undecided(session: Session, from_person: int, to_person: int) -> None:
    requests = update(ServiceRequest).where(ServiceRequest.requester_id == from_person)
    session.execute(requests.values(requester_id=to_person))
    waiting = select(RequestCycle).where(RequestCycle.requester_id == from_person, RequestCycle.decided_at.is_(None))
    for cycle in session.scalars(waiting):
        cycle.requester_id = to_person
        cycle.requester_department_id = department_at(session, to_person, cycle.completed_at)


def department_at(session: Session, person_id: int, moment: datetime) -> int | None:
    """Return the department to which a person belonged at `moment`, or None."""
    valid = select(PersonVersion.department_id).where(
        PersonVersion.person_id == person_id, PersonVersion.valid_from <= moment
    )
    return session.scalar(valid.order_by(PersonVersion.valid_from.desc()).limit(1))
