"""Accounts of staff as an administrator keeps them: one address, its roles, and the departments of a head.

Whoever loses a role is out of what it opened at once, and sessions that hung on it end. Somebody stays administrator.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app.domain.states import GivenBy, Role
from app.foundations.languages import gettext
from app.models.accounts import Staff, StaffDepartment
from app.models.departments import Department
from app.models.insertion import insert_missing
from app.upkeep.programs.keys import revoke_beyond
from app.upkeep.signing_in.sessions import end_sessions_of
from app.upkeep.staff.accounts import AccountError
from app.upkeep.staff.viewers import headed


class LastAdministrator(AccountError):
    """Without this role nobody could change settings any more."""


class UnknownDepartment(AccountError):
    """No department has this code."""


class HeadWithoutDepartment(AccountError):
    """The role head says nothing without a department."""


@dataclass(frozen=True)
class Account:
    """An address with everything that hangs on it."""

    number: int  # of its first row; the audit log calls it `staff:3`
    email: str
    name: str
    language: str
    roles: Mapping[Role, GivenBy]  # those that hold
    departments: tuple[str, ...]  # codes that were given; not those that the tree names

    @property
    def subject(self) -> str:
        """How the audit log means it."""
        return f"staff:{self.number}"

    def is_as(self, wanted: "Wanted") -> bool:
        """Tell whether nothing is left to change."""
        held = Wanted(self.name, self.language, frozenset(self.roles), self.departments)
        return held == replace(wanted, departments=tuple(sorted(wanted.departments)))


@dataclass(frozen=True)
class Wanted:
    """What an administrator wants an account to be."""

    name: str
    language: str
    roles: frozenset[Role]
    departments: tuple[str, ...]


@dataclass(frozen=True)
class Saved:
    """What a change did; names nobody, for the audit log."""

    subject: str
    given: tuple[Role, ...]
    taken: tuple[Role, ...]
    sees_more: bool = False  # a head has departments that they did not have

    def of_results(self) -> tuple[str, ...]:
        """Return what was given that sees results, as the mail about it calls it."""
        given = [str(role) for role in self.given if role in {Role.HEAD, Role.HR}]
        return (*given, *(["departments"] if self.sees_more and Role.HEAD not in self.given else ()))

    def details(self, departments: Collection[str] = ()) -> dict[str, list[str]]:
        """Return it as an entry of the log holds it."""
        told: dict[str, Collection[str]] = {"given": self.given, "taken": self.taken, "departments": departments}
        return {name: [str(one) for one in values] for name, values in told.items() if values}


def find_account(session: Session, number: int, *, to_change: bool = False) -> Account | None:
    """Return the account of this number; its rows are locked where it is to be changed."""
    email = session.scalar(select(Staff.email).where(Staff.id == number))
    found = _accounts(session, [email], to_change=to_change) if email else []
    return found[0] if found and found[0].number == number else None


def account_of(session: Session, email: str) -> Account | None:
    """Return the account of this address, or None."""
    found = _accounts(session, [email])
    return found[0] if found else None


def list_accounts(session: Session, *, words: str, after: str | None, count: int) -> list[Account]:
    """Return accounts by their address, from one on; `words` stand in the address or the name."""
    query = select(Staff.email).distinct()
    if words:
        # SQLite folds the case of ASCII alone, so other forms of a name are tried.
        forms = sorted({words, words.lower(), words.upper(), words.title()})
        named = (Staff.name.icontains(form, autoescape=True) for form in forms)
        query = query.where(or_(Staff.email.icontains(words, autoescape=True), *named))
    if after is not None:
        query = query.where(Staff.email > after)
    return _accounts(session, session.scalars(query.order_by(Staff.email).limit(count)).all())


def save_account(session: Session, email: str, wanted: Wanted, *, by: GivenBy, now: datetime) -> Saved:
    """Make the account what is wanted. Raises LastAdministrator, UnknownDepartment and HeadWithoutDepartment."""
    departments = _department_ids(session, wanted.departments)
    if Role.HEAD in wanted.roles and not departments and not headed(session, email, now):
        raise HeadWithoutDepartment(gettext("A head needs a department: write its code."))
    rows = lock_account(session, email, wanted.roles, now=now)
    held = {role for role, row in rows.items() if row.is_active}
    if Role.ADMIN in held - wanted.roles and not others_administer(session, email):
        raise LastAdministrator(gettext("Somebody must stay administrator. Give the role to somebody else first."))
    for role in wanted.roles - held:
        give(rows[role], by=by)
    for role in sorted(held - wanted.roles):
        take_away(session, rows[role], now=now)
    for row in rows.values():
        row.name, row.language = wanted.name or None, wanted.language or None
    is_head = Role.HEAD in wanted.roles
    sees_more = is_head and _give_departments(session, rows[Role.HEAD].id, departments)
    session.flush()
    return Saved(
        subject=f"staff:{min(row.id for row in rows.values())}",
        given=tuple(sorted(wanted.roles - held)),
        taken=tuple(sorted(held - wanted.roles)),
        sees_more=sees_more,
    )


def lock_account(session: Session, email: str, roles: Collection[Role], *, now: datetime) -> dict[Role, Staff]:
    """Return the rows of an address, locked, with one for each of these roles; a new one holds nothing yet.

    So of two who give the same at once the second finds it given. Rows that stay without their role are the caller's.
    """
    new = {"email": email, "is_active": False, "created_at": now}
    insert_missing(session, Staff, [new | {"role": role} for role in sorted(roles)])
    return {row.role: row for row in _rows(session, [email], to_change=True)}


def give(row: Staff, *, by: GivenBy) -> None:
    """Give the role of a locked row."""
    row.is_active, row.given_by = True, by


def take_away(session: Session, row: Staff, *, now: datetime) -> None:
    """Take a role away; what hung on it ends with it, and does not come back with it."""
    row.is_active = False
    session.execute(delete(StaffDepartment).where(StaffDepartment.staff_id == row.id))
    end_sessions_of(session, row.id, now=now)
    session.flush()
    revoke_beyond(session, row.email, now=now)


def others_administer(session: Session, leaving: str) -> bool:
    """Tell whether somebody else is administrator; they stay it until this transaction ends."""
    others = select(Staff.id).where(Staff.role == Role.ADMIN, Staff.is_active, Staff.email != leaving)
    return session.scalars(others.order_by(Staff.id).with_for_update()).first() is not None


def _department_ids(session: Session, codes: Collection[str]) -> list[int]:
    query = select(Department.code, Department.id).where(Department.code.in_(codes))
    known = dict(session.execute(query).tuples().all())
    if unknown := [code for code in codes if code not in known]:
        raise UnknownDepartment(gettext("No department has the code “%(code)s”.", code=unknown[0]))
    return [known[code] for code in codes]


def _give_departments(session: Session, staff_id: int, departments: Collection[int]) -> bool:
    """Make these the departments of a head; return whether some are new."""
    held = select(StaffDepartment.department_id).where(StaffDepartment.staff_id == staff_id)
    before = set(session.scalars(held))
    gone = StaffDepartment.department_id.in_(before - set(departments))
    session.execute(delete(StaffDepartment).where(StaffDepartment.staff_id == staff_id, gone))
    new = set(departments) - before
    session.add_all(StaffDepartment(staff_id=staff_id, department_id=one) for one in new)
    return bool(new)


def _accounts(session: Session, emails: Collection[str], *, to_change: bool = False) -> list[Account]:
    rows = _rows(session, emails, to_change=to_change)
    codes: dict[int, list[str]] = {}
    given = (
        select(StaffDepartment.staff_id, Department.code)
        .join(Department, Department.id == StaffDepartment.department_id)
        .where(StaffDepartment.staff_id.in_([row.id for row in rows]))
        .order_by(Department.code)
    )
    for staff_id, code in session.execute(given).tuples():
        codes.setdefault(staff_id, []).append(code)
    by_address: dict[str, list[Staff]] = {}
    for row in rows:
        by_address.setdefault(row.email, []).append(row)
    return [
        Account(
            number=theirs[0].id,
            email=email,
            name=next((row.name for row in theirs if row.name), ""),
            language=next((row.language for row in theirs if row.language), ""),
            roles={row.role: row.given_by for row in theirs if row.is_active},
            departments=tuple(code for row in theirs for code in codes.get(row.id, ())),
        )
        for email, theirs in by_address.items()
    ]


def _rows(session: Session, emails: Collection[str], *, to_change: bool) -> list[Staff]:
    query = select(Staff).where(Staff.email.in_(emails)).order_by(Staff.email, Staff.id)
    if to_change:  # what another transaction changed until the lock was ours counts
        query = query.with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(query))
