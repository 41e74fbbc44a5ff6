"""How trackers and sources are doing, in words and in the company's time."""

from collections.abc import Iterator
from datetime import datetime

import click
from flask.cli import with_appcontext

from app.cli.sessions import reading_transaction, settings
from app.domain.states import ConnectionSide
from app.foundations.languages import gettext, pgettext
from app.upkeep.connection_health import Health, health_of, trouble_of
from app.upkeep.trackers import ConnectionRefused, connections_of, get_connection

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
    for name, said in _lines(health):
        click.echo(f"{name}: {said}")


def _lines(health: Health) -> Iterator[tuple[str, object]]:
    yield pgettext("connection", "kind"), health.kind
    yield (
        pgettext("connection", "switched on"),
        pgettext("connection", "yes") if health.is_active else pgettext("connection", "no"),
    )
    if health.by_file is not None:
        yield pgettext("connection", "told by"), gettext("files: %(command)s", command=health.by_file)
        return
    yield pgettext("connection", "last event"), _local(health.last_event_at)
    if health.hook is not None:
        yield pgettext("connection", "hook"), health.hook
        if health.hook_checked_at is not None:
            yield pgettext("connection", "hook looked after"), _local(health.hook_checked_at)
    if health.is_polled:
        yield pgettext("connection", "last whole poll began"), _local(health.polled_at)
        yield pgettext("connection", "next poll"), _local(health.next_poll_at)
        yield pgettext("connection", "polls that failed in a row"), health.poll_failures
        yield pgettext("connection", "why the last one failed"), health.poll_problem or NOTHING
    yield pgettext("connection", "events that wait"), health.deliveries_waiting
    yield pgettext("connection", "events that could not be read"), health.deliveries_failed
    if health.side is ConnectionSide.SCORES:
        yield pgettext("connection", "scores left out"), health.left_out


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
