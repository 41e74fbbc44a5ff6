"""How connections are doing: what doctor says, what `flask trackers show` prints, and what nobody has mapped."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.connectors import find_connector
from app.domain.states import DeliveryState
from app.foundations.languages import gettext, ngettext
from app.models.connections import Connection
from app.models.deliveries import Delivery
from app.models.people import Person
from app.models.service_requests import RequestCycle, ServiceRequest

TROUBLE_FROM = 3  # failed polls in a row: one or two are a restart of the tool


@dataclass(frozen=True, kw_only=True)
class Health:
    """What is known of one connection; a None says that it never happened, or that the kind has no such thing."""

    kind: str
    last_event_at: datetime | None
    hook_checked_at: datetime | None
    hook_problem: str | None
    polled_at: datetime | None
    next_poll_at: datetime | None
    poll_failures: int
    poll_problem: str | None
    deliveries_waiting: int
    deliveries_failed: int


def findings(session: Session) -> Iterator[str]:
    """Yield a sentence for each connection that needs an administrator."""
    for connection in session.scalars(select(Connection).where(Connection.is_active).order_by(Connection.slug)):
        slug = connection.slug
        connector = find_connector(connection.side, connection.kind)
        if connection.hook_problem:
            yield gettext(
                "The hook of %(slug)s is dead (%(problem)s):"
                " flask trackers check %(slug)s, then flask trackers register %(slug)s",
                slug=slug,
                problem=connection.hook_problem,
            )
        elif connector is not None and connector.register is not None and connection.registration is None:
            yield gettext("The hook of %(slug)s was never registered: flask trackers register %(slug)s", slug=slug)
        yield from _left_out(connection)
        if connection.poll_failures >= TROUBLE_FROM:
            yield ngettext(
                "%(slug)s could not be asked %(num)s time in a row (%(problem)s): flask trackers show %(slug)s",
                "%(slug)s could not be asked %(num)s times in a row (%(problem)s): flask trackers show %(slug)s",
                connection.poll_failures,
                slug=slug,
                problem=connection.poll_problem or "?",
            )


def _left_out(connection: Connection) -> Iterator[str]:
    if connection.left_out:
        yield ngettext(
            "%(num)s score of %(slug)s was left out (%(problem)s): mend its scale with flask trackers set %(slug)s,"
            " then flask trackers backfill %(slug)s",
            "%(num)s scores of %(slug)s were left out (%(problem)s): mend the scale with flask trackers set %(slug)s,"
            " then flask trackers backfill %(slug)s",
            len(connection.left_out),
            slug=connection.slug,
            problem=next(reversed(connection.left_out.values())),
        )


def health_of(session: Session, connection: Connection) -> Health:
    """Return what is known of one connection."""
    states = select(Delivery.state, func.count()).where(Delivery.connection_id == connection.id)
    counts = dict(session.execute(states.group_by(Delivery.state)).tuples().all())
    return Health(
        kind=connection.kind,
        last_event_at=connection.last_event_at,
        hook_checked_at=connection.hook_checked_at,
        hook_problem=connection.hook_problem,
        polled_at=connection.polled_at,
        next_poll_at=connection.next_poll_at,
        poll_failures=connection.poll_failures,
        poll_problem=connection.poll_problem,
        deliveries_waiting=counts.get(DeliveryState.STORED, 0),
        deliveries_failed=counts.get(DeliveryState.FAILED, 0),
    )


def unmapped_requesters(session: Session, connection: Connection) -> dict[str, int]:
    """Return the keys behind which no address is known, with their completed requests, most frequent first."""
    count = func.count(RequestCycle.id)
    nameless = (
        select(Person.source_key, count)
        .join(RequestCycle, RequestCycle.requester_id == Person.id)
        .where(Person.source == connection.slug, Person.email.is_(None), RequestCycle.undone_at.is_(None))
        .group_by(Person.source_key)
        .order_by(count.desc(), Person.source_key)
    )
    return {key: number for key, number in session.execute(nameless).tuples() if key is not None}


def unmapped_departments(session: Session, connection: Connection) -> dict[str, int]:
    """Return the raw values of requests without a provider department, as `field:value`, most frequent first."""
    raw = select(ServiceRequest.raw_department).where(
        ServiceRequest.tracker_id == connection.id,
        ServiceRequest.provider_department_id.is_(None),
        ServiceRequest.raw_department.is_not(None),
    )
    counts: dict[str, int] = {}
    for values in session.scalars(raw):
        for field, value in (values or {}).items():
            counts[f"{field}:{value}"] = counts.get(f"{field}:{value}", 0) + 1
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))
