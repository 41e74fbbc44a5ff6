"""Heads that the table of departments names: an address in it signs in as head, so nobody is named there unseen."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.models.departments import Department, DepartmentVersion
from app.models.people import Person
from app.upkeep.given_roles import tell_of_heads

MOST_TOLD = 20  # new heads of one change; a whole company's table is told to those who watch, in one mail


class Named(NamedTuple):
    """A department, by its code, and the address that it names as head now or later."""

    code: str
    address: str


def named_heads(session: Session, now: datetime) -> set[Named]:
    """Return whom departments name as head, in their versions of today and of later days."""
    address = func.lower(DepartmentVersion.head_email)
    query = (
        select(Department.code, address)
        .join(Department, Department.id == DepartmentVersion.department_id)
        .where(address.is_not(None), or_(DepartmentVersion.valid_to.is_(None), DepartmentVersion.valid_to > now))
    )
    return {Named(code, email) for code, email in session.execute(query).tuples()}


@contextmanager
def telling_new_heads(session: Session, *, by: str, language: str, zone: ZoneInfo, now: datetime) -> Iterator[None]:
    """Mail, in the transaction of the block, whoever became head in it, and all administrators and HR.

    `by` is who did it, an address or words; that address itself is not mailed. What the block raises goes through.
    """
    before = named_heads(session, now)
    yield
    session.flush()
    new = sorted({named.address for named in named_heads(session, now) - before})
    if new:
        tell_of_heads(session, new, each=len(new) <= MOST_TOLD, by=by, language=language, zone=zone, now=now)


def is_known(session: Session, address: str) -> bool:
    """Tell whether somebody is known by this address."""
    return session.scalar(select(Person.id).where(func.lower(Person.email) == address.lower()).limit(1)) is not None


def is_domain_known(session: Session, address: str) -> bool:
    """Tell whether anybody that is known has an address of the same domain."""
    domain = address.rpartition("@")[2].lower()
    known = select(Person.id).where(func.lower(Person.email).endswith(f"@{domain}", autoescape=True))
    return session.scalar(known.limit(1)) is not None
