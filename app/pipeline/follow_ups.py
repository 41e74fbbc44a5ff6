"""Tell heads of colleagues who asked to be contacted: at most one mail on a working morning, without a name.

docs/decisions/0026-heads-hear-of-contact-cases-once-a-morning.md
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.asking_policy import AskingPolicy
from app.domain.sending_times import next_morning, planned_moment
from app.domain.states import FollowUpState
from app.mail.content import Mail, contacts
from app.mail.links import Links
from app.mail.outbox.composing import Composer
from app.mail.outbox.writing import Outgoing, enqueue
from app.models.departments import versions_at
from app.models.follow_ups import FollowUp
from app.models.messages import Message
from app.reports.follow_ups import heads_answering
from app.reports.readers import Manners, Reader, reader_of

NAME = "contacts"


@dataclass(frozen=True)
class _Case:
    """A case without its person."""

    number: int
    department: int
    state: FollowUpState
    asked_at: datetime


def tell_heads(
    session: Session, *, policy: AskingPolicy, languages: tuple[str, ...], time_zone: ZoneInfo, now: datetime
) -> int:
    """Write the mail of every head of whom somebody newly asked for contact; return how many were written.

    A case is due on the first working morning of its head; the key names the newest case that is due, so a mail is
    written once per morning, and never without a new case.
    """
    cases = _cases(session)
    if not any(case.state is FollowUpState.WAITING for case in cases):
        return 0
    names = {id_: version.name for id_, version in versions_at(session, now).items()}
    manners, told = Manners(languages, time_zone), 0
    for email, departments in heads_answering(session, now=now).items():
        theirs = [case for case in cases if case.department in departments]
        if not theirs:
            continue
        head = reader_of(session, email, manners)
        if planned_moment(now, head.zone, policy) != now:
            continue  # evening or a day off there: one mail next morning, with whatever comes until then
        due = [case for case in theirs if next_morning(case.asked_at, head.zone, policy) <= now]
        if any(case.state is FollowUpState.WAITING for case in due):
            message = _message(head, due, names, due_at=now)
            told += enqueue(session, message, now=now)
    return told


def composers() -> dict[str, Composer]:
    """Return what composes the mails of this step, by message name."""
    return {NAME: _mail}


def _cases(session: Session) -> list[_Case]:
    query = select(FollowUp.id, FollowUp.department_id, FollowUp.state, FollowUp.created_at).order_by(FollowUp.id)
    return [_Case(*row) for row in session.execute(query)]


def _message(head: Reader, due: Iterable[_Case], names: dict[int, str], *, due_at: datetime) -> Outgoing:
    due = list(due)
    waiting = [case for case in due if case.state is FollowUpState.WAITING]
    oldest = min(case.asked_at for case in waiting)
    return Outgoing(
        key=f"{NAME}:{max(case.number for case in due)}:{head.email}",
        name=NAME,
        recipient=head.email,
        language=head.language,
        due_at=due_at,
        params={
            "recipient_name": head.name,
            "departments": sorted({names[case.department] for case in waiting if case.department in names}),
            "count": len(waiting),
            "since": oldest.astimezone(head.zone).date().isoformat(),
        },
    )


def _mail(_session: Session, row: Message, links: Links) -> Mail:
    params = row.params or {}
    return contacts(
        language=row.language,
        recipient_name=params["recipient_name"],
        departments=tuple(params["departments"]),
        count=params["count"],
        since=date.fromisoformat(params["since"]),
        link=links.contacts(),
    )
