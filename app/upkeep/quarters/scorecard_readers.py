"""HR's choice of who gets a department's scorecard by mail: whoever heads it, and deputies whom administrators let in.

Nobody is let in by this: a mail holds results, so only who may open the scorecard's page can be chosen.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.states import Role
from app.models.accounts import Staff, StaffDepartment
from app.models.departments import Department


@dataclass(frozen=True)
class Deputy:
    """Somebody to whom an administrator gave the department, as the audit log and as people call them."""

    subject: str  # `staff:3`
    email: str
    name: str
    gets_mail: bool


@dataclass(frozen=True)
class Choice:
    """Who gets a department's scorecard: whom the rule names, or not, and which deputies."""

    mails_head: bool
    deputies: Sequence[Deputy]

    @property
    def chosen(self) -> list[str]:
        """Return the addresses of the deputies who get it."""
        return [one.email for one in self.deputies if one.gets_mail]


def choice_of(session: Session, department_id: int, *, to_change: bool = False) -> Choice:
    """Return what is chosen for a department; its row is locked where that is to be changed."""
    locked = {"key_share": True} if to_change else None
    department = session.get_one(Department, department_id, with_for_update=locked, populate_existing=to_change)
    deputies = [
        Deputy(f"staff:{staff.id}", staff.email, staff.name or "", given.gets_mail)
        for staff, given in session.execute(_given(department_id)).tuples()
    ]
    return Choice(department.mails_head, deputies)


def choose(session: Session, department_id: int, *, mails_head: bool, deputies: Collection[str]) -> None:
    """Store the choice, for mails that are not written yet; `deputies` are addresses of `choice_of`."""
    session.get_one(Department, department_id).mails_head = mails_head
    for staff, given in session.execute(_given(department_id)).tuples():
        given.gets_mail = staff.email in deputies
    session.flush()


def _given(department_id: int) -> Select[tuple[Staff, StaffDepartment]]:
    return (
        select(Staff, StaffDepartment)
        .join(StaffDepartment, StaffDepartment.staff_id == Staff.id)
        .where(StaffDepartment.department_id == department_id, Staff.role == Role.HEAD, Staff.is_active.is_(True))
        .order_by(Staff.email)
    )
