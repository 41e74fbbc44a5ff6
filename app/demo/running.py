"""The sample company's nine quarters: the real steps, day by day, with `now` as argument.

Same date, same documents: all chance comes from one seed, public ids and salts included. Mails of the past go to a
transport that only counts them; those of the last days are written into the demo mailbox.
"""

import hashlib
import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.demo import closing, company, voices, work
from app.demo.answering import PlannedAnswer, plan_answer
from app.demo.posting import PastPost
from app.demo.staff import hire_staff
from app.domain.asking import Asking
from app.domain.instruments import choose_rotating_item
from app.domain.machines import Submission
from app.domain.periods import Calendar, Period
from app.domain.states import ConnectionSide
from app.foundations.crypto import Keys
from app.imports.requests import RequestRow
from app.models.connections import Connection
from app.models.invitations import Invitation
from app.models.responses import QuarterSalt
from app.models.service_requests import ServiceRequest
from app.pipeline import external_scores, release, responses, rollups, scorecards
from app.pipeline.intake.records import record_rows
from app.pipeline.invitations import pass_once
from app.upkeep.connections.adding import add_connection
from app.upkeep.organisation.departments import record_departments
from app.upkeep.organisation.people import record_people

SEED = 20260101
QUARTERS = 9
TRACKER, CUSTOMERS = "service-desk", "customers"
MORNING, EVENING = time(9, 0), time(18, 30)


@dataclass
class Story:
    """What the run needs, and how far it is."""

    sessions: sessionmaker[Session]
    keys: Keys
    asking: Asking
    today: date
    post: PastPost
    quarters: int = QUARTERS
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(SEED))
    planned: list[tuple[datetime, int, bytes, PlannedAnswer]] = field(default_factory=list)
    order: Iterator[int] = field(default_factory=count)
    jobs: dict[str, work.Job] = field(default_factory=dict)
    answered: int = 0

    @property
    def calendar(self) -> Calendar:
        return self.asking.calendar

    @property
    def first_period(self) -> Period:
        return self.calendar.period_of_day(self.today).shifted(1 - self.quarters)

    def moment(self, day: date, at: time) -> datetime:
        """Return a company-local moment in UTC."""
        return datetime.combine(day, at, tzinfo=self.calendar.time_zone).astimezone(UTC)


def tell(story: Story, progress: Callable[[date], None]) -> None:
    """Run everything from the first quarter's first day to the day before `today`."""
    first = story.calendar.first_day(story.first_period)
    last = story.today - timedelta(days=1)
    reports = _prepare(story, first, last)
    day = first
    while day <= last:
        _one_day(story, day, reports.get(day, []))
        progress(day)
        day += timedelta(days=1)


def _prepare(story: Story, first: date, last: date) -> dict[date, list[RequestRow]]:
    """Hire the people, connect the tools, fix the salts, and write down all work to come."""
    now = story.moment(first, time(0))
    people = company.employees(story.rng)
    with story.sessions.begin() as session:
        record_departments(session, company.department_rows(people), calendar=story.calendar, now=now)
        record_people(session, company.person_rows(people), now=now)
        hire_staff(session, people, now=now)
        for slug, side in ((TRACKER, ConnectionSide.TRACKER), (CUSTOMERS, ConnectionSide.SCORES)):
            add_connection(
                session,
                story.keys,
                slug=slug,
                side=side,
                kind="csv",
                settings={},
                base_url="",
                now=now,
            )
        for shift in range(story.quarters + 1):
            period = str(story.first_period.shifted(shift))
            session.add(QuarterSalt(period=period, salt=story.keys.seal_salt(_salt(period))))
    found = work.jobs(people, first, last, story.calendar.time_zone, story.rng)
    story.jobs = {job.external_id: job for job in found}
    return work.reports_by_day(found, last)


def _salt(period: str) -> bytes:
    return hashlib.sha256(f"the sample company, {period}".encode()).digest()


def _one_day(story: Story, day: date, reports: list[RequestRow]) -> None:
    _close_quarters(story, story.moment(day, time(0, 5)))
    if day == story.calendar.first_day(story.calendar.period_of_day(day)):
        _hear_customers(story, story.calendar.period_of_day(day))
    if story.asking.policy.is_working_day(day):
        _morning(story, story.moment(day, MORNING))
    _take_answers(story, story.moment(day, EVENING))
    if reports:
        with story.sessions.begin() as session:
            tracker = session.scalars(select(Connection).where(Connection.slug == TRACKER)).one()
            ordered = sorted(reports, key=lambda row: row.updated_at or row.created_at)
            for rows in _one_report_each(ordered):
                record_rows(session, rows, tracker=tracker, calendar=story.calendar, now=story.moment(day, EVENING))


def _one_report_each(rows: list[RequestRow]) -> Iterator[list[RequestRow]]:
    """Yield lists in which each request stands once: one import takes one state report of a request."""
    waiting = rows
    while waiting:
        taken: dict[str, RequestRow] = {}
        later = []
        for row in waiting:
            if row.external_id in taken:
                later.append(row)
            else:
                taken[row.external_id] = row
        yield list(taken.values())
        waiting = later


def _morning(story: Story, now: datetime) -> None:
    """Confirm yesterday's mails, decide and invite, and post."""
    with story.sessions.begin() as session:
        pass_once(session, story.asking, story.keys, now=now, draw=story.rng.bytes)
        written = _written(session, now)
    story.post.deliver(story.sessions, story.asking, now + timedelta(minutes=1))
    for public_id, period, external_id in written:
        rotating = choose_rotating_item(_salt(period), public_id)
        quarters = (Period.parse(period).year - story.first_period.year) * 4
        quarters += Period.parse(period).quarter - story.first_period.quarter
        plan = plan_answer(story.jobs[external_id], now, quarters, rotating, story.rng)
        if plan is not None:
            heapq.heappush(story.planned, (plan.at, next(story.order), public_id, plan))


def _written(session: Session, now: datetime) -> list[tuple[bytes, str, str]]:
    query = (
        select(Invitation.public_id, Invitation.period, ServiceRequest.external_id)
        .join(ServiceRequest, ServiceRequest.id == Invitation.request_id)
        .where(Invitation.created_at == now)
        .order_by(ServiceRequest.external_id)
    )
    return [(bytes(public_id), period, external_id) for public_id, period, external_id in session.execute(query)]


def _take_answers(story: Story, until: datetime) -> None:
    with story.sessions.begin() as session:
        while story.planned and story.planned[0][0] <= until:
            at, _, public_id, plan = heapq.heappop(story.planned)
            token = story.keys.token(responses.SURVEY_TOKEN, public_id)
            try:
                invitation = responses.open(session.connection(), story.keys, story.calendar, token, now=at)
            except responses.InvitationClosed:
                continue  # reopened or expired meanwhile, as it happens
            age = timedelta(seconds=1 if plan.is_machine else 24)
            submission = Submission(page_age=age, script_ran=True, trusted_input=True)
            responses.submit(
                session.connection(), story.keys, story.calendar, invitation, plan.answers, submission, now=at
            )
            story.answered += 1


def _hear_customers(story: Story, period: Period) -> None:
    with story.sessions.begin() as session:
        source = session.scalars(select(Connection).where(Connection.slug == CUSTOMERS)).one()
        rows = voices.responses(story.calendar, period, story.rng)
        external_scores.record_responses(session, rows, source=source, calendar=story.calendar, keys=story.keys)
        external_scores.record_totals(session, voices.totals(period), source=source)


def _close_quarters(story: Story, now: datetime) -> None:
    """Freeze, post and release what is due, as the worker does every night; HR does its part by hand."""
    sending = now + timedelta(hours=8)  # before the first mails of the day leave
    with story.sessions.begin() as session:
        due = scorecards.due_periods(session, calendar=story.calendar, now=now)
        for period in due:
            closing.look_at(session, period, story.asking, now=now)
            rollups.refresh(session, calendar=story.calendar, keys=story.keys, period=period)
            scorecards.freeze(session, period, calendar=story.calendar, policy=story.asking.policy, now=now)
        closing.send(session, story.asking, until=story.post.newest_scorecards, now=sending)
        story.post.scorecards(session, story.asking, sending)
        responses.expire_links(session, now=now)
        for period in release.due_periods(session, calendar=story.calendar, now=now):
            release.release(
                session,
                period,
                calendar=story.calendar,
                keys=story.keys,
                minimum_group=story.asking.policy.minimum_group_size,
                now=now,
            )
