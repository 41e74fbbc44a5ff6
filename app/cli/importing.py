"""The way from a file to rows that are written or refused, for every `flask import` command.

A command gives `bring_in` the kind of its table and a function that writes the rows; everything a person reads about
faults, rejected rows and progress is said here.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

import click

from app.cli.import_options import ImportCall
from app.cli.profiles import save_profile
from app.cli.refusals import fault_lines
from app.cli.sessions import noted, settings, transaction
from app.domain.auditing import Act
from app.domain.periods import Calendar
from app.foundations import clock
from app.foundations.languages import gettext, ngettext
from app.imports.faults import Fault, RowsRefused
from app.imports.reading import Source, source
from app.imports.rows import Refusal, TableReader, write_rejected
from app.imports.schema import Kind, R

T = TypeVar("T", bound="Stored")

PROGRESS_STEP = 1000  # rows between two moves of the progress bar


class Stored(Protocol):
    """What storing rows came to."""

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults of rows that were left out."""
        ...


@dataclass
class Incoming(Generic[R]):
    """The rows of a table on their way in. Take `rows` once, then store them with `stored`."""

    call: ImportCall
    file: str
    _found: Iterator[R | Refusal]
    faults: list[Fault] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)  # what stood in the key column of rows that do not fit

    def rows(self) -> Iterator[R]:
        """Yield the rows that fit; the faults of the others are kept."""
        for row in self._found:
            if isinstance(row, Refusal):
                self.faults.extend(row.faults)
                self.refused.add(row.key)
            else:
                yield row

    def stored(self, store: Callable[[], T]) -> T:
        """Call what stores the rows that fit; all rows or none, unless bad ones may be left out.

        Call it within the transaction. Raises RowsRefused with every fault of the table, those of cells and those that
        only storing finds, so that a table is mended once.
        """
        try:
            done = store()
        except RowsRefused as refused:
            self.faults.extend(refused.faults)
            raise self._refusal() from refused
        self.faults.extend(done.faults)
        if self.faults and not self.call.skip_bad_rows:
            raise self._refusal()
        return done

    def _refusal(self) -> RowsRefused:
        return RowsRefused(*sorted(self.faults, key=lambda fault: fault.line))


def calendar() -> Calendar:
    """Return the company's calendar."""
    return Calendar(settings().time_zone, settings().fiscal_year_start)


def bring_in(
    kind_of: Callable[[frozenset[str]], Kind[R]], call: ImportCall, write: Callable[[Incoming[R]], str]
) -> None:
    """Read the file of `call`, let `write` store its rows, and say what came of it.

    `kind_of` returns the kind of table by the columns that it has. `write` stores all rows or
    none (and none in a dry run) with `incoming.stored`, and returns the sentence to print.
    """
    with ExitStack() as stack:
        stream = call.file or sys.stdin.buffer
        origin = stack.enter_context(source(stream, encoding=call.mapping.encoding))
        table = stack.enter_context(origin.open())
        kind = kind_of(call.mapping.our_columns(table.header))
        reader = TableReader(kind, table, call.mapping, time_zone=settings().time_zone, now=clock.now())
        incoming = Incoming(call, origin.name, _with_progress(reader.rows(), origin))
        outcome = write(incoming)
        _report(incoming, origin)
        for doubt in reader.doubts():
            click.echo(doubt, err=True)
    click.echo(outcome)
    if call.dry_run:
        click.echo(gettext("Nothing was written: this was a dry run."))
    elif call.saved_profile:
        with transaction() as session:
            save_profile(session, call.saved_profile, kind.name, call.mapping, now=clock.now())
            noted(session, Act.PROFILE_SAVED, f"profile:{call.saved_profile}", kind=kind.name)


def _report(incoming: Incoming[R], origin: Source) -> None:
    if not incoming.faults:
        return
    for line in fault_lines(sorted(incoming.faults, key=lambda fault: fault.line)):
        click.echo(line, err=True)
    if incoming.call.dry_run:
        return
    rejected = write_rejected(origin, incoming.faults, incoming.call.rejected)
    sentence = ngettext(
        "%(num)s row was left out; it stands in %(file)s",
        "%(num)s rows were left out; they stand in %(file)s",
        rejected,
        file=incoming.call.rejected,
    )
    click.echo(sentence, err=True)


def _with_progress(rows: Iterator[R | Refusal], origin: Source) -> Iterator[R | Refusal]:
    """Show on a terminal how much of the file is read; in a pipe add nothing."""
    if not sys.stderr.isatty():
        yield from rows
        return
    size = origin.size()
    with click.progressbar(length=size, label=origin.name, file=sys.stderr) as bar:
        for number, row in enumerate(rows):
            if number % PROGRESS_STEP == 0:
                bar.update(max(min(origin.position(), size) - bar.pos, 0))
            yield row
        bar.update(size - bar.pos)
