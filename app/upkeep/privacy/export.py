"""Everything that is known of one person, as JSON values: the answer to "what do you hold about me?"."""

from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundations.crypto import Keys
from app.models.base import Base
from app.models.departments import Department
from app.models.follow_ups import FollowUp
from app.models.invitations import Invitation
from app.models.messages import Message
from app.models.people import OptOut, Person, PersonVersion, RequesterTag
from app.models.responses import HeldAnswer, HeldResponse
from app.models.service_requests import RequestCycle, ServiceRequest
from app.upkeep.privacy import held_answers


def export(session: Session, keys: Keys, email: str) -> dict[str, Any] | None:
    """Return what is stored about the person behind an address; None if nothing is.

    Answers are included while they can still be connected with the person; afterwards nobody can find them.
    """
    person = session.scalar(select(Person).where(Person.email == email.strip().lower()))
    if person is None:
        return None
    codes = {department.id: department.code for department in session.scalars(select(Department))}
    responses, unreadable = held_answers.of_person(session, keys, person.id)
    tables: dict[str, tuple[type[Base], Any]] = {
        "versions": (PersonVersion, PersonVersion.person_id == person.id),
        "key_requester": (RequesterTag, RequesterTag.person_id == person.id),
        "opt_out": (OptOut, OptOut.person_id == person.id),
        "requests": (ServiceRequest, ServiceRequest.requester_id == person.id),
        "completions": (RequestCycle, RequestCycle.requester_id == person.id),
        "invitations": (Invitation, Invitation.person_id == person.id),
        "messages": (Message, Message.recipient == person.email),
        "follow_ups": (FollowUp, FollowUp.person_id == person.id),
    }
    found = {name: _rows(session, table, condition, codes) for name, (table, condition) in tables.items()}
    answers = [_answer(session, response, codes) for response in responses]
    return {"email": person.email, **found, "answers": answers, "unreadable_periods": unreadable}


def _rows(session: Session, table: type[Base], condition: Any, codes: dict[int, str]) -> list[dict[str, Any]]:
    rows = session.scalars(select(table).where(condition))
    return [_plain(row, codes) for row in rows]


def _plain(row: Base, codes: dict[int, str]) -> dict[str, Any]:
    """Return the columns that say something: departments by code, no row numbers, no secrets."""
    values: dict[str, Any] = {}
    for column in row.__table__.columns:
        value = getattr(row, column.key)
        if column.key.endswith("department_id"):
            values[column.key.removesuffix("_id")] = codes.get(value)
        elif (column.key != "id" and not column.key.endswith("_id")) or column.key == "external_id":
            values[column.key] = _value(value)
    return values


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return value.hex() if isinstance(value, bytes) else value


def _answer(session: Session, response: HeldResponse, codes: dict[int, str]) -> dict[str, Any]:
    items = session.execute(select(HeldAnswer.item, HeldAnswer.value).where(HeldAnswer.response_id == response.id))
    return {
        "department": codes.get(response.department_id),
        "period": response.period,
        "language": response.language,
        "items": {row.item: row.value for row in items},
        "reason_chips": response.reason_chips,
        "comment": response.comment,
        "has_consented": response.has_consented,
        "has_thanked": response.has_thanked,
    }
