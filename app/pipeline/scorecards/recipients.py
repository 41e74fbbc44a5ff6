"""Who gets a department's scorecard, in which language, and at which of their own mornings."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from app.domain.states import Role
from app.domain.zones import zone_or
from app.mail.content.reasons import Why
from app.models.accounts import Staff, StaffDepartment
from app.models.departments import Department, DepartmentVersion
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
        self._off = set(session.scalars(select(Department.id).where(Department.mails_head.is_(False))))
        self._deputies = _deputies(session)
        heads = {version.head_email for version in company.versions.values() if version.head_email}
        deputies = {one.email for theirs in self._deputies.values() for one in theirs}
        self._listed = listed_people(session, heads | deputies | {one.email for one in self._hr})

    def of(self, department_id: int) -> list[Recipient]:
        """Return who gets it by the rule, unless HR has switched that off, and the deputies whom HR has chosen."""
        found = [] if department_id in self._off else self.by_rule(department_id)
        known = {one.email.lower() for one in found}
        deputies = [one for one in self._deputies.get(department_id, ()) if one.email not in known]
        return [
            *found,
            *(self._recipient(one.email, Why.DEPUTY, name=one.name, language=one.language) for one in deputies),
        ]

    def by_rule(self, department_id: int) -> list[Recipient]:
        """Return the head, else the nearest head above, else every member of HR."""
        for place, id_ in enumerate((department_id, *self._company.tree.ancestors(department_id))):
            version = self._company.versions[id_]
            if version.head_email:
                return [self._head_of(version, Why.HEAD if place == 0 else Why.HEAD_ABOVE)]
        return [self._recipient(one.email, Why.HR, name=one.name, language=one.language) for one in self._hr]

    def is_off(self, department_id: int) -> bool:
        """Tell whether HR posts nothing to whom the rule names."""
        return department_id in self._off

    def of_small(self, department_id: int) -> Recipient | None:
        """Return the head of a small department, who is told that its answers are part of the one above."""
        version = self._company.versions[department_id]
        has_parent = next(self._company.tree.ancestors(department_id), None) is not None
        is_mailed = version.head_email and has_parent and department_id not in self._off
        return self._head_of(version, Why.HEAD) if is_mailed else None

    def _head_of(self, version: DepartmentVersion, why: Why) -> Recipient:
        assert version.head_email is not None
        return self._recipient(version.head_email, why, otherwise=version.language)

    def _recipient(self, email: str, why: Why, **known: str | None) -> Recipient:
        reader = as_reader(email, self._listed, self._manners, **known)
        return Recipient(reader.email, reader.name, reader.language, reader.zone, why)


def _deputies(session: Session) -> dict[int, list[Staff]]:
    """Return by department who may see it, does not head it by the tree, and gets its mail by HR's choice."""
    query = (
        select(StaffDepartment.department_id, Staff)
        .join(Staff, Staff.id == StaffDepartment.staff_id)
        .where(StaffDepartment.gets_mail, Staff.role == Role.HEAD, Staff.is_active.is_(True))
        .order_by(Staff.email)
    )
    found: dict[int, list[Staff]] = {}
    for department_id, deputy in session.execute(query).tuples():
        found.setdefault(department_id, []).append(deputy)
    return found


def zones_of_recipients(session: Session, company: ZoneInfo) -> Iterator[ZoneInfo]:
    """Yield the zone of everybody who may ever be a recipient, and the company's; one may come twice."""
    yield company
    heads = select(func.lower(DepartmentVersion.head_email)).where(DepartmentVersion.head_email.is_not(None))
    deputies = select(Staff.email).join(StaffDepartment).where(StaffDepartment.gets_mail)
    addresses = union(heads, deputies, select(Staff.email).where(Staff.role == Role.HR))
    zones = (
        select(PersonVersion.time_zone)
        .join(Person, Person.id == PersonVersion.person_id)
        .where(Person.email.in_(addresses), PersonVersion.time_zone.is_not(None))
    )
    for name in session.scalars(zones.distinct()):
        yield zone_or(name, company)
