"""The mails of a quarter, one by one: what each says before it leaves, where it stands, and sending it once more.

A preview is composed as the mail will be, from the frozen revision; nothing of it is stored.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.asking_policy import AskingPolicy
from app.domain.periods import Calendar, Period
from app.domain.states import MessageState
from app.mail.content import Mail
from app.mail.links import Links
from app.mail.outbox.composing import compose
from app.mail.outbox.writing import Outgoing, enqueue
from app.models.departments import Department
from app.models.messages import Message
from app.models.releases import lock_period
from app.models.scorecards import ScorecardPosting, ScorecardRevision
from app.pipeline.scorecards.drawing import chart_for_preview, composers, is_drawn
from app.pipeline.scorecards.posting import revisions_of, scorecard_message, small_department_messages
from app.pipeline.scorecards.recipients import Recipient, Recipients
from app.pipeline.scorecards.stopping import SCORECARD, SMALL_DEPARTMENT, PostingStopped, small_department_key
from app.pipeline.scorecards.stopping import scorecard_key as key_of
from app.reports.department_scores.company import Company, read_company
from app.reports.readers import Manners

_AGAIN = ":again:"
_SETTLED = frozenset({MessageState.SENT, MessageState.FAILED, MessageState.WITHDRAWN})


class NoSuchMail(LookupError):
    """Nobody of that address gets this department's mail, or not yet."""


@dataclass(frozen=True)
class Quarter:
    """A quarter's mails, and what they are made with."""

    period: Period
    calendar: Calendar
    policy: AskingPolicy
    languages: tuple[str, ...]

    def company(self, session: Session) -> Company:
        """Return the departments as they stood on its last day."""
        return read_company(session, self.calendar, self.period, self.policy.minimum_group_size)

    def recipients(self, session: Session, company: Company) -> Recipients:
        """Return who gets what."""
        return Recipients(session, company, Manners(self.languages, self.calendar.time_zone))


@dataclass(frozen=True, kw_only=True)
class PlannedMail:
    """One mail to one reader; `message` is the newest that was written of it, `copies` how often it was sent again."""

    department_id: int
    code: str
    department: str
    recipient: Recipient
    scorecard_id: int | None  # None: the department is too small for a scorecard
    revision: int = 1  # the last one that the reader was mailed, else the first
    is_posted: bool
    message: Message | None
    copies: int = 0

    @property
    def can_be_sent_again(self) -> bool:
        """Tell whether the reader was written to and nothing is under way any more."""
        is_settled = self.message is None or self.message.state in _SETTLED
        return self.scorecard_id is not None and self.is_posted and is_settled


def planned_mails(session: Session, quarter: Quarter) -> list[PlannedMail]:
    """Return who gets which mail of a frozen quarter, by department and reader: the last that they had, else the first.

    Later revisions are mailed by command, which need not reach everybody.
    """
    company = quarter.company(session)
    recipients = quarter.recipients(session, company)
    written = _written(session, quarter.period)
    last = _last_posted(session, quarter.period)
    codes = dict(session.execute(select(Department.id, Department.code)).tuples().all())
    found = []
    for first in revisions_of(session, quarter.period):
        id_ = first.department_id
        for recipient in recipients.of(id_):
            scorecard_id, revision = last.get((id_, recipient.email), (first.id, first.revision))
            messages = written.get(key_of(scorecard_id, recipient.email), [])
            found.append(
                PlannedMail(
                    department_id=id_,
                    code=codes[id_],
                    department=json.loads(first.document)["department"]["name"],
                    recipient=recipient,
                    scorecard_id=scorecard_id,
                    revision=revision,
                    is_posted=(id_, recipient.email) in last,
                    message=messages[-1] if messages else None,
                    copies=max(len(messages) - 1, 0),
                )
            )
    found += _small(company, quarter, recipients, codes, written)
    return sorted(found, key=lambda mail: (mail.department.casefold(), mail.code, mail.recipient.email))


def _small(
    company: Company,
    quarter: Quarter,
    recipients: Recipients,
    codes: Mapping[int, str],
    written: Mapping[str, list[Message]],
) -> list[PlannedMail]:
    found = []
    for id_ in company.small:
        version = company.versions[id_]
        recipient = recipients.of_small(id_)
        if recipient is not None:
            messages = written.get(small_department_key(quarter.period, codes[id_], recipient.email), [])
            found.append(
                PlannedMail(
                    department_id=id_,
                    code=codes[id_],
                    department=version.name,
                    recipient=recipient,
                    scorecard_id=None,
                    is_posted=bool(messages),
                    message=messages[-1] if messages else None,
                )
            )
    return found


@dataclass(frozen=True)
class DepartmentReaders:
    """Who would get what of a department today; nobody where it has no head and HR has nobody."""

    code: str
    department: str
    is_small: bool
    recipients: Sequence[Recipient]
    by_rule: Sequence[Recipient]  # the same as if HR had chosen nobody
    is_off: bool  # HR has switched off who gets it by the rule
    number: int  # the department's


def readers_of(session: Session, quarter: Quarter) -> list[DepartmentReaders]:
    """Return for each department that is asked about who gets its scorecard, or the mail that it is too small for one.

    The tree is that of the quarter's last day, as it is known today.
    """
    company = quarter.company(session)
    recipients = quarter.recipients(session, company)
    found = []
    for id_, version in company.versions.items():
        if version.is_surveyed:
            is_small = id_ in company.small
            told = recipients.of_small(id_) if is_small else None
            theirs = ([told] if told else []) if is_small else recipients.of(id_)
            found.append(
                DepartmentReaders(
                    code=company.codes[id_],
                    department=version.name,
                    is_small=is_small,
                    recipients=theirs,
                    by_rule=recipients.by_rule(id_),
                    is_off=recipients.is_off(id_),
                    number=id_,
                )
            )
    return sorted(found, key=lambda one: (one.department.casefold(), one.code))


def preview_mail(session: Session, quarter: Quarter, mail: PlannedMail, links: Links, *, now: datetime) -> Mail:
    """Return a mail as its reader will get it, without the PDF, which is drawn when it is posted."""
    out = _outgoing(session, quarter, mail, now)
    row = Message(name=out.name, recipient=out.recipient, language=out.language, params=dict(out.params))
    chart = partial(chart_for_preview, calendar=quarter.calendar)
    return compose(session, row, links, composers(quarter.calendar, chart))


def send_again(
    session: Session, quarter: Quarter, code: str, email: str, copy: int, *, revision: int = 1, now: datetime
) -> bool:
    """Write a scorecard's mail once more to somebody who had it, as their `copy`-th; False if that is written already.

    `revision` is the last one that they had; False, too, if they were mailed another since. It leaves at once, in the
    language of the first one where the reader's own was never drawn. Raises NoSuchMail for whoever never had it or
    gets it no longer, and PostingStopped.
    """
    record = lock_period(session, str(quarter.period))
    if record is not None and record.posting_stopped:
        raise PostingStopped(str(quarter.period))
    found = [mail for mail in planned_mails(session, quarter) if (mail.code, mail.recipient.email) == (code, email)]
    mail = next((one for one in found if one.scorecard_id is not None and one.is_posted), None)
    if mail is None:
        raise NoSuchMail(code)
    if (revision, copy) != (mail.revision, mail.copies + 1) or not mail.can_be_sent_again:
        return False
    out = _outgoing(session, quarter, mail, now)
    assert mail.scorecard_id is not None
    language = out.language
    if mail.message is not None and not is_drawn(session, mail.scorecard_id, language):
        language = mail.message.language
    again = Outgoing(
        key=f"{out.key}{_AGAIN}{copy}",
        name=out.name,
        recipient=out.recipient,
        language=language,
        due_at=now,
        params=out.params,
    )
    return enqueue(session, again, now=now)


def _outgoing(session: Session, quarter: Quarter, mail: PlannedMail, now: datetime) -> Outgoing:
    company = quarter.company(session)
    if mail.scorecard_id is not None:
        row = session.get_one(ScorecardRevision, mail.scorecard_id)
        return scorecard_message(session, row, mail.recipient, company, now)
    recipients = quarter.recipients(session, company)
    small = small_department_messages(session, company, quarter.period, quarter.policy, recipients, lambda _: now)
    return next(message for id_, message in small if id_ == mail.department_id)


def _written(session: Session, period: Period) -> dict[str, list[Message]]:
    """Return the quarter's messages by the key of the first one, in the order in which they were written."""
    of_quarter = Message.name.in_([SCORECARD, SMALL_DEPARTMENT]), Message.created_at >= _frozen_at(session, period)
    found: dict[str, list[Message]] = {}
    for message in session.scalars(select(Message).where(*of_quarter).order_by(Message.id)):
        found.setdefault(message.key.partition(_AGAIN)[0], []).append(message)
    return found


def _frozen_at(session: Session, period: Period) -> datetime:
    first = select(ScorecardRevision.frozen_at).where(ScorecardRevision.period == str(period))
    found = session.scalar(first.order_by(ScorecardRevision.frozen_at).limit(1))
    if found is None:
        raise NoSuchMail(str(period))
    return found


def _last_posted(session: Session, period: Period) -> dict[tuple[int, str], tuple[int, int]]:
    """Return by department and reader the last revision that the reader was mailed: its id and number."""
    row = ScorecardRevision
    query = (
        select(row.department_id, ScorecardPosting.recipient, row.id, row.revision)
        .join(ScorecardRevision, ScorecardRevision.id == ScorecardPosting.scorecard_id)
        .where(ScorecardRevision.period == str(period))
        .order_by(ScorecardRevision.revision)
    )
    return {(department, to): (id_, number) for department, to, id_, number in session.execute(query).tuples()}
