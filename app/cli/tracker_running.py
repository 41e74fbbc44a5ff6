"""Try a connection once more, switch it off for a while and on again, or remove it for good."""

import click
from flask.cli import with_appcontext

from app.cli.sessions import keys, noted, reading_transaction, session_factory, settings, transaction
from app.domain.auditing import Act
from app.foundations import clock
from app.foundations.http import Trouble
from app.foundations.languages import gettext
from app.jobs.hooks import check_credentials
from app.jobs.installation import Installation
from app.upkeep.audit.log import connection_subject
from app.upkeep.connections.adding import ConnectionRefused, find_locked, get_connection, switch
from app.upkeep.connections.removal import brought_by, remove_connection


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


@click.command("remove", help="Remove a tracker or source for good; requests and scores that it brought stay.")
@click.argument("slug")
@click.option("--yes", "is_meant", is_flag=True, help="Do not ask.")
@with_appcontext
def remove(slug: str, is_meant: bool) -> None:
    """Say what stays, ask whoever sits at a terminal, and remove it."""
    try:
        with reading_transaction() as session:
            brought = brought_by(session, get_connection(session, slug))
    except ConnectionRefused as refused:
        raise click.ClickException(str(refused)) from refused
    told = {"slug": slug, "requests": brought.requests, "scores": brought.scores}
    stays = gettext("%(requests)s requests and %(scores)s scores of %(slug)s stay.", **told)
    if not is_meant and not click.confirm(gettext("%(stays)s Removing it cannot be undone. Go on?", stays=stays)):
        return
    with transaction() as session:
        connection = find_locked(session, slug, lock=True)
        if connection is None:
            return  # somebody else was quicker
        subject, kind = connection_subject(connection), connection.kind
        brought = remove_connection(session, connection, now=clock.now())
        kept = {"kind": kind, "requests_kept": brought.requests, "scores_kept": brought.scores}
        noted(session, Act.CONNECTION_REMOVED, subject, **kept)
    click.echo(gettext("%(slug)s is removed. Delete its webhook and key in the tool, too.", slug=slug))


def _switch(slug: str, *, is_active: bool) -> None:
    try:
        with transaction() as session:
            connection = switch(session, slug, is_active=is_active)
            noted(session, Act.CONNECTION_CHANGED, connection_subject(connection), is_active=is_active)
    except ConnectionRefused as refused:
        raise click.ClickException(str(refused)) from refused
