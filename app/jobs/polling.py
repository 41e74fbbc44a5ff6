"""Ask the tools themselves: every few minutes what is new since the last poll, and on demand what was long ago."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from app.connectors import CONNECTORS
from app.connectors.connector import Page
from app.foundations import clock
from app.foundations.http import Throttled, TookTooLong, Trouble, limited
from app.foundations.languages import gettext, mark
from app.imports.faults import RowsRefused
from app.jobs.installation import Installation
from app.jobs.outside import connection_of, tool_of
from app.pipeline import external_scores
from app.pipeline.intake import polls
from app.pipeline.intake.concluding import Requesters
from app.pipeline.intake.polls import ConnectionGone, Turn

POLL_SECONDS = 120.0  # of one poll within a sweep, all its calls together: the other tools wait behind it

log = logging.getLogger(__name__)


def poll_connections(installation: Installation, *, now: datetime) -> int:
    """Poll every connection whose turn it is and return how many; one that fails does not stop the others."""
    done = 0
    while turn := _take(installation, now):
        _poll(installation, turn, now)
        done += 1
    return done


def _take(installation: Installation, now: datetime) -> Turn | None:
    with installation.sessions.begin() as session:
        return polls.take_turn(session, CONNECTORS, installation.keys, now=now)


def _poll(installation: Installation, turn: Turn, now: datetime) -> None:
    pages = 0
    try:
        with limited(POLL_SECONDS):
            for _ in run(installation, turn, now=now):
                pages += 1
    except ConnectionGone as gone:
        log.info("the poll of %s ended: %s", turn.slug, gone)
    except TookTooLong:
        _stop(installation, turn, pages, now)
    except (Trouble, RowsRefused) as trouble:
        until = trouble.until if isinstance(trouble, Throttled) else None
        log.warning("the poll of %s ended early: %s", turn.slug, trouble)
        with installation.sessions.begin() as session:
            polls.break_off(session, turn, str(trouble), until=until, now=now)
    except Exception as error:
        log.exception("the poll of %s failed", turn.slug)
        reason = gettext("an unexpected fault (%(fault)s); the log has it", fault=type(error).__name__)
        with installation.sessions.begin() as session:
            polls.break_off(session, turn, reason, now=now)
    else:
        with installation.sessions.begin() as session:
            polls.end_turn(session, turn, now=now)


def _stop(installation: Installation, turn: Turn, pages: int, now: datetime) -> None:
    """End a poll that took its time: with pages stored it is slow or new, without one it has failed."""
    log.warning("the poll of %s took all its time and stored %d pages", turn.slug, pages)
    if pages:
        reason = gettext("it takes long: it goes on with the next sweep, from where it stopped")
    else:
        reason = gettext("it took longer than %(seconds)s seconds and told nothing", seconds=int(POLL_SECONDS))
    with installation.sessions.begin() as session:
        (polls.pause if pages else polls.break_off)(session, turn, reason, now=now)


def backfill(installation: Installation, slug: str, *, since: datetime, now: datetime) -> Iterator[Page]:
    """Ask a tool for everything since a moment; yield each page once it is stored. The regular poll is left alone.

    Raises Trouble, ConnectionGone too, and RowsRefused; what was stored stays, and the same again changes nothing.
    """
    with installation.sessions() as session:
        connection = connection_of(session, slug)
        turn = polls.turn_from(connection, CONNECTORS, installation.keys, since=since, now=now)
    if turn is None:
        sentence = mark("%(slug)s cannot be asked: its kind only calls us. Bring in what is older as a table.")
        raise Trouble(gettext(sentence, slug=slug))
    yield from run(installation, turn, now=now, keeps_cursor=False)


def run(installation: Installation, turn: Turn, *, now: datetime, keeps_cursor: bool = True) -> Iterator[Page]:
    """Make a whole poll, one transaction a page; yield each page once it is stored. Raises Trouble, RowsRefused."""
    connector = turn.connector
    assert connector.poll is not None
    tool = tool_of(installation.settings, turn.settings, now=now)
    requesters = Requesters()
    for page in connector.poll(tool, turn.cursor, turn.since):
        events = tuple(requesters.named(connector, tool, turn.slug, event) for event in page.events)
        named = replace(page, events=events)
        received_at = max(now, clock.now())
        with installation.sessions.begin() as session:
            source = polls.record_page(
                session, turn, named, calendar=installation.calendar, now=received_at, keeps_cursor=keeps_cursor
            )
            external_scores.record_told(
                session,
                source,
                page.scores,
                keys=installation.keys,
                calendar=installation.calendar,
                leaves_out=True,
            )
        yield page
