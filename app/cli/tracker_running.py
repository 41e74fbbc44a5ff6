"""Try a connection once more, switch it off for a while, and on again."""

import click
from flask.cli import with_appcontext

from app.cli.sessions import keys, noted, reading_transaction, session_factory, settings, transaction
from app.domain.auditing import Act
from app.foundations import clock
from app.foundations.http import Trouble
from app.foundations.languages import gettext
from app.jobs.hooks import check_credentials
from app.jobs.installation import Installation
from app.upkeep.audit import connection_subject
from app.upkeep.trackers import ConnectionRefused, get_connection, switch


@click.command("check", help="Try the credentials of a tracker or source, and say whose they are.")
@click.argument("slug")
@with_appcontext
def check(slug: str) -> None:
    """Ask the tool; nothing is stored."""
    try:
        with reading_transaction() as session:
            get_connection(session, slug)
        click.echo(check_credentials(Installation(settings(), keys(), session_factory()), slug, now=clock.now()))
    except (ConnectionRefused, Trouble) as refused:
        raise click.ClickException(str(refused)) from refused


@click.command("pause", help="Switch a tracker or source off; what it told stays.")
@click.argument("slug")
@with_appcontext
def pause(slug: str) -> None:
    """Switch a connection off."""
    _switch(slug, is_active=False)
    sentence = gettext(
        "%(slug)s is switched off; what it told stays. flask trackers resume %(slug)s switches it on again. If it is"
        " for good, delete the hook and the key at the tool, too.",
        slug=slug,
    )
    click.echo(sentence)


@click.command("resume", help="Switch a tracker or source on again; the next poll brings what happened meanwhile.")
@click.argument("slug")
@with_appcontext
def resume(slug: str) -> None:
    """Switch a connection on."""
    _switch(slug, is_active=True)
    click.echo(gettext("%(slug)s is switched on; what can be asked is asked at once.", slug=slug))


def _switch(slug: str, *, is_active: bool) -> None:
    try:
        with transaction() as session:
            connection = switch(session, slug, is_active=is_active)
            noted(session, Act.CONNECTION_CHANGED, connection_subject(connection), is_active=is_active)
    except ConnectionRefused as refused:
        raise click.ClickException(str(refused)) from refused
