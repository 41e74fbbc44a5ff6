"""A quarter of a company with everything that may happen to a request, the same for the same seed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.periods import Calendar
from app.domain.states import Resolution
from app.models.departments import Department
from app.models.people import OptOut, Person
from app.models.service_requests import RequestCycle
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.service_requests import completed_request

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", None)


def asked_quarter(session: Session, *, requests: int, people: int = 40, seed: int = 20260101) -> list[datetime]:
    """Add the quarter 2026-Q1 and enough of the one before it for a sample; return the moments of completion."""
    draw = np.random.default_rng(seed)
    departments = _departments(session)
    staff = [_person(session, number, departments, draw) for number in range(people)]
    for number in range(120):
        who, day = staff[number % people], FIRST - timedelta(days=10 + number % 60)
        completed_request(session, departments[1], who, day, learned_at=FIRST, decision="history", decided_at=FIRST)
    moments = sorted(FIRST + timedelta(minutes=int(minute)) for minute in draw.integers(0, 88 * 24 * 60, requests))
    for moment in moments:
        _request(session, moment, departments, staff[int(draw.integers(people))], draw)
    _file(session)
    return moments


def _file(session: Session) -> None:
    """File all completions by the company's own days, as intake does: the builders file by UTC."""
    calendar = Calendar(ZoneInfo("Europe/Berlin"))
    for cycle in session.scalars(select(RequestCycle)):
        cycle.period, cycle.month = str(calendar.period_of(cycle.completed_at)), calendar.month_of(cycle.completed_at)
    session.flush()


def _departments(session: Session) -> list[Department]:
    company = department(session, "COMPANY")
    desk = department(session, "IT", parent=company)
    inner = department(session, "IT-INNER", parent=desk)
    legal = department(session, "LEGAL", parent=company)
    canteen = department(session, "CANTEEN", parent=company, is_surveyed=False)
    return [company, desk, inner, legal, canteen]


def _person(session: Session, number: int, departments: list[Department], draw: np.random.Generator) -> Person:
    works_in = departments[int(draw.integers(1, 5))]
    who = person(session, f"p{number}@example.com", works_in=works_in, time_zone=ZONES[number % len(ZONES)])
    if number % 10 == 3:
        session.add(OptOut(person_id=who.id, created_at=FIRST + timedelta(days=20)))
    if number % 10 == 7:
        since = FIRST + timedelta(days=30)
        session.add(OptOut(person_id=who.id, created_at=since, until=since + timedelta(days=15)))
    return who


def _request(
    session: Session, moment: datetime, departments: list[Department], who: Person, draw: np.random.Generator
) -> None:
    provider = departments[int(draw.choice([1, 1, 1, 2, 3, 4]))]
    kind = draw.random()
    fields: dict[str, object] = {"requester_department_id": departments[int(draw.integers(1, 5))].id}
    if kind < 0.05:
        fields["resolution"] = Resolution.AUTOMATIC
    elif kind < 0.1:
        fields["resolution"] = Resolution.NOT_DELIVERED
    elif kind < 0.13:
        fields["provider_department_id"] = None
    elif kind < 0.16:
        fields["requester_id"] = None
    elif kind < 0.26:
        fields["undone_at"] = moment + timedelta(hours=2)
    first = completed_request(session, provider, who, moment, **fields)
    if kind >= 0.2 and "undone_at" in fields:  # done again a day later
        _done_again(session, first, moment + timedelta(days=1))


def _done_again(session: Session, first: RequestCycle, moment: datetime) -> None:
    same = {
        name: getattr(first, name)
        for name in (
            "request_id",
            "provider_department_id",
            "requester_id",
            "requester_department_id",
            "period",
            "month",
        )
    }
    session.add(RequestCycle(number=2, completed_at=moment, learned_at=moment, **same))
    session.flush()
