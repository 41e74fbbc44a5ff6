"""`flask scorecards export`: every figure of every scorecard of a quarter, for other programs."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from app.cli.exporting import file_option, is_stream, refuse_twice, wished_language, write_tables
from app.cli.periods import PERIOD
from app.cli.refusals import refusals_in_words
from app.cli.scorecard_list import no_scorecards
from app.cli.sessions import reading_transaction
from app.domain.periods import Period
from app.foundations.languages import gettext, ngettext, speaking
from app.reports.published import Document
from app.reports.quarter_documents import quarter_documents, quarter_size


@click.command("export", help="Write every figure of every scorecard of PERIOD as a row: --csv, --xlsx, or both.")
@click.argument("period", type=PERIOD)
@click.option("--language", help="Of the sentences. Default: the first of PARITY_LANGUAGES.")
@file_option("--csv")
@file_option("--xlsx")
@with_appcontext
def export(period: Period, language: str | None, csv_file: Path | None, xlsx_file: Path | None) -> None:
    """Write the last revisions, one document after the other; exit 1 if there is none."""
    files = [file for file in (csv_file, xlsx_file) if file is not None]
    if not files:
        raise click.UsageError(gettext("Name a file to write to: --csv FILE, --xlsx FILE, or both."))
    refuse_twice(files)
    spoken = wished_language(language)
    with refusals_in_words(), reading_transaction() as session, speaking(spoken):
        count, frozen_at = quarter_size(session, period)
        if frozen_at is None:
            raise no_scorecards(session, period)
        for file in files:
            _write(session, period, count, file, is_csv=file is csv_file, frozen_at=frozen_at)
            click.echo(
                ngettext("%(num)s scorecard is in %(file)s.", "%(num)s scorecards are in %(file)s.", count, file=file),
                err=is_stream(file),  # which may be where we would say so
            )


def _write(session: Session, period: Period, count: int, file: Path, *, is_csv: bool, frozen_at: datetime) -> None:
    with closing(quarter_documents(session, period)) as found, _progress(found, file, count) as documents:
        ways = (file, None) if is_csv else (None, file)
        write_tables(documents, *ways, frozen_at=frozen_at)


@contextmanager
def _progress(documents: Iterator[Document], file: Path, count: int) -> Iterator[Iterable[Document]]:
    """Show a bar on a terminal, nothing in a pipe."""
    with click.progressbar(
        documents, length=count, label=file.name, file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        yield bar
