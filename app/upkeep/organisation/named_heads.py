"""Heads that the table of departments names, and what its tree lets them see: nobody comes to see more unseen.

An address in the table signs in as head; a department that moves, ends or loses its head, by the table or by role, is
seen by who heads what it comes below. So what everybody sees is compared, not what the table says.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.domain.periods import Calendar, Period
from app.domain.sight import Stand, Told, gains
from app.models.accounts import Staff, StaffDepartment
from app.models.departments import Department, DepartmentVersion
from app.models.people import Person
from app.models.scorecards import ScorecardRevision
from app.upkeep.rights.given_roles import tell_of_gains

_WATCHED = "who sees more is watched"  # in the info of a session


class Named(NamedTuple):
    """A department, by its code, and the address that it names as head now or later."""

    code: str
    address: str


def named_heads(session: Session, now: datetime) -> set[Named]:
    """Return whom departments name as head, in their versions of today and of later days."""
    address = func.lower(DepartmentVersion.head_email)
    query = (
        select(Department.code, address)
        .join(Department, Department.id == DepartmentVersion.department_id)
        .where(address.is_not(None), or_(DepartmentVersion.valid_to.is_(None), DepartmentVersion.valid_to > now))
    )
    return {Named(code, email) for code, email in session.execute(query).tuples()}


@contextmanager
def telling_who_sees_more(
    session: Session, *, by: str, language: str, calendar: Calendar, now: datetime, role_of: str = ""
) -> Iterator[None]:
    """Mail, in the transaction of the block, whoever came to see more by it, and all administrators and HR.

    `by` is who did it, an address or words; that address itself is not mailed. `role_of` is whose role the block
    changes: what they gain has a mail of its own. What the block raises goes through. Of blocks within one another
    only the outermost tells, so that what is done in steps is one change and one mail.
    """
    if _WATCHED in session.info:
        yield
        return
    before = _told(session)
    session.info[_WATCHED] = True
    try:
        yield
    finally:
        del session.info[_WATCHED]
    session.flush()
    after = _told(session)
    if after == before:
        return
    gained = gains(before, after, _last_moments(session, calendar, now), now)
    gained.pop(role_of, None)
    if gained:
        tell_of_gains(session, gained, by=by, role_of=role_of, language=language, zone=calendar.time_zone, now=now)


def _told(session: Session) -> Told:
    return Told(_stands(session), _given(session))


def _stands(session: Session) -> list[Stand]:
    one = DepartmentVersion
    query = select(one.department_id, one.valid_from, one.valid_to, one.parent_id, func.lower(one.head_email))
    return [Stand(*row) for row in session.execute(query.order_by(one.valid_from, one.id)).tuples()]


def _given(session: Session) -> dict[int, set[str]]:
    """Return who was given a department with their role."""
    query = select(StaffDepartment.department_id, Staff.email).join(Staff, Staff.id == StaffDepartment.staff_id)
    found: defaultdict[int, set[str]] = defaultdict(set)
    for department, email in session.execute(query.where(Staff.is_active)).tuples():
        found[department].add(email)
    return found


def _last_moments(session: Session, calendar: Calendar, now: datetime) -> list[datetime]:
    """Return by which trees the scorecards of past quarters are shown: those frozen, and the one to be frozen next."""
    frozen = {Period.parse(period) for period in session.scalars(select(ScorecardRevision.period).distinct())}
    return [calendar.last_moment(period) for period in frozen | {calendar.period_of(now).previous}]


def is_known(session: Session, address: str) -> bool:
    """Tell whether somebody is known by this address."""
    return session.scalar(select(Person.id).where(func.lower(Person.email) == address.lower()).limit(1)) is not None


def is_domain_known(session: Session, address: str) -> bool:
    """Tell whether anybody that is known has an address of the same domain."""
    domain = address.rpartition("@")[2].lower()
    known = select(Person.id).where(func.lower(Person.email).endswith(f"@{domain}", autoescape=True))
    return session.scalar(known.limit(1)) is not None
