"""Post frozen scorecards: once per period, revision and recipient. Pictures and PDFs are drawn once per language.

Recipients: the department's head, else the nearest head above, else HR (rules of departments and periods).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.domain.asking_policy import AskingPolicy, Posting
from app.domain.periods import Calendar, Period
from app.domain.states import FollowUpState, PeriodState, Role
from app.mail.content.scorecard import Why
from app.mail.outbox.writing import Outgoing, enqueue
from app.models.accounts import Staff
from app.models.departments import Department, DepartmentVersion
from app.models.follow_ups import FollowUp
from app.models.people import Person, PersonVersion
from app.models.releases import PeriodRecord, refuse_moved_periods
from app.models.scorecards import ScorecardPosting, ScorecardRevision
from app.pipeline.scorecards.drawing import draw as draw_files
from app.reports.department_scores.company import Company, read_company

Draw = Callable[[Session, ScorecardRevision, str], None]  # stores the files of a revision in a language
POSTING_HOUR = 9  # of the recipient's local day, on freeze day + 3


@dataclass(frozen=True)
class Recipient:
    """Who gets a scorecard and why."""

    email: str
    name: str
    language: str
    why: Why


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
    """Post the first revision of every quarter whose posting moment has come, unless HR reviews or stopped it.

    Drawing takes seconds a scorecard: with `at_most` call again, each time in a transaction of its own, until it
    returns 0, so that answers do not wait for the writer's lock.
    """
    if policy.posting is not Posting.AUTOMATIC:
        return 0
    open_records = session.scalars(
        select(PeriodRecord).where(
            PeriodRecord.state != PeriodState.OPEN,
            PeriodRecord.is_historical.is_(False),
            PeriodRecord.posting_stopped.is_(False),
            PeriodRecord.posted_at.is_(None),
        )
    ).all()
    posted = 0
    for record in open_records:
        period = Period.parse(record.period)
        if now >= posting_moment(calendar, policy, period):
            posted += post(
                session,
                period,
                calendar=calendar,
                policy=policy,
                languages=languages,
                now=now,
                draw=draw,
                at_most=at_most,
            )
    return posted


def posting_moment(calendar: Calendar, policy: AskingPolicy, period: Period) -> datetime:
    """Return 09:00 company-local on the posting day (freeze day + 3 by default), in UTC."""
    day = (calendar.freezes_at(period) + policy.posting_after).astimezone(calendar.time_zone).date()
    return calendar.midnight(day) + timedelta(hours=POSTING_HOUR)


def post(
    session: Session,
    period: Period,
    *,
    calendar: Calendar,
    policy: AskingPolicy,
    languages: tuple[str, ...],
    now: datetime,
    revision: int = 1,
    draw: Draw | None = None,
    at_most: int | None = None,
) -> int:
    """Draw and enqueue one revision for everybody who should have it; return how many mails were written.

    `draw` stands in for the drawing of picture and PDF; the files can be drawn later. With `at_most` the rest, and the
    note that the quarter is posted, are left to the next call. Raises PeriodsMoved.
    """
    refuse_moved_periods(session, calendar)
    # One machine posts a quarter at a time; the other then finds everything posted.
    session.get(PeriodRecord, str(period), with_for_update=True, populate_existing=True)
    make_files = draw or partial(draw_files, time_zone=calendar.time_zone)
    company = read_company(session, calendar, period, policy.minimum_group_size)
    posted = 0
    rows = session.scalars(
        select(ScorecardRevision)
        .where(ScorecardRevision.period == str(period), ScorecardRevision.revision == revision)
        .order_by(ScorecardRevision.department_id)
    ).all()
    for row in rows:
        for recipient in recipients(session, company, row.department_id, languages):
            posted += _post_one(session, row, recipient, company, now, make_files)
            if at_most is not None and posted >= at_most:
                return posted
    posted += _tell_small_departments(session, company, period, policy, languages, now)
    session.execute(
        update(PeriodRecord)
        .where(PeriodRecord.period == str(period), PeriodRecord.posted_at.is_(None))
        .values(posted_at=now)
    )
    return posted


def _post_one(
    session: Session, row: ScorecardRevision, recipient: Recipient, company: Company, now: datetime, draw: Draw
) -> int:
    if session.get(ScorecardPosting, (row.id, recipient.email)) is not None:
        return 0
    draw(session, row, recipient.language)
    message = Outgoing(
        key=f"scorecard:{row.id}:{recipient.email}",
        name="scorecard",
        recipient=recipient.email,
        language=recipient.language,
        due_at=now,
        params={
            "scorecard_id": row.id,
            "why": recipient.why.value,
            "waiting": _waiting(session, company, row, recipient.why),
        },
    )
    session.add(ScorecardPosting(scorecard_id=row.id, recipient=recipient.email, posted_at=now))
    session.flush()
    return int(enqueue(session, message, now=now))


def _waiting(session: Session, company: Company, row: ScorecardRevision, why: Why) -> int:
    """Count who waits and whose names this reader's pages show; HR stands in for a head, but sees no names."""
    if why is Why.HR:
        return 0
    headed = {id_ for id_, version in company.versions.items() if version.head_email}
    theirs = company.tree.answered_for(row.department_id, headed)
    waiting = (FollowUp.department_id.in_(theirs), FollowUp.state == FollowUpState.WAITING)
    return session.scalar(select(func.count()).select_from(FollowUp).where(*waiting)) or 0


def recipients(session: Session, company: Company, department_id: int, languages: tuple[str, ...]) -> list[Recipient]:
    """Return the head, else the nearest head above, else every member of HR."""
    for place, id_ in enumerate((department_id, *company.tree.ancestors(department_id))):
        version = company.versions[id_]
        if version.head_email:
            why = Why.HEAD if place == 0 else Why.HEAD_ABOVE
            return [_recipient(session, version.head_email, version, why, languages)]
    staff = session.scalars(select(Staff).where(Staff.role == Role.HR, Staff.is_active.is_(True)).order_by(Staff.email))
    return [Recipient(row.email, row.name or "", _known(row.language, languages), Why.HR) for row in staff]


def _recipient(
    session: Session, email: str, version: DepartmentVersion, why: Why, languages: tuple[str, ...]
) -> Recipient:
    known = session.execute(
        select(PersonVersion.name, PersonVersion.language)
        .join(Person, Person.id == PersonVersion.person_id)
        .where(Person.email == email.lower())
        .order_by(PersonVersion.valid_from.desc())
        .limit(1)
    ).first()
    name, language = known if known is not None else (None, None)
    return Recipient(email, name or "", _known(language or version.language, languages), why)


def _known(language: str | None, languages: tuple[str, ...]) -> str:
    return language if language in languages else languages[0]


def _tell_small_departments(
    session: Session,
    company: Company,
    period: Period,
    policy: AskingPolicy,
    languages: tuple[str, ...],
    now: datetime,
) -> int:
    return sum(
        enqueue(session, message, now=now)
        for message in _small_department_messages(session, company, period, policy, languages, now)
    )


def _small_department_messages(
    session: Session,
    company: Company,
    period: Period,
    policy: AskingPolicy,
    languages: tuple[str, ...],
    now: datetime,
) -> Iterator[Outgoing]:
    codes = dict(session.execute(select(Department.id, Department.code)).tuples().all())
    for id_ in sorted(company.small):
        version, parent = company.versions[id_], next(company.tree.ancestors(id_), None)
        if not version.head_email or parent is None:
            continue
        recipient = _recipient(session, version.head_email, version, Why.HEAD, languages)
        yield Outgoing(
            key=f"small_department:{period}:{codes[id_]}:{recipient.email}",
            name="small_department",
            recipient=recipient.email,
            language=recipient.language,
            due_at=now,
            params={
                "recipient_name": recipient.name,
                "department": version.name,
                "parent": company.versions[parent].name,
                "parent_code": codes[parent],
                "minimum_group_size": policy.minimum_group_size,
                "period": str(period),
            },
        )
