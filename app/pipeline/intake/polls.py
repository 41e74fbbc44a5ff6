"""The turns of polls: whose turn it is, what a page told, how a poll ended. The calls are made by the job."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from app.connectors.connector import LONGEST_PAUSE, Connector, Page
from app.domain.clocks import CLOCKS_DIFFER
from app.domain.periods import Calendar
from app.domain.states import ConnectionSide
from app.foundations.crypto import Keys
from app.foundations.http import Trouble
from app.foundations.languages import gettext
from app.models.connections import Connection
from app.pipeline.intake.events import record_all, told_ahead

OVERLAP = timedelta(minutes=10)  # trackers index late, and their clocks differ from ours
LEASE = timedelta(minutes=30)  # longer than any page takes; extended by each
LONGEST_WAIT = timedelta(hours=1)
SOON = timedelta(minutes=1)  # the next sweep
LONGEST_PROBLEM = 500


class ConnectionGone(Trouble):
    """The connection was removed while its tool was asked: nothing more that the tool tells is wanted."""


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One poll of one connection that this worker makes."""

    connection_id: int
    added_at: datetime  # SQLite gives the id of a deleted connection to the next one
    slug: str
    connector: Connector
    settings: dict[str, Any] = field(repr=False)  # credentials included
    cursor: dict[str, Any] | None
    since: datetime
    began_at: datetime


def take_turn(session: Session, connectors: Collection[Connector], keys: Keys, *, now: datetime) -> Turn | None:
    """Take the connection whose poll is due longest, or return None. Two workers never poll the same one."""
    polling = {(one.side, one.kind): one for one in connectors if one.poll is not None}
    if not polling:
        return None
    can_poll = [and_(Connection.side == side, Connection.kind == kind) for side, kind in polling]
    next_at = Connection.next_poll_at
    is_due = or_(next_at.is_(None), next_at <= now, next_at > now + LONGEST_PAUSE + CLOCKS_DIFFER)
    waiting = select(Connection).where(Connection.is_active, or_(*can_poll), is_due)
    oldest = waiting.order_by(Connection.next_poll_at.asc().nulls_first(), Connection.id).limit(1)
    connection = session.scalar(oldest.with_for_update(skip_locked=True))
    if connection is None:
        return None
    connection.next_poll_at = now + LEASE
    session.flush()
    since = min(connection.polled_at or connection.created_at, now) - OVERLAP
    connector = polling[connection.side, connection.kind]
    return _turn(connection, connector, keys, cursor=connection.cursor, since=since, now=now)


def turn_from(
    connection: Connection, connectors: Collection[Connector], keys: Keys, *, since: datetime, now: datetime
) -> Turn | None:
    """Return a turn beside the regular ones, from `since`, or None where the kind cannot be polled."""
    kind = (connection.side, connection.kind)
    connector = next((one for one in connectors if (one.side, one.kind) == kind and one.poll), None)
    return None if connector is None else _turn(connection, connector, keys, cursor=None, since=since, now=now)


def _turn(
    connection: Connection,
    connector: Connector,
    keys: Keys,
    *,
    cursor: dict[str, Any] | None,
    since: datetime,
    now: datetime,
) -> Turn:
    return Turn(
        connection_id=connection.id,
        added_at=connection.created_at,
        slug=connection.slug,
        connector=connector,
        settings=connection.known_settings(keys),
        cursor=cursor,
        since=since,
        began_at=now,
    )


def record_page(
    session: Session, turn: Turn, page: Page, *, calendar: Calendar, now: datetime, keeps_cursor: bool = True
) -> Connection:
    """Record the events of a page and, with them, the cursor to go on from; return the connection.

    A request that is told to be completed later is left out and noted on the connection: the rest goes on.
    Raises ConnectionGone where it was removed since the turn began.
    """
    # Whoever removes it waits for this page, or this page for them; hooks that record at the same time wait for nobody.
    stands = select(Connection).where(*_still_there(turn)).with_for_update(key_share=True, read=True)
    connection = session.scalar(stands)
    if connection is None:
        raise ConnectionGone(gettext("'%(slug)s' was removed meanwhile; what it told before stays", slug=turn.slug))
    if page.events or page.scores:
        ahead = told_ahead(page.events, now=now)
        events = [event for event in page.events if event.external_id not in ahead]
        record_all(session, connection, events, calendar=calendar, received_at=now)
        if connection.side is ConnectionSide.TRACKER:
            connection.leave_out(ahead, told={event.external_id for event in page.events})
    if keeps_cursor:
        connection.cursor = dict(page.cursor)
        connection.next_poll_at = now + LEASE
    session.flush()
    return connection


def end_turn(session: Session, turn: Turn, *, now: datetime) -> None:
    """Note that a poll saw everything until it began, and when the next one is due."""
    _leave(
        session,
        turn,
        polled_at=turn.began_at,
        next_poll_at=now + _every(turn),
        poll_failures=0,
        poll_problem=None,
    )


def break_off(session: Session, turn: Turn, problem: str, *, until: datetime | None = None, now: datetime) -> None:
    """Note why a poll ended early; the next one goes on from the last page, after a wait that doubles."""
    failures = session.scalar(select(Connection.poll_failures).where(*_still_there(turn))) or 0
    wait = min(_every(turn) * 2 ** min(failures + 1, 10), LONGEST_WAIT)
    _leave(
        session,
        turn,
        next_poll_at=max(now + wait, min(until or now, now + LONGEST_PAUSE)),
        poll_failures=Connection.poll_failures + 1,
        poll_problem=problem[:LONGEST_PROBLEM],
    )


def pause(session: Session, turn: Turn, problem: str, *, now: datetime) -> None:
    """Note why a poll stopped that had stored pages; the next sweep goes on from the last of them."""
    _leave(session, turn, next_poll_at=now + SOON, poll_failures=0, poll_problem=problem[:LONGEST_PROBLEM])


def _every(turn: Turn) -> timedelta:
    minutes = turn.settings.get("poll_minutes")
    if isinstance(minutes, bool) or not isinstance(minutes, int) or minutes <= 0:
        return turn.connector.poll_every
    return timedelta(minutes=min(minutes, LONGEST_PAUSE // timedelta(minutes=1)))


def _leave(session: Session, turn: Turn, **values: Any) -> None:
    session.execute(update(Connection).where(*_still_there(turn)).values(**values))


def _still_there(turn: Turn) -> tuple[ColumnElement[bool], ...]:
    same = (Connection.id == turn.connection_id, Connection.created_at == turn.added_at)
    return (*same, Connection.removed_at.is_(None))
