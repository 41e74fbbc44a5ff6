"""How trackers and sources are doing, in words and in the company's time."""

from datetime import datetime

import click
from flask.cli import with_appcontext

from app.cli.sessions import reading_transaction, settings
from app.domain.states import ConnectionSide
from app.foundations.languages import gettext, pgettext
from app.upkeep.connections.adding import ConnectionRefused, connections_of, get_connection
from app.upkeep.connections.health import health_of, trouble_of
from app.upkeep.connections.words import health_lines

NOTHING = "-"


@click.command("show", help="Say how a tracker or source is doing: events, hook, polls, deliveries, scores left out.")
@click.argument("slug")
@with_appcontext
def show(slug: str) -> None:
    """Print one line for each thing that is known."""
    try:
        with reading_transaction() as session:
            health = health_of(session, get_connection(session, slug))
    except ConnectionRefused as refused:
        raise click.ClickException(str(refused)) from refused
    is_on = pgettext("connection", "yes") if health.is_active else pgettext("connection", "no")
    first = ((pgettext("connection", "kind"), health.kind), (pgettext("connection", "switched on"), is_on))
    for name, said in (*first, *health_lines(health, _local, NOTHING)):
        click.echo(f"{name}: {said}")


def print_list(side: ConnectionSide) -> None:
    """Print one line for each tracker, or source: slug, kind, last event, whether it is off, what is wrong."""
    with reading_transaction() as session:
        for found in connections_of(session, side):
            state = "" if found.is_active else gettext("switched off")
            cells = (found.slug, found.kind, _local(found.last_event_at), state, trouble_of(session, found) or "")
            click.echo("\t".join(filter(None, cells)))


def _local(moment: datetime | None) -> str:
    """Return a moment in the company's time zone."""
    return f"{moment.astimezone(settings().time_zone):%Y-%m-%d %H:%M}" if moment else NOTHING
