"""`flask deliveries`: events that could not be read, and another try at them."""

import click
from flask.cli import AppGroup

from app.cli.sessions import noted, reading_transaction, settings, transaction
from app.cli.tables import print_table
from app.domain.auditing import Act
from app.foundations import clock
from app.foundations.languages import gettext, ngettext, pgettext
from app.upkeep.audit.log import connection_subject
from app.upkeep.connections.adding import ConnectionRefused, get_connection
from app.upkeep.connections.deliveries import Unread, retry_deliveries, unread_deliveries

deliveries = AppGroup("deliveries", help="Events of trackers and sources that could not be read.")


@deliveries.command("list", help="List what failed or waits for another attempt, with the reason.")
@click.argument("slug", required=False)
def list_deliveries(slug: str | None) -> None:
    """Print a line each, the newest last; never what the event says."""
    try:
        with reading_transaction() as session:
            found = unread_deliveries(session, get_connection(session, slug).slug if slug else None)
    except ConnectionRefused as refused:
        raise click.ClickException(str(refused)) from refused
    if not found:
        click.echo(gettext("Every event was read."))
        return
    heads = (
        pgettext("deliveries", "number"),
        pgettext("deliveries", "from"),
        pgettext("deliveries", "received"),
        pgettext("deliveries", "attempts"),
        pgettext("deliveries", "next attempt"),
        pgettext("deliveries", "reason"),
    )
    print_table(heads, [_cells(one) for one in found], numbers=frozenset({0, 3}))


@deliveries.command("retry", help="Read the failed events of a tracker or source again, once the cause is mended.")
@click.argument("slug")
def retry(slug: str) -> None:
    """Hand them to the worker, which finds them within a minute."""
    try:
        with transaction() as session:
            connection = get_connection(session, slug)
            count = retry_deliveries(session, connection, now=clock.now())
            if count:
                noted(session, Act.DELIVERIES_RETRIED, connection_subject(connection), deliveries=count)
    except ConnectionRefused as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(ngettext("%(num)s event is read again.", "%(num)s events are read again.", count))


def _cells(one: Unread) -> tuple[object, ...]:
    zone = settings().time_zone
    again = f"{one.next_attempt_at.astimezone(zone):%Y-%m-%d %H:%M}" if one.next_attempt_at else "–"
    return (one.number, one.slug, f"{one.received_at.astimezone(zone):%Y-%m-%d %H:%M}", one.attempts, again, one.error)
