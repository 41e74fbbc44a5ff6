"""Who reads what is mailed to staff: name, language and zone of an address."""

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


def reader_of(
    session: Session,
    email: str,
    manners: Manners,
    *,
    name: str | None = None,
    language: str | None = None,
    otherwise: str | None = None,
) -> Reader:
    """Return the reader: what their account says, else what the list of people says last, else `otherwise`."""
    listed = session.execute(
        select(PersonVersion.name, PersonVersion.language, PersonVersion.time_zone)
        .join(Person, Person.id == PersonVersion.person_id)
        .where(Person.email == email.lower())
        .order_by(PersonVersion.valid_from.desc())
        .limit(1)
    ).first()
    own = listed or (None, None, None)
    chosen = language or own[1] or otherwise
    return Reader(
        email=email,
        name=name or own[0] or "",
        language=chosen if chosen in manners.languages else manners.languages[0],
        zone=zone_or(own[2], manners.zone),
    )
