"""What a tracker names and nobody here knows: departments in its own words, and people whose address it hides."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from app.models.connections import Connection
from app.models.department_names import departments_by_name
from app.models.people import Person, PersonVersion
from app.models.service_requests import RequestCycle, ServiceRequest


@dataclass(frozen=True)
class Unmapped:
    """Values that mean nothing here yet, each with how many requests name it, the most frequent first."""

    departments: Mapping[str, int]  # as `field:value`
    requesters: Mapping[str, int]  # keys of people without an address

    @property
    def count(self) -> int:
        """How many values somebody should say the meaning of."""
        return len(self.departments) + len(self.requesters)


def unmapped_of(session: Session, connection: Connection, *, now: datetime) -> Unmapped:
    """Return what a connection names and nobody has mapped; the cost does not grow with its requests."""
    return Unmapped(_departments(session, connection, now), _requesters(session, connection))


def known_departments(session: Session, names: Iterable[str], *, now: datetime) -> set[str]:
    """Return which of some codes and names mean a department here, in a fixed number of statements."""
    return set(departments_by_name(session, names, table={}, now=now, create=False))


def strangers_among(session: Session, addresses: Iterable[str]) -> set[str]:
    """Return which of some addresses no table of people names: who has one is asked, and counts for no department."""
    wanted = {address.lower(): address for address in addresses}
    listed = select(Person.email).where(
        Person.email.in_(wanted), select(PersonVersion.person_id).where(PersonVersion.person_id == Person.id).exists()
    )
    return {wanted[address] for address in wanted.keys() - set(session.scalars(listed))}


def _requesters(session: Session, connection: Connection) -> dict[str, int]:
    count = func.count(RequestCycle.id)
    nameless = (
        select(Person.source_key, count)
        .join(RequestCycle, RequestCycle.requester_id == Person.id)
        .where(Person.source == connection.slug, Person.email.is_(None), RequestCycle.undone_at.is_(None))
        .group_by(Person.source_key)
        .order_by(count.desc(), Person.source_key)
    )
    mapped: Mapping[str, str] = connection.settings.get("requesters") or {}
    return {key: number for key, number in session.execute(nameless).tuples() if key is not None and key not in mapped}


def _departments(session: Session, connection: Connection, now: datetime) -> dict[str, int]:
    raw = cast(ServiceRequest.raw_department, String)
    rows = session.execute(
        select(raw, func.count())
        .where(
            ServiceRequest.tracker_id == connection.id,
            ServiceRequest.provider_department_id.is_(None),
            ServiceRequest.raw_department.is_not(None),
        )
        .group_by(raw)
    )
    told = [(dict(json.loads(text) or {}), number) for text, number in rows.tuples()]
    table: Mapping[str, str] = connection.settings.get("departments") or {}

    def meant(field: str, value: str) -> str:
        return table.get(f"{field}:{value}") or table.get(value) or value

    known = known_departments(session, {meant(*pair) for values, _ in told for pair in values.items()}, now=now)
    counts: dict[str, int] = {}
    for values, number in told:
        if any(meant(*pair) in known for pair in values.items()):
            continue  # the first value with a meaning decides; the others need none
        for field, value in values.items():
            counts[f"{field}:{value}"] = counts.get(f"{field}:{value}", 0) + number
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))
