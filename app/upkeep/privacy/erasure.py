"""Erase a person: everything that names them, and their answers while these can still be found.

Frozen scorecards and released answers do not change: nothing in them is theirs to find any more.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote_plus

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.domain.periods import Calendar, Period
from app.domain.states import PeriodState
from app.foundations.crypto import Keys
from app.mail.outbox import forget_recipient
from app.models.deliveries import Delivery
from app.models.insertion import insert_missing
from app.models.invitations import Invitation
from app.models.people import Person, Suppression, SuppressionReason, address_hash
from app.models.releases import PeriodRecord
from app.models.response_links import ResponseLink
from app.models.responses import HeldResponse
from app.models.rollups import mark_dirty
from app.models.service_requests import RequestCycle, ServiceRequest
from app.upkeep.privacy import held_answers
from app.upkeep.programs.keys import forget_owner
from app.upkeep.signing_in.ways_in import forget_ways_in

_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")  # RFC 8259, section 7


@dataclass(frozen=True)
class Erased:
    """What was done, for the operator; no content."""

    requests: int
    invitations: int
    answers: int
    deliveries: int
    unreadable_periods: tuple[str, ...]  # quarters restored without their link key


def erase(session: Session, keys: Keys, calendar: Calendar, email: str, *, now: datetime) -> Erased | None:
    """Erase the person behind an address; None if there is none. The address is never written to again."""
    address = email.strip().lower()
    suppression = {"address_hash": address_hash(keys, address), "reason": SuppressionReason.ERASED, "created_at": now}
    insert_missing(session, Suppression, suppression)
    session.execute(
        update(Suppression)
        .where(Suppression.address_hash == suppression["address_hash"])
        .values(reason=SuppressionReason.ERASED)
    )
    forget_recipient(session, address)
    forget_ways_in(session, address)
    forget_owner(session, address, now=now)
    deliveries = _forget_bodies(session, address)
    person = session.scalar(select(Person).where(Person.email == address))
    if person is None:
        return None
    # An answer that is being stored holds its invitation; the next one finds that the invitation is gone.
    session.execute(select(Invitation.id).where(Invitation.person_id == person.id).with_for_update())
    responses, unreadable = held_answers.of_person(session, keys, person.id)
    places = _places(session, person.id) | {(response.department_id, response.period) for response in responses}
    answers = _delete_answers(session, [response.id for response in responses])
    invitations = _delete_invitations(session, person.id)
    requests = _forget_requests(session, person.id)
    session.delete(person)
    session.flush()
    _mark_dirty(session, calendar, places)
    return Erased(requests, invitations, answers, deliveries, tuple(unreadable))


def _places(session: Session, person_id: int) -> set[tuple[int, str]]:
    cycles = select(RequestCycle.provider_department_id, RequestCycle.period).where(
        RequestCycle.requester_id == person_id
    )
    return {(department, period) for department, period in session.execute(cycles) if department is not None}


def _delete_answers(session: Session, ids: list[bytes]) -> int:
    session.execute(delete(ResponseLink).where(ResponseLink.response_id.in_(ids)))
    session.execute(delete(HeldResponse).where(HeldResponse.id.in_(ids)))
    session.expire_all()
    return len(ids)


def _delete_invitations(session: Session, person_id: int) -> int:
    theirs = select(Invitation.public_id).where(Invitation.person_id == person_id)
    session.execute(delete(ResponseLink).where(ResponseLink.public_id.in_(theirs)))
    gone = session.execute(delete(Invitation).where(Invitation.person_id == person_id).returning(Invitation.id))
    return len(gone.all())


def _forget_requests(session: Session, person_id: int) -> int:
    gone = session.execute(
        update(ServiceRequest)
        .where(ServiceRequest.requester_id == person_id)
        .values(requester_id=None, title=None, url=None, external_key=None, status=None, raw_department=None)
        .returning(ServiceRequest.id)
    ).all()
    session.execute(update(RequestCycle).where(RequestCycle.requester_id == person_id).values(requester_id=None))
    return len(gone)


def _forget_bodies(session: Session, address: str) -> int:
    """Empty the stored bodies (30 days of them) that hold the address, however it is written; and reasons with it."""
    rows = session.execute(select(Delivery.id, Delivery.body, Delivery.error).execution_options(yield_per=500))
    named = [row.id for row in rows if _holds(row.body, address) or address in (row.error or "").lower()]
    session.execute(
        update(Delivery).where(Delivery.id.in_(named)).values(body=b"", conclusion=None, error=None, headers={})
    )
    return len(named)


def _holds(body: bytes, address: str) -> bool:
    """Tell whether a body holds the address: as it is, with JSON's escapes (müller.example has one), or as a form."""
    text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), body.decode("utf-8", "replace"))
    return address in text.lower() or ("%" in text and address in unquote_plus(text).lower())


def _mark_dirty(session: Session, calendar: Calendar, places: set[tuple[int, str]]) -> None:
    released = set(session.scalars(select(PeriodRecord.period).where(PeriodRecord.state == PeriodState.RELEASED)))
    for department, period in sorted(places):
        if period not in released:
            mark_dirty(session, department, period, calendar.ends_at(Period.parse(period)))
