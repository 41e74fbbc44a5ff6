"""Turns what the rules refuse into lines on the terminal and exit status 1."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError, OperationalError

from app.cli.mending import mended
from app.foundations.languages import gettext, ngettext
from app.imports.faults import Fault, OptionRefused, RowsRefused, TableRefused, grouped
from app.models.base import db
from app.models.releases import PeriodsMisfiled, PeriodsMoved
from app.upkeep.findings import Finding
from app.upkeep.running import readiness

ROWS_NAMED = 10  # of those that have the same fault


class Refused(click.ClickException):
    """One or more sentences, a line each, as they are: no `Error:` before a fault with its file and line."""

    def show(self, file: object = None) -> None:  # noqa: ARG002 - click's signature
        """Print the sentences to standard error."""
        click.echo(self.message, err=True)


@contextmanager
def database_in_words(app: Flask) -> Iterator[None]:
    """End the command with a sentence where the database cannot be reached or was never brought to this version."""
    try:
        yield
    except DBAPIError as error:
        with app.app_context():
            trouble = readiness.trouble_with_database(db.session())
        if trouble is None:
            raise
        raise Refused(trouble) from error


@contextmanager
def refusals_in_words() -> Iterator[None]:
    """End the command with exit status 1 and what is to mend where rows, options or the database refuse."""
    try:
        yield
    except RowsRefused as refused:
        raise Refused("\n".join([*fault_lines(refused.faults), _conclusion(refused)])) from refused
    except OptionRefused as refused:
        raise Refused(f"{refused}{mended(refused.mend)}") from refused
    except PeriodsMisfiled as misfiled:
        problem = gettext("What is stored was filed with another PARITY_TIME_ZONE or PARITY_FISCAL_YEAR_START")
        command = gettext("flask doctor --refile-periods files it anew. Until then nothing is issued.")
        raise Refused(Finding(problem, command)) from misfiled
    except PeriodsMoved as moved:
        sentence = gettext(
            "Quarters were stored with another PARITY_TIME_ZONE or PARITY_FISCAL_YEAR_START: set them back; flask"
            " doctor names them. Until then nothing is issued."
        )
        raise Refused(sentence) from moved
    except OSError as error:
        raise Refused(f"{error.filename or ''}: {error.strerror}".removeprefix(": ")) from error
    except OperationalError as error:
        if "locked" not in str(error.orig):
            raise
        sentence = gettext("another process is writing to the database; nothing was written, please try again")
        raise Refused(sentence) from error


def fault_lines(faults: Iterable[Fault]) -> Iterator[str]:
    """Yield a line a fault, equal faults as one: where it is met first, in how many rows and in which of them."""
    for fault, lines in grouped(faults):
        yield f"{fault}{mended(fault.mend)}{_rows(lines)}"


def _rows(lines: list[int]) -> str:
    if len(lines) == 1:
        return ""
    named = ", ".join([*map(str, lines[:ROWS_NAMED]), *(["…"] if len(lines) > ROWS_NAMED else [])])
    return " " + ngettext("(%(num)s row: %(rows)s)", "(%(num)s rows: %(rows)s)", len(lines), rows=named)


def _conclusion(refused: RowsRefused) -> str:
    if isinstance(refused, TableRefused):
        return gettext("Nothing was written. Mend the file or the options, then run the command again.")
    rows = len({(fault.file, fault.line) for fault in refused.faults})
    return gettext(
        "Nothing was written: %(faults)s %(in_rows)s. Mend them in the file and import it again; with --skip-bad-rows"
        " the other rows come in.",
        faults=ngettext("%(num)s fault", "%(num)s faults", len(refused.faults)),
        in_rows=ngettext("in %(num)s row", "in %(num)s rows", rows),
    )
