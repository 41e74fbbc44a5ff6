"""`flask import responses` and `flask import external`: answers and scores that other tools gathered."""

from typing import Any

import click

from app.cli.import_options import ImportCall, import_options
from app.cli.importing import Incoming, bring_in, calendar
from app.cli.imports import create_departments_option, get_connection, imports, keep_or_undo
from app.cli.sessions import keys, reading_transaction, transaction
from app.cli.spooling import spooled
from app.domain.periods import Period
from app.domain.states import ConnectionSide
from app.foundations import clock
from app.foundations.languages import gettext, ngettext
from app.imports.external_scores import EXTERNAL_RESPONSES, EXTERNAL_TOTALS
from app.imports.mapping import OptionRefused
from app.imports.responses import RESPONSES, ResponseRow
from app.imports.schema import Kind
from app.models.connections import Connection
from app.models.quarter_salts import QuarterIsReleased
from app.pipeline.external_scores import Recorded, record_responses, record_totals
from app.pipeline.responses.history import History, record_history

__all__ = ["imports"]  # the group, with these two commands in it

source_option = click.option("--source", required=True, metavar="SLUG", help="The source that they come from.")


@imports.command("responses", help="Import answers that an earlier tool gathered.")
@source_option
@click.option("--replace", is_flag=True, help="Drop what the source told of --period first; only before its release.")
@click.option("--period", metavar="2026-Q3", help="The quarter to replace.")
@create_departments_option
@import_options
def import_responses(
    call: ImportCall, source: str, replace: bool, period: str | None, create_departments: bool
) -> None:
    """Hold earlier answers, each response id once."""
    known, replaced = _source(source), _replaced(replace, period)

    def write(incoming: Incoming[ResponseRow]) -> str:
        with spooled(incoming.rows()) as rows, transaction() as session:
            done = incoming.stored(
                lambda: record_history(
                    session,
                    rows,
                    source=session.get_one(Connection, known.id),
                    calendar=calendar(),
                    keys=keys(),
                    now=clock.now(),
                    create_departments=create_departments,
                    replace=replaced,
                    file=incoming.file,
                    skip_bad_rows=True,
                )
            )
            counts = {"new": done.new, "seen_before": done.seen_before, "replaced": done.replaced}
            keep_or_undo(session, call, f"source:{source}", "responses", **counts)
        return _said_of_history(done)

    try:
        bring_in(lambda _: RESPONSES, call, write)
    except QuarterIsReleased as released:
        sentence = gettext("%(period)s was released; its answers cannot be replaced any more", period=released.period)
        raise OptionRefused(sentence) from released


@imports.command("external", help="Import customers' scores: single responses, or totals where the file has `period`.")
@source_option
@import_options
def import_external(call: ImportCall, source: str) -> None:
    """Upsert responses by response_id, or totals by touchpoint, dimension, instrument and period."""
    known = _source(source)
    chosen: list[Kind[Any]] = []

    def kind_of(columns: frozenset[str]) -> Kind[Any]:
        is_totals = "period" in columns and "response_id" not in columns
        chosen.append(EXTERNAL_TOTALS if is_totals else EXTERNAL_RESPONSES)
        return chosen[0]

    def write(incoming: Incoming[Any]) -> str:
        with spooled(incoming.rows()) as rows, transaction() as session:
            its_source = session.get_one(Connection, known.id)
            shared: dict[str, Any] = {"source": its_source, "file": incoming.file, "skip_bad_rows": True}
            if chosen[0] is EXTERNAL_TOTALS:
                done = incoming.stored(lambda: record_totals(session, rows, **shared))
            else:
                done = incoming.stored(
                    lambda: record_responses(session, rows, calendar=calendar(), keys=keys(), **shared)
                )
            keep_or_undo(session, call, f"source:{source}", "external", **_counts(done))
        return gettext("%(new)s new, %(changed)s changed, %(unchanged)s unchanged", **_counts(done))

    bring_in(kind_of, call, write)


def _source(slug: str) -> Connection:
    with reading_transaction() as session:
        return get_connection(session, slug, ConnectionSide.SCORES)


def _replaced(replace: bool, period: str | None) -> Period | None:
    if replace != (period is not None):
        raise OptionRefused(gettext("--replace and --period belong together: --replace --period 2026-Q3"))
    try:
        return Period.parse(period) if period else None
    except ValueError as error:
        raise OptionRefused(gettext("'%(value)s' is not a period; write 2026-Q3", value=period)) from error


def _counts(done: Recorded) -> dict[str, int]:
    return {"new": done.new, "changed": done.changed, "unchanged": done.unchanged}


def _said_of_history(done: History) -> str:
    lines = [gettext("%(new)s new, %(seen)s seen before", new=done.new, seen=done.seen_before)]
    if done.replaced:
        lines.append(ngettext("%(num)s answer was replaced", "%(num)s answers were replaced", done.replaced))
    if done.reviews_lost:
        lines.append(
            ngettext(
                "HR had %(num)s comment of them to read: what it decided is gone, and new comments may go unread",
                "HR had %(num)s comments of them to read: what it decided is gone, and new comments may go unread",
                done.reviews_lost,
            )
        )
    return "\n".join(lines)
