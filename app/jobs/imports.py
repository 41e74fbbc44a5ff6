"""What the rows of a table become, kind by kind: the same for `flask import` and for a table sent by browser."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.domain.auditing import COMMAND_LINE, Act
from app.domain.states import ConnectionSide
from app.foundations.languages import gettext, spoken
from app.imports.departments import DEPARTMENTS, DepartmentRow
from app.imports.external_scores import EXTERNAL_RESPONSES, EXTERNAL_TOTALS
from app.imports.faults import Fault, OptionRefused
from app.imports.people import PEOPLE, PersonRow
from app.imports.reading import Source
from app.imports.requests import REQUESTS, RequestRow
from app.imports.responses import RESPONSES, ResponseRow
from app.imports.rows import Refusal, TableReader
from app.imports.schema import Kind
from app.imports.spooling import spooled
from app.jobs.import_words import answers_in_words, requests_in_words, rows_in_words, unknown_in_words
from app.jobs.installation import Installation
from app.jobs.progress import running_from
from app.models.connections import Connection
from app.models.quarter_salts import QuarterIsReleased
from app.models.uploads import ImportKind
from app.pipeline.external_scores import record_responses, record_totals
from app.pipeline.intake import records
from app.pipeline.responses.history import record_history
from app.upkeep.audit import log as audit
from app.upkeep.imports.importing import Brought, Incoming, Order, counts_of
from app.upkeep.organisation.departments import record_departments
from app.upkeep.organisation.named_heads import telling_who_sees_more
from app.upkeep.organisation.people import record_people

Found = Iterator[Any]  # rows and refusals
Begin = Callable[[Session], None]
Finish = Callable[[Session, Brought], None]


@dataclass(frozen=True)
class _Work:
    """One import under way; `begin` and `finish` are called in its transaction, as the first and last thing in it."""

    installation: Installation
    order: Order
    kind: Kind[Any]
    incoming: Incoming[Any]
    now: datetime
    moment: Callable[[], datetime]  # now, as it becomes: many rows take minutes
    begin: Begin
    finish: Finish
    connection_id: int = 0

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Give the session that stores the rows; commit at the end of the block."""
        with self.installation.sessions.begin() as session:
            self.begin(session)
            yield session

    def kept(
        self, session: Session, words: str, counts: dict[str, int], subject: str = "", doubts: Iterable[Fault] = ()
    ) -> Brought:
        """Note the import, or undo everything in a dry run."""
        brought = self.incoming.brought(words, counts, doubts)
        if self.order.dry_run:
            session.rollback()
        else:
            kind = self.order.kind.value
            details = {"kind": kind, **counts}
            audit.note(session, self.order.actor, Act.IMPORTED, subject or kind, details, now=self.moment())
            self.finish(session, brought)
        return brought

    def connection(self, session: Session) -> Connection:
        """Return the tracker or source, within this session."""
        return session.get_one(Connection, self.connection_id)


def bring_in(
    installation: Installation,
    origin: Source,
    order: Order,
    *,
    now: datetime,
    watched: Callable[[Found], Found] = lambda rows: rows,
    begin: Begin = lambda _session: None,
    finish: Finish = lambda _session, _brought: None,
) -> Brought:
    """Read a table and store its rows, all or none; return what came of it.

    `watched` passes the rows on and may count them; `begin` and `finish` are called in the transaction that stores
    them. Raises RowsRefused with every fault of the table, and OptionRefused; then nothing was written.
    """
    known, moment = _connection_id(installation, order), running_from(now)
    with origin.open() as table:
        kind, write = _KINDS[order.kind]
        if kind is EXTERNAL_RESPONSES and _is_totals(order.mapping.our_columns(table.header)):
            kind = EXTERNAL_TOTALS
        reader = TableReader(kind, table, order.mapping, time_zone=installation.settings.time_zone, now=now)
        rows: Iterator[Any | Refusal] = watched(reader.rows())
        incoming: Incoming[Any] = Incoming(origin.name, order.skip_bad_rows, rows, reader.doubts, reader.theirs)
        return write(_Work(installation, order, kind, incoming, now, moment, begin, finish, known))


def _is_totals(columns: frozenset[str]) -> bool:
    """Tell whether a table of customers' scores has a period in each row and no single answers."""
    return "period" in columns and "response_id" not in columns


def _connection_id(installation: Installation, order: Order) -> int:
    side = order.kind.side
    if side is None:
        return 0
    with installation.sessions() as session:
        asked = select(Connection.id).where(
            Connection.slug == order.slug, Connection.side == side, Connection.removed_at.is_(None)
        )
        found = session.scalar(asked)
    if found is None:
        mend = "trackers" if side is ConnectionSide.TRACKER else "sources"
        raise OptionRefused(gettext("there is no '%(slug)s'", slug=order.slug), mend=mend)
    return found


def _departments(work: _Work) -> Brought:
    incoming: Incoming[DepartmentRow] = work.incoming
    rows = list(incoming.rows())
    with work.transaction() as session, _sight_told(session, work):
        tally = incoming.stored(
            lambda: record_departments(
                session,
                rows,
                calendar=work.installation.calendar,
                now=work.now,
                skip_bad_rows=True,
                refused=() if work.order.skip_bad_rows else incoming.refused,
                create_departments=work.order.create_departments,
                file=incoming.file,
            )
        )
        return work.kept(session, rows_in_words(counts_of(tally)), counts_of(tally))


@contextmanager
def _sight_told(session: Session, work: _Work) -> Iterator[None]:
    """Let nobody see more unseen by a table that came through a page; whoever runs commands holds the server."""
    if work.order.actor == COMMAND_LINE or work.order.dry_run:
        yield
        return
    by = audit.names(session).get(work.order.actor, work.order.actor)
    told = telling_who_sees_more(session, by=by, language=spoken(), calendar=work.installation.calendar, now=work.now)
    with told:
        yield


def _people(work: _Work) -> Brought:
    incoming: Incoming[PersonRow] = work.incoming
    rows = list(incoming.rows())
    with work.transaction() as session:
        tally = incoming.stored(
            lambda: record_people(
                session,
                rows,
                now=work.now,
                create_departments=work.order.create_departments,
                skip_bad_rows=True,
                file=incoming.file,
            )
        )
        return work.kept(session, rows_in_words(counts_of(tally)), counts_of(tally))


def _requests(work: _Work) -> Brought:
    """Take rows as state reports: staged first, then written in one transaction."""
    incoming: Incoming[RequestRow] = work.incoming
    with work.installation.sessions() as session:
        settings = work.connection(session).settings
        engine = cast("Engine", session.get_bind())
    with engine.connect() as connection:
        staged = records.stage(
            connection,
            incoming.rows(),
            requesters=settings.get("requesters", {}),
            calendar=work.installation.calendar,
            now=work.now,
            file=incoming.file,
        )
        with Session(bind=connection) as session, session.begin():
            work.begin(session)
            tally = incoming.stored(
                lambda: records.apply(
                    session,
                    staged,
                    tracker=work.connection(session),
                    calendar=work.installation.calendar,
                    now=work.now,
                    create_departments=work.order.create_departments,
                    skip_bad_rows=True,
                )
            )
            counts = counts_of(tally)
            words, doubts = requests_in_words(tally, counts), unknown_in_words(tally)
            return work.kept(session, words, counts, f"tracker:{work.order.slug}", doubts)


def _responses(work: _Work) -> Brought:
    """Hold earlier answers, each response id once."""
    incoming: Incoming[ResponseRow] = work.incoming
    try:
        with spooled(incoming.rows()) as rows, work.transaction() as session:
            done = incoming.stored(
                lambda: record_history(
                    session,
                    rows,
                    source=work.connection(session),
                    calendar=work.installation.calendar,
                    keys=work.installation.keys,
                    now=work.now,
                    create_departments=work.order.create_departments,
                    replace=work.order.replaced,
                    file=incoming.file,
                    skip_bad_rows=True,
                )
            )
            counts = {"new": done.new, "seen_before": done.seen_before, "replaced": done.replaced}
            return work.kept(session, answers_in_words(done), counts, f"source:{work.order.slug}")
    except QuarterIsReleased as released:
        sentence = gettext("%(period)s was released; its answers cannot be replaced any more", period=released.period)
        raise OptionRefused(sentence) from released


def _external(work: _Work) -> Brought:
    incoming = work.incoming
    with spooled(incoming.rows()) as rows, work.transaction() as session:
        shared: dict[str, Any] = {"source": work.connection(session), "file": incoming.file, "skip_bad_rows": True}
        if work.kind is EXTERNAL_TOTALS:
            done = incoming.stored(lambda: record_totals(session, rows, **shared))
        else:
            more: dict[str, Any] = {"calendar": work.installation.calendar, "keys": work.installation.keys}
            done = incoming.stored(lambda: record_responses(session, rows, **more, **shared))
        return work.kept(session, rows_in_words(counts_of(done)), counts_of(done), f"source:{work.order.slug}")


#: How rows of each kind look, and what becomes of them; customers' scores may be totals instead.
_KINDS: dict[ImportKind, tuple[Kind[Any], Callable[[_Work], Brought]]] = {
    ImportKind.DEPARTMENTS: (DEPARTMENTS, _departments),
    ImportKind.PEOPLE: (PEOPLE, _people),
    ImportKind.REQUESTS: (REQUESTS, _requests),
    ImportKind.RESPONSES: (RESPONSES, _responses),
    ImportKind.EXTERNAL: (EXTERNAL_RESPONSES, _external),
}
