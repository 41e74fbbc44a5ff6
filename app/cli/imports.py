"""`flask import`: tables of departments, people, requests, earlier answers and customers' scores."""

import click

from app.cli.import_options import ImportCall, import_options
from app.cli.importing import bring_in
from app.domain.periods import Period
from app.foundations.languages import gettext
from app.imports.faults import OptionRefused
from app.models.uploads import ImportKind

create_departments_option = click.option(
    "--create-departments", is_flag=True, help="Add departments that are not known yet."
)
source_option = click.option("--source", required=True, metavar="SLUG", help="The source that they come from.")


@click.group("import", help="Bring in a table: CSV, gzip, XLSX, or - for standard input.")
def imports() -> None:
    """Hold the import commands."""


@imports.command("departments", help="Import departments from FILE.")
@create_departments_option
@import_options
def import_departments(call: ImportCall, create_departments: bool) -> None:
    """Upsert departments by code and valid_from."""
    bring_in(call, ImportKind.DEPARTMENTS, create_departments=create_departments)


@imports.command("people", help="Import people from FILE.")
@create_departments_option
@import_options
def import_people(call: ImportCall, create_departments: bool) -> None:
    """Upsert people by address and valid_from."""
    bring_in(call, ImportKind.PEOPLE, create_departments=create_departments)


@imports.command("requests", help="Import service requests from FILE.")
@click.option("--tracker", required=True, metavar="SLUG", help="The tracker that they come from.")
@create_departments_option
@import_options
def import_requests(call: ImportCall, tracker: str, create_departments: bool) -> None:
    """Take rows as state reports."""
    bring_in(call, ImportKind.REQUESTS, slug=tracker, create_departments=create_departments)


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
    replaced = _replaced(replace, period)
    bring_in(call, ImportKind.RESPONSES, slug=source, create_departments=create_departments, replaced=replaced)


@imports.command("external", help="Import customers' scores: single responses, or totals where the file has `period`.")
@source_option
@import_options
def import_external(call: ImportCall, source: str) -> None:
    """Upsert responses by response_id, or totals by touchpoint, dimension, instrument and period."""
    bring_in(call, ImportKind.EXTERNAL, slug=source)


def _replaced(replace: bool, period: str | None) -> Period | None:
    if replace != (period is not None):
        raise OptionRefused(gettext("--replace and --period belong together: --replace --period 2026-Q3"))
    try:
        return Period.parse(period) if period else None
    except ValueError as error:
        raise OptionRefused(gettext("'%(value)s' is not a period; write 2026-Q3", value=period)) from error
