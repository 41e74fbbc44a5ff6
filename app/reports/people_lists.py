"""People as administrators look them up: who belongs where, and what is known of one of them. Never an answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from app.foundations.crypto import Keys
from app.models.base import SINCE_EVER
from app.models.departments import Department
from app.models.people import (
    OptOut,
    Person,
    PersonVersion,
    RequesterTag,
    Suppression,
    SuppressionReason,
    address_hash,
    belonging,
)


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody in the list; who has no address is known by a tracker's key."""

    number: int
    email: str | None
    source: str | None
    key: str | None
    name: str
    department: str  # code; empty where none is known

    @property
    def place(self) -> tuple[str, ...]:
        """What the list is sorted by."""
        return (self.email,) if self.email is not None else (self.source or "", self.key or "")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known from `valid_from` on; None: since ever."""

    valid_from: datetime | None
    name: str | None
    department: str | None
    language: str | None
    time_zone: str | None
    is_now: bool


@dataclass(frozen=True, slots=True)
class Known:
    """Everything an administrator may know of somebody."""

    number: int
    email: str | None
    source: str | None
    key: str | None
    entries: tuple[Entry, ...]  # newest first
    is_key_requester: bool
    opted_out: bool
    rests_until: datetime | None  # of an opt-out that ends
    suppressed: SuppressionReason | None

    @property
    def present(self) -> Entry | None:
        """What holds now."""
        return next((entry for entry in self.entries if entry.is_now), None)

    @property
    def title(self) -> str:
        """What to call them."""
        present = self.present
        return (present.name if present and present.name else None) or self.email or self.key or ""


def read_people(
    session: Session,
    moment: datetime,
    filters: Mapping[str, str],
    *,
    after: Sequence[str | int] | None = None,
    count: int,
) -> list[Line]:
    """Return the next people of a list, by address: those whose address or name holds `words`, of one `department`.

    With `kind` = "key" those without an address, by their tracker and key.
    """
    asked: Select[tuple[int, str | None, str | None, str | None]] = select(
        Person.id, Person.email, Person.source, Person.source_key
    )
    if filters.get("kind") == "key":
        asked = asked.where(Person.email.is_(None)).order_by(Person.source, Person.source_key)
        if after is not None:
            source, key = after
            follows = (Person.source == source) & (Person.source_key > key)
            asked = asked.where((Person.source > source) | follows)
    else:
        asked = asked.where(Person.email.is_not(None)).order_by(Person.email)
        if after is not None:
            asked = asked.where(Person.email > after[0])
    if words := filters.get("words"):
        asked = asked.where(_holds(words))
    if code := filters.get("department"):
        within = belonging_to(session, code, moment)
        asked = asked.where(Person.id.in_(within))
    found = session.execute(asked.limit(count)).tuples().all()
    known = _present(session, [number for number, *_ in found], moment)
    return [Line(number, email, source, key, *known.get(number, ("", ""))) for number, email, source, key in found]


def belonging_to(session: Session, code: str, moment: datetime) -> Select[tuple[int]]:
    """Return the query for the people of one department."""
    ids = session.scalars(select(Department.id).where(Department.code == code)).all()
    return belonging(ids, moment).with_only_columns(PersonVersion.person_id)


def read_person(session: Session, keys: Keys, number: int, moment: datetime) -> Known | None:
    """Return what is known of somebody; None where nobody has this number."""
    person = session.get(Person, number)
    if person is None:
        return None
    rows = (
        select(PersonVersion, Department.code)
        .outerjoin(Department, Department.id == PersonVersion.department_id)
        .where(PersonVersion.person_id == number)
        .order_by(PersonVersion.valid_from.desc())
    )
    versions = session.execute(rows).tuples().all()
    now = next((version for version, _ in versions if version.valid_from <= moment), None)
    entries = tuple(
        Entry(
            None if version.valid_from == SINCE_EVER else version.valid_from,
            version.name,
            code,
            version.language,
            version.time_zone,
            version is now,
        )
        for version, code in versions
    )
    wish = session.get(OptOut, number)
    rests = wish is not None and (wish.until is None or wish.until > moment)
    return Known(
        number,
        person.email,
        person.source,
        person.source_key,
        entries,
        is_key_requester=_is_tagged(session, number),
        opted_out=rests,
        rests_until=wish.until if wish is not None and rests else None,
        suppressed=_suppressed(session, keys, person.email),
    )


def _holds(words: str) -> ColumnElement[bool]:
    """Match a part of an address or name; SQLite folds the case of ASCII alone, so other forms are tried."""
    forms = {words, words.lower(), words.upper(), words.title()}
    called = or_(*(PersonVersion.name.icontains(form, autoescape=True) for form in sorted(forms)))
    named = select(PersonVersion.id).where(PersonVersion.person_id == Person.id, called)
    return or_(
        Person.email.icontains(words, autoescape=True),
        Person.source_key.icontains(words, autoescape=True),
        named.exists(),
    )


def _present(session: Session, numbers: Sequence[int], moment: datetime) -> dict[int, tuple[str, str]]:
    """Return name and department of each of these people."""
    rows = (
        select(PersonVersion.person_id, PersonVersion.name, Department.code)
        .outerjoin(Department, Department.id == PersonVersion.department_id)
        .where(PersonVersion.person_id.in_(numbers), PersonVersion.valid_from <= moment)
        .order_by(PersonVersion.valid_from)
    )
    return {number: (name or "", code or "") for number, name, code in session.execute(rows).tuples()}


def _is_tagged(session: Session, number: int) -> bool:
    running = select(RequesterTag.since).where(RequesterTag.person_id == number, RequesterTag.until.is_(None))
    return session.scalar(running) is not None


def _suppressed(session: Session, keys: Keys, email: str | None) -> SuppressionReason | None:
    if email is None:
        return None
    hashes = [address_hash(one, email) for one in keys.each()]
    return session.scalar(select(Suppression.reason).where(Suppression.address_hash.in_(hashes)).limit(1))
