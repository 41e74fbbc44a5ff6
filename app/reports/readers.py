"""Who reads what is mailed to staff: name, language and zone of an address."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.zones import zone_or
from app.models.people import Person, PersonVersion


@dataclass(frozen=True)
class Manners:
    """What holds for somebody of whom nothing else is known."""

    languages: tuple[str, ...]  # the first is the fallback
    zone: ZoneInfo  # the company's


@dataclass(frozen=True)
class Reader:
    """Somebody whose address we know, and how to write to them."""

    email: str
    name: str
    language: str
    zone: ZoneInfo


Listed = tuple[str | None, str | None, str | None]  # name, language and time zone, as the list of people says them


def listed_people(session: Session, emails: Collection[str]) -> dict[str, Listed]:
    """Return what the list of people says last of these addresses, in one statement."""
    told = (Person.email, PersonVersion.name, PersonVersion.language, PersonVersion.time_zone)
    rows = session.execute(
        select(*told)
        .join(Person, Person.id == PersonVersion.person_id)
        .where(Person.email.in_({email.lower() for email in emails}))
        .order_by(PersonVersion.valid_from)
    ).tuples()
    return {email: (name, language, zone) for email, name, language, zone in rows if email is not None}


def reader_of(session: Session, email: str, manners: Manners) -> Reader:
    """Return the reader as the list of people knows them."""
    return as_reader(email, listed_people(session, [email]), manners)


def as_reader(
    email: str,
    listed: Mapping[str, Listed],
    manners: Manners,
    *,
    name: str | None = None,
    language: str | None = None,
    otherwise: str | None = None,
) -> Reader:
    """Return the reader: what their account says, else what the list of people says last, else `otherwise`."""
    own = listed.get(email.lower(), (None, None, None))
    chosen = language or own[1] or otherwise
    return Reader(
        email=email,
        name=name or own[0] or "",
        language=chosen if chosen in manners.languages else manners.languages[0],
        zone=zone_or(own[2], manners.zone),
    )
