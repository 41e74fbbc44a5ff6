"""Cases of requesters who asked to be contacted: what has become of them. Commands see no names.

`departments` are those that the caller answers for; None is an operator, who closes any case.
docs/decisions/0041-a-closed-case-is-told-once-and-by-its-own-words.md
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from app.domain.states import FollowUpState
from app.mail.content import ClosedCase
from app.mail.outbox.writing import closed_case_message, enqueue
from app.models.departments import Department
from app.models.follow_ups import FollowUp
from app.reports.follow_ups import find_case


@dataclass(frozen=True)
class OpenCase:
    """A case that is not done, without the name."""

    number: int
    department: str  # code
    period: str
    state: FollowUpState
    asked_at: datetime


class NoSuchCase(LookupError):
    """No case of these departments has the number."""


@dataclass(frozen=True)
class Closing:
    """Who closes a case, and what they say to the requester: None is what a head kept for it before, if anything."""

    word: str | None = None
    head_name: str = ""
    head_email: str = ""


def lock_case(session: Session, number: int) -> None:
    """Keep others from a case until this transaction ends, so that what is read next is what will be changed."""
    session.get(FollowUp, number, with_for_update=True, populate_existing=True)


def mark_contacted(session: Session, number: int, departments: Collection[int], *, now: datetime) -> bool:
    """Note that the department got in touch; False where that was noted before. Raises NoSuchCase."""
    theirs = _known(session, number, departments)
    waiting = update(FollowUp).where(*theirs, FollowUp.state == FollowUpState.WAITING)
    noted = waiting.values(state=FollowUpState.CONTACTED, contacted_at=now).returning(FollowUp.id)
    return session.scalar(noted) is not None


def write_down(
    session: Session, number: int, departments: Collection[int], note: str, last_word: str | None = None
) -> None:
    """Keep the heads' note and, while the case is open, the words for its end. Raises NoSuchCase."""
    values = {"note": note or None} | ({} if last_word is None else {"last_word": last_word or None})
    session.execute(update(FollowUp).where(*_known(session, number, departments)).values(values))


def mark_done(
    session: Session, number: int, departments: Collection[int] | None, closing: Closing, *, now: datetime
) -> bool:
    """Close a case and tell the requester by mail, if we know an address; False where it was closed before.

    Who was never noted as contacted counts as contacted now. Raises NoSuchCase.
    """
    open_case = update(FollowUp).where(*_known(session, number, departments), FollowUp.state != FollowUpState.DONE)
    contacted = func.coalesce(FollowUp.contacted_at, now)
    values = {"state": FollowUpState.DONE, "contacted_at": contacted, "done_at": now}
    if closing.word is not None:
        values["last_word"] = closing.word or None
    if session.scalar(open_case.values(values).returning(FollowUp.id)) is None:
        return False
    _tell_requester(session, number, closing, now)
    return True


def _known(session: Session, number: int, departments: Collection[int] | None) -> tuple[ColumnElement[bool], ...]:
    """Return what finds the case among those of the departments. Raises NoSuchCase."""
    theirs: tuple[ColumnElement[bool], ...] = (FollowUp.id == number,)
    if departments is not None:
        theirs += (FollowUp.department_id.in_(departments),)
    if session.scalar(select(FollowUp.id).where(*theirs)) is None:
        raise NoSuchCase(number)
    return theirs


def _tell_requester(session: Session, number: int, closing: Closing, now: datetime) -> None:
    """Write the mail; its key is the case, so that it is written once, and the release deletes it with the case."""
    case = find_case(session, number, now=now)
    if case is None or not case.email:
        return
    told = ClosedCase(
        recipient_name=case.name if case.name != case.email else "",
        department=case.department,
        request=case.request,
        word=case.last_word,
        head_name=closing.head_name,
        head_email=closing.head_email,
    )
    message = closed_case_message(
        number, told, recipient=case.email, language=case.language, invitation_id=case.invitation_id, now=now
    )
    enqueue(session, message, now=now)


def open_cases(session: Session) -> list[OpenCase]:
    """Return the cases that are not done, the oldest first."""
    query = (
        select(FollowUp.id, Department.code, FollowUp.period, FollowUp.state, FollowUp.created_at)
        .join(Department, Department.id == FollowUp.department_id)
        .where(FollowUp.state != FollowUpState.DONE)
        .order_by(FollowUp.created_at, FollowUp.id)
    )
    return [OpenCase(*row) for row in session.execute(query)]
