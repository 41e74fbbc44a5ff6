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
from app.reports.readers import Manners, Reader, as_reader, listed_people

POSTING_TIME = time(9)  # of the recipient's local day


@dataclass(frozen=True)
class Recipient(Reader):
    """Who gets a scorecard and why."""

    why: Why


def local_morning(day: date, zone: ZoneInfo) -> datetime:
    """Return 09:00 of a day in a zone, in UTC."""
    return datetime.combine(day, POSTING_TIME, tzinfo=zone).astimezone(UTC)


class Recipients:
    """Who gets what of one quarter; reads the people once, however many departments there are."""

    def __init__(self, session: Session, company: Company, manners: Manners) -> None:
        self._company, self._manners = company, manners
        is_active = Staff.role == Role.HR, Staff.is_active.is_(True)
        self._hr = session.scalars(select(Staff).where(*is_active).order_by(Staff.email)).all()
        heads = {version.head_email for version in company.versions.values() if version.head_email}
        self._listed = listed_people(session, heads | {one.email for one in self._hr})

    def of(self, department_id: int) -> list[Recipient]:
        """Return the head, else the nearest head above, else every member of HR."""
        for place, id_ in enumerate((department_id, *self._company.tree.ancestors(department_id))):
            version = self._company.versions[id_]
            if version.head_email:
                return [self.head_of(version, Why.HEAD if place == 0 else Why.HEAD_ABOVE)]
        return [self._recipient(one.email, Why.HR, name=one.name, language=one.language) for one in self._hr]

    def head_of(self, version: DepartmentVersion, why: Why) -> Recipient:
        """Return the head of a department that has one."""
        assert version.head_email is not None
        return self._recipient(version.head_email, why, otherwise=version.language)

    def _recipient(self, email: str, why: Why, **known: str | None) -> Recipient:
        reader = as_reader(email, self._listed, self._manners, **known)
        return Recipient(reader.email, reader.name, reader.language, reader.zone, why)


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
