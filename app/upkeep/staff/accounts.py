"""Staff: roles are given by command or by an administrator. How they sign in is app/upkeep/signing_in/links.py."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.states import GivenBy, Role
from app.foundations.languages import gettext
from app.models.accounts import Staff, StaffDepartment
from app.models.departments import Department
from app.models.insertion import insert_missing
from app.upkeep.audit import log as audit
from app.upkeep.staff.viewers import headed


class AccountError(ValueError):
    """The account cannot be made or used as asked; the message says why and what to do."""


def add_staff(
    session: Session,
    email: str,
    role: Role,
    *,
    department_code: str | None = None,
    name: str | None = None,
    now: datetime,
) -> Staff:
    """Give somebody a role; a head gets one more department. Idempotent. Raises AccountError."""
    address = email.strip().lower()
    if address.count("@") != 1 or address.startswith("@") or address.endswith("@"):
        raise AccountError(gettext("“%(email)s” is not an e-mail address", email=email))
    department = _department(session, role, department_code)
    row = {"email": address, "role": role, "name": name, "is_active": True, "created_at": now}
    insert_missing(session, Staff, row | {"given_by": GivenBy.COMMAND})
    staff = session.scalars(select(Staff).where(Staff.email == address, Staff.role == role)).one()
    staff.is_active = True
    if department is not None:
        insert_missing(session, StaffDepartment, {"staff_id": staff.id, "department_id": department.id})
    return staff


def welcome_heads(session: Session, address: str, now: datetime) -> None:
    """Give the role to whom the departments name as head today: scorecards are mailed to them, with a link to here."""
    if headed(session, address, now):
        row = {"email": address, "role": Role.HEAD, "name": None, "is_active": True, "created_at": now}
        insert_missing(session, Staff, row | {"given_by": GivenBy.TREE})


def comment_reader(session: Session, email: str) -> str:
    """Return how the audit log means a member of HR, who may read comments. Raises AccountError for anybody else."""
    address = email.strip().lower()
    query = select(Staff.role).where(Staff.email == address, Staff.is_active.is_(True))
    roles = session.scalars(query.order_by(Staff.role)).all()
    if not roles:
        raise AccountError(gettext("nobody on the staff has the address “%(email)s”", email=email))
    if Role.HR not in roles:
        held = ", ".join(role_in_words(role) for role in roles)
        raise AccountError(
            gettext("comments are for human resources; “%(email)s” has the role: %(role)s", email=email, role=held)
        )
    return audit.by_staff(session, address)


def role_in_words(role: Role) -> str:
    """Return what a role is called in the language of the moment."""
    return {
        Role.HEAD: gettext("head of a department"),
        Role.HR: gettext("human resources"),
        Role.ADMIN: gettext("administrator"),
        Role.AUDITOR: gettext("auditor"),
    }[role]


def _department(session: Session, role: Role, code: str | None) -> Department | None:
    if code is None:
        if role is Role.HEAD:
            raise AccountError(gettext("a head needs a department: add --department CODE"))
        return None
    if role is not Role.HEAD:
        raise AccountError(gettext("only the role head is bound to a department; leave --department out"))
    department = session.scalar(select(Department).where(Department.code == code))
    if department is None:
        raise AccountError(gettext("no department has the code “%(code)s”", code=code))
    return department
