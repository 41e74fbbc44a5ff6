"""What the identity provider's groups mean here: roles that come and go with them, at each sign-in.

Only rows that the provider gave are taken again; what a command, a page or the tree gave stays, and so does the last
administrator. Heads come from the departments, never from a group.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.states import GivenBy, Role
from app.models.accounts import Staff
from app.upkeep.accounts import welcome_heads
from app.upkeep.roles import give, lock_account, others_administer, take_away


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


def let_in(session: Session, email: str, name: str, roles: frozenset[Role], *, now: datetime) -> Entered:
    """Set the roles that the provider gives, and return the account with what changed."""
    welcome_heads(session, email, now)
    rows = lock_account(session, email, roles, now=now)
    held = {role for role, row in rows.items() if row.is_active}
    gone = {role for role in held - roles if rows[role].given_by is GivenBy.OIDC}
    is_last = Role.ADMIN in gone and not others_administer(session, email)
    gone -= {Role.ADMIN} if is_last else set()
    for role in roles - held:
        give(rows[role], by=GivenBy.OIDC)
    for role in gone:
        take_away(session, rows[role], now=now)
    active = [row for row in rows.values() if row.is_active]
    for row in active:
        row.name = row.name or name or None
    session.flush()
    first = min(active, key=lambda row: row.id, default=None)
    return Entered(first, tuple(sorted(roles - held)), tuple(sorted(gone)), is_last_administrator=is_last)
