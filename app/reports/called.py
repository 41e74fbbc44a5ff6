"""What people are called on pages: by their name, with their address where somebody else has the same."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from app.models.accounts import Staff
from app.models.base import SINCE_EVER, UtcDateTime
from app.models.people import Person, PersonVersion


def called(session: Session, addresses: Collection[str], moment: datetime) -> dict[str, str]:
    """Return what these addresses, in lower case, are called: a name of theirs, else the address itself."""
    named = _names(session, addresses, moment)
    shared = _shared(session, set(named.values()))
    return {one: _words(one, named.get(one), shared) for one in addresses}


def _words(address: str, name: str | None, shared: Collection[str]) -> str:
    if not name:
        return address
    return f"{name} ({address})" if name in shared else name


def _names(session: Session, addresses: Collection[str], moment: datetime) -> dict[str, str]:
    """Return the last name of each address: as people are told, else as their account has it."""
    since, accounts_first = PersonVersion.valid_from, literal(1)
    people = select(Person.email, PersonVersion.name, accounts_first, since)
    people = people.join(PersonVersion, PersonVersion.person_id == Person.id)
    accounts = select(Staff.email, Staff.name, literal(0), literal(SINCE_EVER, UtcDateTime))
    rows = people.where(Person.email.in_(addresses), since <= moment).union_all(
        accounts.where(Staff.email.in_(addresses))
    )
    ordered = sorted(session.execute(rows).tuples(), key=lambda row: (row[2], row[3]))
    return {email: name for email, name, *_ in ordered if email and name}


def _shared(session: Session, names: Collection[str]) -> set[str]:
    """Return which of these names several addresses have or had, of people and of staff together."""
    people = select(PersonVersion.name, Person.email).join(Person, Person.id == PersonVersion.person_id)
    people = people.where(PersonVersion.name.in_(names), Person.email.is_not(None))
    accounts = select(Staff.name, Staff.email).where(Staff.name.in_(names))
    has: defaultdict[str, set[str]] = defaultdict(set)
    for name, address in session.execute(people.union(accounts)).tuples():
        has[name or ""].add(address or "")
    return {name for name, addresses in has.items() if len(addresses) > 1}
