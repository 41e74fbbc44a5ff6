"""Who signs in at Halden: every head, and one person each of HR, administration and audit."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.company import OFFICES, SHOWN, Employee, heads
from app.domain.states import Role
from app.mail.links import Links
from app.models.accounts import Staff, StaffDepartment
from app.models.departments import Department
from app.upkeep.signing_in.links import make_sign_in_link
from app.upkeep.staff.accounts import add_staff


@dataclass(frozen=True)
class Entrance:
    """A way into the demo: somebody of a role, and a link that signs them in once."""

    role: Role
    name: str
    email: str
    address: str


def hire_staff(session: Session, people: list[Employee], *, now: datetime) -> None:
    """Give the company's staff their roles; departments must be there."""
    names = {person.email: person.name for person in people}
    for code, email in heads(people).items():
        add_staff(session, email, Role.HEAD, department_code=code, name=names[email], now=now)
    for role, email, name in OFFICES:
        add_staff(session, email, role, name=name, now=now)


def entrances(session: Session, links: Links, *, now: datetime) -> list[Entrance]:
    """Return one sign-in link per role, heads first; none where the sample company is not loaded."""
    head = session.scalar(
        select(Staff.email)
        .join(StaffDepartment, StaffDepartment.staff_id == Staff.id)
        .join(Department, Department.id == StaffDepartment.department_id)
        .where(Department.code == SHOWN, Staff.role == Role.HEAD)
        .order_by(Staff.id)
    )
    emails = [email for email in (head, *(email for _, email, _ in OFFICES)) if email is not None]
    staff = session.scalars(select(Staff).where(Staff.email.in_(emails), Staff.is_active)).all()
    return [
        Entrance(row.role, row.name or "", row.email, make_sign_in_link(session, links, row.email, now=now))
        for row in sorted(staff, key=lambda row: emails.index(row.email))
    ]
