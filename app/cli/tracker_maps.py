"""What administrators look up and mend about a connection: what its keys and values mean."""

import csv
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from app.cli.sessions import keys, noted, reading_transaction, transaction
from app.domain.auditing import Act
from app.foundations import clock
from app.foundations.languages import gettext, mark
from app.models.connections import Connection
from app.pipeline.intake.people import adopt_addresses
from app.pipeline.intake.provider import find_named_department
from app.upkeep.audit.log import connection_subject
from app.upkeep.connections.adding import ConnectionRefused, change_settings, get_connection
from app.upkeep.connections.score_settings import touchpoints_without_department
from app.upkeep.connections.unmapped import strangers_among, unmapped_of


@click.command("unmapped", help="List requesters without an address and departments that are unknown here, as CSV.")
@click.argument("slug")
@with_appcontext
def unmapped(slug: str) -> None:
    """Print what, value and how many requests; fill in the last column and read it back with `map`."""
    with reading_transaction() as session:
        unknown = unmapped_of(session, _get(session, slug), now=clock.now())
    found = {"requester": unknown.requesters, "department": unknown.departments}
    table = csv.writer(sys.stdout)
    table.writerow(("what", "value", "requests", "means"))
    for what, values in found.items():
        table.writerows((what, value, count, "") for value, count in values.items())


@click.command("map", help="Read from a CSV (what, value, means) which keys mean which addresses and department codes.")
@click.argument("slug")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def map_values(slug: str, file: Path) -> None:
    """Add to the tables of a connection; requests that still wait are asked about under the address told."""
    told = _read(file)
    with transaction() as session:
        connection = _get(session, slug)
        tables = {name: {**connection.settings.get(name, {}), **values} for name, values in told.items() if values}
        try:
            change_settings(session, keys(), slug, tables)
        except ConnectionRefused as refused:
            raise click.ClickException(str(refused)) from refused
        adopted = adopt_addresses(session, connection)
        warn_of_unknown_departments(session, told["departments"])
        warn_of_strangers(session, told["requesters"])
        changed = sorted(name for name, values in told.items() if values)
        noted(session, Act.CONNECTION_CHANGED, connection_subject(connection), settings=changed)
    count = sum(len(values) for values in told.values())
    click.echo(gettext("%(count)s mapped; %(adopted)s people have an address now", count=count, adopted=adopted))


def warn_of_unknown_departments(session: Session, table: Mapping[str, str] | None) -> None:
    """Say on the error stream which departments of a table are not known here; they may be imported later."""
    named = sorted({one for one in (table or {}).values() if find_named_department(session, one, clock.now()) is None})
    if named:
        sentence = mark("No department here has this code or name: %(names)s. Until there is one, it maps nothing.")
        click.echo(gettext(sentence, names=", ".join(named)), err=True)


def warn_of_strangers(session: Session, table: Mapping[str, str]) -> None:
    """Say on the error stream which addresses of a table no table of people names; one may be imported later."""
    if named := sorted(strangers_among(session, table.values())):
        sentence = mark(
            "No table of people names %(names)s: whoever has such an address is asked, and counts for no department."
        )
        click.echo(gettext(sentence, names=", ".join(named)), err=True)


def warn_of_unknown_touchpoints(session: Session, settings: Mapping[str, Any]) -> None:
    """Say on the error stream which touchpoints of a source no department counts; a table of departments may yet."""
    if unknown := touchpoints_without_department(session, settings):
        sentence = mark(
            "No department counts the touchpoint %(names)s: its scores are kept and stand on no scorecard until flask"
            " import departments names it in the column touchpoints."
        )
        click.echo(gettext(sentence, names=", ".join(unknown)), err=True)


def _read(file: Path) -> dict[str, dict[str, str]]:
    told: dict[str, dict[str, str]] = {"requesters": {}, "departments": {}}
    with file.open(encoding="utf-8-sig", newline="") as source:
        for line, row in enumerate(csv.DictReader(source), start=2):
            what, value, means = (str(row.get(name) or "").strip() for name in ("what", "value", "means"))
            if f"{what}s" not in told or not value:
                sentence = mark("%(file)s:%(line)s: write what (requester or department), value and means")
                raise click.ClickException(gettext(sentence, file=file.name, line=line))
            if means:
                told[f"{what}s"][value] = means
    return told


def _get(session: Session, slug: str) -> Connection:
    try:
        return get_connection(session, slug)
    except ConnectionRefused as refused:
        raise click.ClickException(str(refused)) from refused
