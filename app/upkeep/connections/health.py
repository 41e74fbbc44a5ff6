"""How connections are doing: what doctor says of all, and what `flask trackers show` prints of one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.connectors import find_connector
from app.connectors.connector import Connector
from app.domain.states import ConnectionSide, DeliveryState
from app.foundations.languages import gettext, mark, ngettext, pgettext
from app.foundations.retelling import retold
from app.models.connections import Connection
from app.models.deliveries import FAILED, REFUSED, Delivery
from app.upkeep.connections.states import TROUBLE_FROM, is_made_by_hand, is_unregistered, refused_last, refuses_all
from app.upkeep.findings import Finding


@dataclass(frozen=True, kw_only=True)
class Health:
    """What is known of one connection; a None says that it never happened, or that the kind has no such thing."""

    side: ConnectionSide
    kind: str
    is_active: bool
    is_polled: bool
    by_file: str | None  # the command that brings the files of a kind that tells nothing by itself
    hook: str | None  # how it is doing, in words
    last_event_at: datetime | None
    hook_checked_at: datetime | None
    polled_at: datetime | None
    next_poll_at: datetime | None
    poll_failures: int
    poll_problem: str | None
    deliveries_waiting: int
    deliveries_failed: int
    deliveries_refused: int  # at the door, in the last 30 days, as far as they were kept
    left_out: int  # scores off their scale, requests completed in days to come


def findings(session: Session) -> Iterator[str]:
    """Yield a sentence for each connection that needs an administrator."""
    for connection in session.scalars(select(Connection).where(Connection.is_active).order_by(Connection.slug)):
        slug, about = connection.slug, f"tracker:{connection.slug}"
        connector = find_connector(connection.side, connection.kind)
        if problem := _hook_problem(session, connection):
            command = gettext("flask trackers check %(slug)s, then flask trackers register %(slug)s", slug=slug)
            yield Finding(
                gettext("The hook of %(slug)s is dead (%(problem)s)", slug=slug, problem=problem), command, about
            )
        elif connector is not None and _is_unregistered(session, connection, connector):
            problem = gettext("The hook of %(slug)s was never registered", slug=slug)
            yield Finding(problem, f"flask trackers register {slug}", about)
        elif connector is not None and not connector.is_hook_extra and refuses_all(connection, connector):
            problem = gettext("%(slug)s refuses every event, because nothing here proves who sends them", slug=slug)
            yield Finding(problem, f"flask trackers set {slug} --secret-file {connector.secret_name}=FILE", about)
        if reason := refused_last(session, connection.id).get(connection.id):
            sentence = mark("%(slug)s refused what it was told last (%(reason)s)")
            problem = gettext(sentence, slug=slug, reason=gettext(reason))
            yield Finding(problem, f"flask deliveries list {slug}", about)
        yield from _left_out(connection)
        if connection.poll_failures >= TROUBLE_FROM:
            problem = ngettext(
                "%(slug)s could not be asked %(num)s time in a row (%(problem)s)",
                "%(slug)s could not be asked %(num)s times in a row (%(problem)s)",
                connection.poll_failures,
                slug=slug,
                problem=connection.poll_problem or "?",
            )
            yield Finding(problem, f"flask trackers show {slug}", about)


def _delivers(session: Session, connection: Connection) -> bool:
    """True where the tool has called us; asked only where that matters."""
    if connection.registration is not None:
        return False
    taken = select(Delivery.id).where(Delivery.connection_id == connection.id, ~REFUSED)
    return session.scalar(taken.limit(1)) is not None


def _is_unregistered(session: Session, connection: Connection, connector: Connector) -> bool:
    """True where the tool should know our hook and does not."""
    return is_unregistered(connection, connector, delivers=_delivers(session, connection))


def _hook_problem(session: Session, connection: Connection) -> str | None:
    """Return why the hook is dead; a hook that the tool calls is alive, whatever registering another one came to."""
    is_ours = not is_made_by_hand(connection, delivers=_delivers(session, connection))
    return connection.hook_problem if is_ours else None


def trouble_of(session: Session, connection: Connection) -> str | None:
    """Return what is wrong with the hook or else with the polls of a connection."""
    return _hook_problem(session, connection) or connection.poll_problem


def _by_file(connection: Connection, connector: Connector | None) -> str | None:
    if connector is None or connector.read is not None or connector.poll is not None:
        return None
    slug = connection.slug
    is_tracker = connection.side is ConnectionSide.TRACKER
    return (
        f"flask import requests FILE --tracker {slug}" if is_tracker else f"flask import external FILE --source {slug}"
    )


def hook_in_words(session: Session, connection: Connection) -> str | None:
    """Return how a connection's hook is doing as of its last check; None for a kind that nobody calls."""
    connector = find_connector(connection.side, connection.kind)
    if connector is None or connector.read is None:
        return None
    if problem := _hook_problem(session, connection):
        return pgettext("hook", "dead: %(problem)s", problem=retold(problem))
    if _is_unregistered(session, connection, connector):
        return pgettext("hook", "not registered")
    if refuses_all(connection, connector):
        return gettext("refuses every event: %(setting)s is not set", setting=connector.secret_name)
    if connection.registration is None:
        return gettext("made by hand: whether the tool calls it shows in the events")
    return pgettext("hook", "alive")


def _left_out(connection: Connection) -> Iterator[str]:
    slug = connection.slug
    if connection.left_out and connection.side is ConnectionSide.TRACKER:
        problem = ngettext(
            "%(num)s request of %(slug)s was left out (%(problem)s)",
            "%(num)s requests of %(slug)s were left out (%(problem)s)",
            len(connection.left_out),
            slug=slug,
            problem=next(reversed(connection.left_out.values())),
        )
        sentence = mark("set it right in the tool, then flask trackers backfill %(slug)s")
        yield Finding(problem, gettext(sentence, slug=slug), f"tracker:{slug}")
    elif connection.left_out:
        problem = ngettext(
            "%(num)s score of %(slug)s was left out (%(problem)s)",
            "%(num)s scores of %(slug)s were left out (%(problem)s)",
            len(connection.left_out),
            slug=slug,
            problem=next(reversed(connection.left_out.values())),
        )
        sentence = mark("mend its scale with flask trackers set %(slug)s, then flask trackers backfill %(slug)s")
        yield Finding(problem, gettext(sentence, slug=slug), f"tracker:{slug}")


def health_of(session: Session, connection: Connection) -> Health:
    """Return what is known of one connection."""
    connector = find_connector(connection.side, connection.kind)
    return Health(
        side=connection.side,
        kind=connection.kind,
        is_polled=connector is not None and connector.poll is not None,
        is_active=connection.is_active,
        by_file=_by_file(connection, connector),
        hook=hook_in_words(session, connection),
        last_event_at=connection.last_event_at,
        hook_checked_at=connection.hook_checked_at,
        polled_at=connection.polled_at,
        next_poll_at=connection.next_poll_at,
        poll_failures=connection.poll_failures,
        poll_problem=connection.poll_problem,
        deliveries_waiting=_count(session, connection, Delivery.state == DeliveryState.STORED),
        deliveries_failed=_count(session, connection, FAILED),
        deliveries_refused=_count(session, connection, REFUSED),
        left_out=len(connection.left_out or {}),
    )


def _count(session: Session, connection: Connection, which: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count(Delivery.id)).where(Delivery.connection_id == connection.id, which)) or 0
