"""The mails of a quarter, one by one: what each says before it leaves, where it stands, and sending it once more.

A preview is composed as the mail will be, from the frozen revision; nothing of it is stored.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
from app.pipeline.scorecards.posting import (
    revisions_of,
    scorecard_message,
    small_department_messages,
    waiting_cases,
)
from app.pipeline.scorecards.recipients import Recipient, Recipients
from app.pipeline.scorecards.stopping import PostingStopped, small_department_key
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
    key: str  # of the first message
    message: Message | None = None
    copies: int = 0

    @property
    def can_be_sent_again(self) -> bool:
        """Tell whether the reader was written to and nothing is under way any more."""
        is_settled = self.message is None or self.message.state in _SETTLED
        return self.scorecard_id is not None and self.is_posted and is_settled


def planned_mails(session: Session, quarter: Quarter, *, code: str | None = None) -> list[PlannedMail]:
    """Return who gets which mail of a frozen quarter, by department and reader: the last that they had, else the first.

    With `code` only those of one department. Later revisions are mailed by command, which need not reach everybody.
    """
    company = quarter.company(session)
    recipients = quarter.recipients(session, company)
    last = _last_posted(session, quarter.period)
    codes = dict(session.execute(select(Department.id, Department.code)).tuples().all())
    planned = [
        PlannedMail(
            department_id=first.department_id,
            code=codes[first.department_id],
            department=first.name,
            recipient=recipient,
            scorecard_id=scorecard_id,
            revision=revision,
            is_posted=(first.department_id, recipient.email) in last,
            key=key_of(scorecard_id, recipient.email),
        )
        for first in revisions_of(session, quarter.period, code=code)
        for recipient in recipients.of(first.department_id)
        for scorecard_id, revision in [last.get((first.department_id, recipient.email), (first.id, first.revision))]
    ]
    planned += [mail for mail in _small(company, quarter, recipients, codes) if code in {None, mail.code}]
    found = _with_what_was_written(session, planned)
    return sorted(found, key=lambda mail: (mail.department.casefold(), mail.code, mail.recipient.email))


def _with_what_was_written(session: Session, planned: Sequence[PlannedMail]) -> list[PlannedMail]:
    written = _written(session, [mail.key for mail in planned])
    return [
        replace(
            mail,
            is_posted=mail.is_posted or mail.scorecard_id is None,
            message=written[mail.key],
            copies=int(written[mail.key].key.partition(_AGAIN)[2] or 0),
        )
        if mail.key in written
        else mail
        for mail in planned
    ]


def _small(
    company: Company, quarter: Quarter, recipients: Recipients, codes: Mapping[int, str]
) -> Iterator[PlannedMail]:
    for id_ in company.small:
        version = company.versions[id_]
        recipient = recipients.of_small(id_)
        if recipient is not None:
            yield PlannedMail(
                department_id=id_,
                code=codes[id_],
                department=version.name,
                recipient=recipient,
                scorecard_id=None,
                is_posted=False,
                key=small_department_key(quarter.period, codes[id_], recipient.email),
            )


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
    found = [mail for mail in planned_mails(session, quarter, code=code) if mail.recipient.email == email]
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
        waiting = waiting_cases(session)
        return scorecard_message(mail.scorecard_id, mail.department_id, mail.recipient, company, waiting, now)
    recipients = quarter.recipients(session, company)
    small = small_department_messages(session, company, quarter.period, quarter.policy, recipients, lambda _: now)
    return next(message for id_, message in small if id_ == mail.department_id)


def _written(session: Session, keys: Collection[str]) -> dict[str, Message]:
    """Return the message that was written last, by the key of the first one, which may be deleted by now.

    Copies are numbered without a gap, so we ask for the next ones as long as there are any.
    """
    found: dict[str, Message] = {}
    wanted, copy = {key: key for key in keys} | {f"{key}{_AGAIN}1": key for key in keys}, 1
    while wanted:
        some = session.scalars(select(Message).where(Message.key.in_(wanted)).order_by(Message.id)).all()
        found |= {wanted[message.key]: message for message in some}
        ending, copy = f"{_AGAIN}{copy}", copy + 1
        again = [wanted[message.key] for message in some if message.key.endswith(ending)]
        wanted = {f"{key}{_AGAIN}{copy}": key for key in again}
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
