"""Everything that is known of one person, as JSON values: the answer to "what do you hold about me?"."""

from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, select
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

TABLES: dict[str, type[Base]] = {
    "versions": PersonVersion,
    "key_requester": RequesterTag,
    "opt_out": OptOut,
    "requests": ServiceRequest,
    "completions": RequestCycle,
    "invitations": Invitation,
    "messages": Message,
    "follow_ups": FollowUp,
}


def export(session: Session, keys: Keys, email: str) -> dict[str, Any] | None:
    """Return what is stored about the person behind an address; None if nothing is.

    Answers are included while they can still be connected with the person; afterwards nobody can find them.
    """
    person = session.scalar(select(Person).where(Person.email == email.strip().lower()))
    if person is None:
        return None
    codes = {department.id: department.code for department in session.scalars(select(Department))}
    responses, unreadable = held_answers.of_person(session, keys, person.id)
    found = {name: _rows(session, table, _is_of(person, table), codes) for name, table in TABLES.items()}
    answers = [_answer(session, response, codes) for response in responses]
    return {"email": person.email, **found, "answers": answers, "unreadable_periods": unreadable}


def _is_of(person: Person, table: type[Base]) -> ColumnElement[bool]:
    """Return the condition for a person's rows of a table."""
    if table is Message:
        return Message.recipient == person.email
    columns = table.__table__.columns
    return columns["requester_id" if "requester_id" in columns else "person_id"] == person.id


def columns_told(table: type[Base]) -> dict[str, str]:
    """Return the columns that say something, by what the export calls them: no row numbers, no secrets."""
    names = [column.key for column in table.__table__.columns]
    return {
        name: name.removesuffix("_id") if name.endswith("department_id") else name
        for name in names
        if name.endswith("department_id") or name == "external_id" or (name != "id" and not name.endswith("_id"))
    }


def _rows(session: Session, table: type[Base], condition: Any, codes: dict[int, str]) -> list[dict[str, Any]]:
    rows = session.scalars(select(table).where(condition))
    return [_plain(row, codes) for row in rows]


def _plain(row: Base, codes: dict[int, str]) -> dict[str, Any]:
    return {
        told: codes.get(getattr(row, column)) if column.endswith("department_id") else _value(getattr(row, column))
        for column, told in columns_told(type(row)).items()
    }


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
