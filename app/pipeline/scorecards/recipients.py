"""Who gets a department's scorecard, in which language, and at which of their own mornings."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from app.domain.states import Role
from app.domain.zones import zone_or
from app.mail.content.scorecard import Why
from app.models.accounts import Staff
from app.models.departments import DepartmentVersion
from app.models.people import Person, PersonVersion
from app.reports.department_scores.company import Company
from app.reports.readers import Manners, Reader, reader_of

POSTING_TIME = time(9)  # of the recipient's local day


@dataclass(frozen=True)
class Recipient(Reader):
    """Who gets a scorecard and why."""

    why: Why


def local_morning(day: date, zone: ZoneInfo) -> datetime:
    """Return 09:00 of a day in a zone, in UTC."""
    return datetime.combine(day, POSTING_TIME, tzinfo=zone).astimezone(UTC)


def recipients(session: Session, company: Company, department_id: int, manners: Manners) -> list[Recipient]:
    """Return the head, else the nearest head above, else every member of HR."""
    for place, id_ in enumerate((department_id, *company.tree.ancestors(department_id))):
        version = company.versions[id_]
        if version.head_email:
            return [head_of(session, version, Why.HEAD if place == 0 else Why.HEAD_ABOVE, manners)]
    staff = session.scalars(select(Staff).where(Staff.role == Role.HR, Staff.is_active.is_(True)).order_by(Staff.email))
    readers = [reader_of(session, one.email, manners, name=one.name, language=one.language) for one in staff]
    return [_recipient(one, Why.HR) for one in readers]


def head_of(session: Session, version: DepartmentVersion, why: Why, manners: Manners) -> Recipient:
    """Return the head of a department that has one."""
    assert version.head_email is not None
    return _recipient(reader_of(session, version.head_email, manners, otherwise=version.language), why)


def zones_of_recipients(session: Session, company: ZoneInfo) -> Iterator[ZoneInfo]:
    """Yield the zone of everybody who may ever be a recipient, and the company's; one may come twice."""
    yield company
    heads = select(func.lower(DepartmentVersion.head_email)).where(DepartmentVersion.head_email.is_not(None))
    addresses = union(heads, select(Staff.email).where(Staff.role == Role.HR))
    zones = (
        select(PersonVersion.time_zone)
        .join(Person, Person.id == PersonVersion.person_id)
        .where(Person.email.in_(addresses), PersonVersion.time_zone.is_not(None))
    )
    for name in session.scalars(zones.distinct()):
        yield zone_or(name, company)


def _recipient(reader: Reader, why: Why) -> Recipient:
    return Recipient(reader.email, reader.name, reader.language, reader.zone, why)
