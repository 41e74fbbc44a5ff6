"""Turns what the rules refuse into lines on the terminal and exit status 1."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError, OperationalError

from app.foundations.languages import gettext
from app.imports.faults import RowsRefused
from app.imports.mapping import OptionRefused
from app.models.base import db
from app.models.releases import PeriodsMisfiled, PeriodsMoved
from app.upkeep import readiness


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
    """End the command with exit status 1 and one line per fault where rows, options or the database refuse."""
    try:
        yield
    except RowsRefused as refused:
        raise Refused("\n".join(map(str, refused.faults))) from refused
    except OptionRefused as refused:
        raise Refused(str(refused)) from refused
    except PeriodsMisfiled as misfiled:
        sentence = gettext(
            "What is stored was filed with another PARITY_TIME_ZONE or PARITY_FISCAL_YEAR_START: flask doctor"
            " --refile-periods files it anew. Until then nothing is issued."
        )
        raise Refused(sentence) from misfiled
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
