"""What the identity provider's groups mean here: roles that come and go with them, at each sign-in.

Only rows that the provider gave are taken again; what a command, a page or the tree gave stays. Heads come from the
departments, never from a group.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.states import GivenBy, Role
from app.models.accounts import Staff
from app.upkeep.accounts import welcome_heads
from app.upkeep.roles import give, take_away


@dataclass(frozen=True)
class Entered:
    """Who came in, and which roles came or went with it."""

    staff: Staff | None  # None: the provider knows somebody who has nothing to do here
    given: tuple[Role, ...]
    taken: tuple[Role, ...]


def roles_of(groups: Collection[str], mapping: Collection[tuple[str, Role]]) -> frozenset[Role]:
    """Return the roles that these groups give."""
    return frozenset(role for group, role in mapping if group in groups)


def let_in(session: Session, email: str, name: str, roles: frozenset[Role], *, now: datetime) -> Entered:
    """Set the roles that the provider gives, and return the account with what changed."""
    welcome_heads(session, email, now)
    query = select(Staff).where(Staff.email == email).order_by(Staff.id).with_for_update()
    rows: Mapping[Role, Staff] = {row.role: row for row in session.scalars(query)}
    held = {role for role, row in rows.items() if row.is_active}
    gone = {role for role in held - roles if rows[role].given_by is GivenBy.OIDC}
    given = [give(session, rows.get(role), email, role, by=GivenBy.OIDC, now=now) for role in sorted(roles - held)]
    for role in gone:
        take_away(session, rows[role], now=now)
    active = sorted((row for row in (*rows.values(), *given) if row.is_active), key=lambda row: row.id)
    for row in active:
        row.name = row.name or name or None
    session.flush()
    return Entered(active[0] if active else None, tuple(row.role for row in given), tuple(sorted(gone)))
