"""What the identity provider's groups mean here: roles that come and go with them, at each sign-in.

Only rows that the provider gave are taken again; what a command, a page or the tree gave stays, and so does the last
administrator. Heads come from the departments, never from a group. An address belongs to the account that came in with
it first, until an administrator has that one forgotten.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.domain.states import GivenBy, Role
from app.models.accounts import Staff
from app.models.insertion import insert_missing
from app.models.ways_in import CompanyAccount
from app.upkeep.rights.roles import give, lock_account, others_administer, take_away
from app.upkeep.staff.accounts import welcome_heads


class AnotherCompanyAccount(Exception):
    """The address came in with another account of the same provider before."""


@dataclass(frozen=True)
class Arrival:
    """Whom the provider sends."""

    issuer: str
    subject: str  # what the issuer calls the account
    email: str
    name: str
    roles: frozenset[Role]  # those of its groups


@dataclass(frozen=True)
class Entered:
    """Who came in, and which roles came or went with it."""

    staff: Staff | None  # None: the provider knows somebody who has nothing to do here
    given: tuple[Role, ...]
    taken: tuple[Role, ...]
    is_last_administrator: bool = False  # the group is gone, the role stays: nobody else has it


def roles_of(groups: Collection[str], mapping: Collection[tuple[str, Role]]) -> frozenset[Role]:
    """Return the roles that these groups give."""
    return frozenset(role for group, role in mapping if group in groups)


def let_in(session: Session, who: Arrival, *, now: datetime) -> Entered:
    """Set the roles that the provider gives, and return the account with what changed.

    Raises AnotherCompanyAccount; the caller rolls back.
    """
    company_account = _recognised(session, who, now)
    welcome_heads(session, who.email, now)
    rows = lock_account(session, who.email, who.roles, now=now)
    held = {role for role, row in rows.items() if row.is_active}
    gone = {role for role in held - who.roles if rows[role].given_by is GivenBy.OIDC}
    is_last = Role.ADMIN in gone and not others_administer(session, who.email)
    gone -= {Role.ADMIN} if is_last else set()
    for role in who.roles - held:
        give(rows[role], by=GivenBy.OIDC)
    for role in gone:
        take_away(session, rows[role], now=now)
    active = [row for row in rows.values() if row.is_active]
    for row in active:
        row.name = row.name or who.name or None
    first = min(active, key=lambda row: row.id, default=None)
    if first is None:  # of strangers nothing is kept
        session.delete(company_account)
    session.flush()
    return Entered(first, tuple(sorted(who.roles - held)), tuple(sorted(gone)), is_last_administrator=is_last)


def company_account_of(session: Session, email: str) -> CompanyAccount | None:
    """Return the account with which an address came in, or None."""
    return session.get(CompanyAccount, email)


def forget_company_account(session: Session, email: str) -> bool:
    """Let the next account that comes in with this address have it; return whether one had it."""
    gone = delete(CompanyAccount).where(CompanyAccount.email == email)
    return session.scalar(gone.returning(CompanyAccount.email)) is not None


def _recognised(session: Session, who: Arrival, now: datetime) -> CompanyAccount:
    """Return the account that has the address, locked: this one, if no other of its issuer has."""
    new = {"email": who.email, "issuer": who.issuer, "subject": who.subject, "known_since": now}
    insert_missing(session, CompanyAccount, new)
    known = session.get_one(CompanyAccount, who.email, with_for_update=True, populate_existing=True)
    if known.issuer != who.issuer:  # the installation has moved to another provider, whose names say nothing of ours
        known.issuer, known.subject, known.known_since = who.issuer, who.subject, now
    if known.subject != who.subject:
        raise AnotherCompanyAccount(who.email)
    return known
