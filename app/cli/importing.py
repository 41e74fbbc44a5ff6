"""The way of a file from the command line into the database, and everything a person reads of it in a terminal."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import Any

import click

from app.cli.import_options import ImportCall
from app.cli.mending import mended
from app.cli.refusals import fault_lines
from app.cli.sessions import keys, noted, session_factory, settings, transaction
from app.domain.auditing import Act
from app.foundations import clock
from app.foundations.languages import gettext, ngettext
from app.imports.faults import Fault
from app.imports.reading import Source, source
from app.imports.rows import write_rejected
from app.jobs import imports
from app.jobs.installation import Installation
from app.models.uploads import ImportKind
from app.upkeep.imports.importing import Order
from app.upkeep.imports.profiles import save_profile

PROGRESS_STEP = 1000  # rows between two moves of the progress bar


def bring_in(call: ImportCall, kind: ImportKind, **asked: Any) -> None:
    """Read the file of `call`, store its rows and say what came of it; `asked` is what this kind asks beside."""
    choices: dict[str, Any] = {"mapping": call.mapping, "skip_bad_rows": call.skip_bad_rows, "dry_run": call.dry_run}
    order = Order(kind=kind, **choices, **asked)
    installation = Installation(settings(), keys(), session_factory())
    with ExitStack() as stack:
        stream = call.file or sys.stdin.buffer
        origin = stack.enter_context(source(stream, encoding=call.mapping.encoding))
        brought = imports.bring_in(
            installation, origin, order, now=clock.now(), watched=lambda rows: _with_progress(rows, origin)
        )
        _report(brought.faults, call, origin)
    click.echo(brought.words)
    for doubt in brought.doubts:
        click.echo(f"{doubt}{mended(doubt.mend)}", err=True)
    if call.dry_run:
        click.echo(gettext("Nothing was written: this was a dry run."))
    elif call.saved_profile:
        with transaction() as session:
            save_profile(session, call.saved_profile, kind.value, call.mapping, now=clock.now())
            noted(session, Act.PROFILE_SAVED, f"profile:{call.saved_profile}", kind=kind.value)


def _report(faults: Iterable[Fault], call: ImportCall, origin: Source) -> None:
    for line in fault_lines(faults):
        click.echo(line, err=True)
    if not faults or call.dry_run:
        return
    rejected = write_rejected(origin, faults, call.rejected)
    sentence = ngettext(
        "%(num)s row was left out; it stands in %(file)s",
        "%(num)s rows were left out; they stand in %(file)s",
        rejected,
        file=call.rejected,
    )
    click.echo(sentence, err=True)


def _with_progress(rows: Iterator[Any], origin: Source) -> Iterator[Any]:
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
