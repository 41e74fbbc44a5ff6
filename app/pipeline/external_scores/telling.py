"""Record what score tools tell by hook or poll, in any order: of one response the newest telling stands."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.external_scores import ScoreEvent
from app.domain.periods import Calendar
from app.foundations.crypto import Keys
from app.imports.external_scores import ExternalResponseRow
from app.imports.faults import Fault, RowsRefused
from app.models.connections import Connection
from app.models.external_scores import ExternalResponse
from app.pipeline.external_scores.rows import record_responses

_GIVEN = frozenset({"respondent", "comment"})


def record_told(
    session: Session,
    source: Connection,
    events: Sequence[ScoreEvent],
    *,
    keys: Keys,
    calendar: Calendar,
    leaves_out: bool = False,
) -> None:
    """Store each response as it was told last; the same again, or an older telling, changes nothing.

    Raises RowsRefused for an unknown instrument, and for a score that is none of its points; with `leaves_out` such a
    score is noted on the source instead, until it is told as one that fits.
    """
    newest = {event.response_id: event for event in sorted(events, key=lambda one: one.told_at)}
    stored = _told_at(session, source, list(newest))
    news = [event for name, event in newest.items() if name not in stored or stored[name] <= event.told_at]
    rows = [_row(number, event) for number, event in enumerate(news, start=1)]
    recorded = record_responses(session, rows, source=source, calendar=calendar, keys=keys, skip_bad_rows=True)
    # A fault of the instrument: no row would fit before the settings are mended.
    if recorded.faults and (not leaves_out or any(fault.column != "score" for fault in recorded.faults)):
        raise RowsRefused(*(_named(fault, news) for fault in recorded.faults))
    if leaves_out:
        wrong = {news[fault.line - 1].response_id: fault.sentence for fault in recorded.faults}
        source.leave_out(wrong, told=newest)
        session.flush()
    for event in news:
        its_row = (ExternalResponse.source_id == source.id, ExternalResponse.response_id == event.response_id)
        session.execute(update(ExternalResponse).where(*its_row).values(told_at=event.told_at))


def _named(fault: Fault, news: Sequence[ScoreEvent]) -> Fault:
    """Return the fault with the id of its response in place of a line: nobody sent a table."""
    return replace(fault, file=news[fault.line - 1].response_id, line=0)


def _told_at(session: Session, source: Connection, ids: list[str]) -> dict[str, datetime]:
    known = select(ExternalResponse.response_id, ExternalResponse.told_at).where(
        ExternalResponse.source_id == source.id, ExternalResponse.response_id.in_(ids)
    )
    return {name: moment for name, moment in session.execute(known).tuples() if moment is not None}


def _row(line: int, event: ScoreEvent) -> ExternalResponseRow:
    return ExternalResponseRow(
        line=line,
        given=_GIVEN,
        response_id=event.response_id,
        touchpoint=event.touchpoint,
        dimension=event.dimension,
        instrument=event.instrument,
        answered_at=event.answered_at,
        score=event.score,
        respondent=event.respondent,
        comment=event.comment,
        not_applicable=frozenset() if event.score is not None else frozenset({"score"}),
    )
