"""Post frozen scorecards: once per period, revision and recipient. Pictures and PDFs are drawn once per language.

Each mail leaves at 09:00 where its recipient is (rules of departments and periods).
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.domain.asking_policy import AskingPolicy, Posting
from app.domain.periods import Calendar, Period
from app.domain.states import FollowUpState
from app.mail.content.reasons import Why
from app.mail.outbox.writing import Outgoing, enqueue
from app.models.departments import Department
from app.models.follow_ups import FollowUp
from app.models.releases import PeriodRecord, lock_period, refuse_moved_periods, unwritten
from app.models.scorecards import ScorecardPosting, ScorecardRevision
from app.pipeline.scorecards.drawing import draw as draw_files
from app.pipeline.scorecards.drawing import drawn_of
from app.pipeline.scorecards.recipients import Recipient, Recipients, local_morning
from app.pipeline.scorecards.sending import due_quarters
from app.pipeline.scorecards.stopping import (
    SCORECARD,
    SMALL_DEPARTMENT,
    PostingStopped,
    scorecard_key,
    small_department_key,
    take_back_stopped,
)
from app.reports.department_scores.company import Company, read_company
from app.reports.readers import Manners

Draw = Callable[[Session, ScorecardRevision, str], None]  # stores the files of a revision in a language


def post_due(
    session: Session,
    *,
    calendar: Calendar,
    policy: AskingPolicy,
    languages: tuple[str, ...],
    now: datetime,
    draw: Draw | None = None,
    at_most: int | None = None,
) -> int:
    """Post the first revision of every quarter that is due: its posting day has come, or HR has approved it.

    The day comes with the first recipient's morning; each mail leaves at 09:00 of its own recipient. What is approved
    leaves at once, and what is stopped does not leave.
    Drawing takes seconds a scorecard: with `at_most` call again, each time in a transaction of its own, until it
    returns 0, so that answers do not wait for the writer's lock.
    """
    take_back_stopped(session)
    posted = 0
    for period, day in due_quarters(session, calendar=calendar, policy=policy, now=now):
        with suppress(PostingStopped):  # HR was quicker than we
            posted += post(
                session,
                period,
                calendar=calendar,
                policy=policy,
                languages=languages,
                now=now,
                on_day=day,
                draw=draw,
                at_most=at_most,
            )
    return posted


def undrawn(
    session: Session, *, calendar: Calendar, policy: AskingPolicy, languages: tuple[str, ...], now: datetime
) -> list[tuple[int, str]]:
    """Return the revisions (by id, with a language) that are due to be posted and whose files are not there yet."""
    manners = Manners(languages, calendar.time_zone)
    wanted: dict[tuple[int, str], None] = {}
    for period, _ in due_quarters(session, calendar=calendar, policy=policy, now=now):
        company = read_company(session, calendar, period, policy.minimum_group_size)
        recipients, drawn = Recipients(session, company, manners), drawn_of(session, period)
        for row in revisions_of(session, period):
            for recipient in recipients.of(row.department_id):
                if (row.id, recipient.language) not in drawn:
                    wanted[row.id, recipient.language] = None
    return list(wanted)


def posts_by_itself(session: Session, period: Period, policy: AskingPolicy) -> bool:
    """Tell whether the worker posts a quarter's first revision, or only `post` by command does."""
    record = session.get_one(PeriodRecord, str(period))
    is_let = policy.posting is Posting.AUTOMATIC or record.posting_approved_at is not None
    return is_let and not record.is_historical


def post(
    session: Session,
    period: Period,
    *,
    calendar: Calendar,
    policy: AskingPolicy,
    languages: tuple[str, ...],
    now: datetime,
    revision: int = 1,
    on_day: date | None = None,
    draw: Draw | None = None,
    at_most: int | None = None,
) -> int:
    """Draw and enqueue one revision for everybody who should have it; return how many mails were written.

    They leave at 09:00 of each recipient `on_day`, at once by default and where that is over.
    `draw` stands in for the drawing of picture and PDF; the files can be drawn later. With `at_most` the rest, and the
    note that the quarter is posted, are left to the next call. Raises PeriodsMoved and PostingStopped.
    """
    refuse_moved_periods(session, calendar)
    _take_turn(session, period)
    manners = Manners(languages, calendar.time_zone)
    leaving = partial(_leaving_at, on_day=on_day, now=now)
    make_files = draw or partial(draw_files, calendar=calendar)
    company = read_company(session, calendar, period, policy.minimum_group_size)
    recipients = Recipients(session, company, manners)
    posted, waiting = 0, waiting_cases(session)
    had = _had(session, period, revision)
    for known in revisions_of(session, period, revision):
        for recipient in recipients.of(known.department_id):
            if (known.department_id, recipient.email) in had:
                continue
            row = session.get_one(ScorecardRevision, known.id)
            make_files(session, row, recipient.language)
            session.add(ScorecardPosting(scorecard_id=row.id, recipient=recipient.email, posted_at=now))
            session.flush()
            message = scorecard_message(row.id, row.department_id, recipient, company, waiting, leaving(recipient))
            posted += enqueue(session, message, now=now)
            if at_most is not None and posted >= at_most:
                return posted
    for _, message in small_department_messages(session, company, period, policy, recipients, leaving):
        posted += enqueue(session, message, now=now)
    _note_written(session, period, revision, now)
    return posted


def _note_written(session: Session, period: Period, revision: int, now: datetime) -> None:
    record = update(PeriodRecord).where(PeriodRecord.period == str(period))
    if revision == 1:  # who has none gets the first one
        session.execute(record.where(unwritten()).values(posted_at=now, missing_asked_at=None))
    else:
        session.execute(record.where(PeriodRecord.posted_at.is_(None)).values(posted_at=now))


@dataclass(frozen=True)
class Revision:
    """A revision without its document."""

    id: int
    department_id: int
    revision: int
    name: str  # of the department


def revisions_of(session: Session, period: Period, revision: int = 1, *, code: str | None = None) -> list[Revision]:
    """Return a revision of every department's scorecard, or of one's, in order of the departments' numbers."""
    row = ScorecardRevision
    query = select(row.id, row.department_id, row.revision, row.name).where(
        row.period == str(period), row.revision == revision
    )
    if code is not None:
        query = query.join(Department, Department.id == row.department_id).where(Department.code == code)
    return [Revision(*found) for found in session.execute(query.order_by(row.department_id)).tuples()]


def _had(session: Session, period: Period, revision: int) -> set[tuple[int, str]]:
    """Return who was mailed this revision of which department, or a later one: an older one would take it back."""
    query = (
        select(ScorecardRevision.department_id, ScorecardPosting.recipient)
        .join(ScorecardPosting, ScorecardPosting.scorecard_id == ScorecardRevision.id)
        .where(ScorecardRevision.period == str(period), ScorecardRevision.revision >= revision)
    )
    return set(session.execute(query).tuples())


def _take_turn(session: Session, period: Period) -> None:
    """Let one machine post a quarter at a time; the other then finds everything posted, or everything stopped."""
    record = lock_period(session, str(period))
    if record is not None and record.posting_stopped:
        raise PostingStopped(str(period))


def _leaving_at(recipient: Recipient, *, on_day: date | None, now: datetime) -> datetime:
    return now if on_day is None else max(now, local_morning(on_day, recipient.zone))


def scorecard_message(
    scorecard_id: int,
    department_id: int,
    recipient: Recipient,
    company: Company,
    waiting: Mapping[int, int],
    due_at: datetime,
) -> Outgoing:
    """Return the mail of a revision to one of its recipients; `waiting` are the cases of each department."""
    return Outgoing(
        key=scorecard_key(scorecard_id, recipient.email),
        name=SCORECARD,
        recipient=recipient.email,
        language=recipient.language,
        due_at=due_at,
        params={
            "scorecard_id": scorecard_id,
            "why": recipient.why.value,
            "waiting": _waiting(company, department_id, recipient.why, waiting),
        },
    )


def waiting_cases(session: Session) -> dict[int, int]:
    """Return how many wait to be contacted, by department."""
    query = select(FollowUp.department_id, func.count()).where(FollowUp.state == FollowUpState.WAITING)
    return dict(session.execute(query.group_by(FollowUp.department_id)).tuples().all())


def _waiting(company: Company, department_id: int, why: Why, waiting: Mapping[int, int]) -> int:
    """Count who waits and whose names this reader's pages show; HR stands in for a head, but sees no names."""
    if why is Why.HR:
        return 0
    headed = {id_ for id_, version in company.versions.items() if version.head_email}
    return sum(waiting.get(id_, 0) for id_ in company.tree.answered_for(department_id, headed))


def small_department_messages(
    session: Session,
    company: Company,
    period: Period,
    policy: AskingPolicy,
    recipients: Recipients,
    leaving: Callable[[Recipient], datetime],
) -> Iterator[tuple[int, Outgoing]]:
    """Yield the mails to heads of departments that are too small for a scorecard of their own, with the department."""
    codes = dict(session.execute(select(Department.id, Department.code)).tuples().all())
    for id_ in sorted(company.small):
        recipient = recipients.of_small(id_)
        if recipient is None:
            continue
        version, parent = company.versions[id_], next(company.tree.ancestors(id_))
        message = Outgoing(
            key=small_department_key(period, codes[id_], recipient.email),
            name=SMALL_DEPARTMENT,
            recipient=recipient.email,
            language=recipient.language,
            due_at=leaving(recipient),
            params={
                "recipient_name": recipient.name,
                "department": version.name,
                "parent": company.versions[parent].name,
                "parent_code": codes[parent],
                "minimum_group_size": policy.minimum_group_size,
                "period": str(period),
            },
        )
        yield id_, message
