"""`flask trackers` and `flask sources`: add, change and list connections, ask their tools, renew their secrets."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from app.cli.connection_settings import read_settings, secret_option, setting_option
from app.cli.explaining import explain
from app.cli.mending import mended
from app.cli.sessions import keys, noted, reading_transaction, session_factory, settings, transaction
from app.cli.tracker_health import print_list, show
from app.cli.tracker_maps import (
    map_values,
    unmapped,
    warn_of_unknown_departments,
    warn_of_unknown_touchpoints,
)
from app.cli.tracker_running import check, pause, remove, resume
from app.connectors import find_connector, kinds_of
from app.domain.auditing import Act
from app.domain.states import ConnectionSide
from app.foundations import clock
from app.foundations.http import Trouble
from app.foundations.languages import gettext, mark
from app.imports.faults import RowsRefused
from app.jobs.hooks import check_credentials, register_hook
from app.jobs.installation import Installation
from app.jobs.polling import backfill
from app.upkeep.audit.log import connection_subject
from app.upkeep.connections.adding import (
    ConnectionRefused,
    add_connection,
    change_settings,
    forget_previous_secret,
    get_connection,
    renew_secret,
)
from app.upkeep.connections.states import refuses_all

TRACKER_KINDS = kinds_of(ConnectionSide.TRACKER)
SOURCE_KINDS = kinds_of(ConnectionSide.SCORES)

untried_option = click.option("--untried", is_flag=True, help="Neither try the credentials nor register the hook now.")


@click.group(help="Trackers: where requests come from.")
def trackers() -> None:
    """Group the commands about trackers."""


@click.group(help="Sources of customers' scores and of earlier answers.")
def sources() -> None:
    """Group the commands about sources."""


for command in (explain, show, unmapped, map_values, check, pause, resume, remove):
    trackers.add_command(command)


@trackers.command("add", help="Add a tracker; prints its hook address and secret once.")
@click.argument("slug")
@click.option("--kind", required=True, type=click.Choice(TRACKER_KINDS))
@setting_option
@secret_option
@untried_option
@with_appcontext
def add_tracker(slug: str, kind: str, pairs: tuple[str, ...], files: tuple[str, ...], untried: bool) -> None:
    """Add a tracker."""
    _add(slug, ConnectionSide.TRACKER, kind, pairs, files, untried=untried)


@sources.command("add", help="Add a source of scores; prints its hook address and secret once, if it has any.")
@click.argument("slug")
@click.option("--kind", required=True, type=click.Choice(SOURCE_KINDS))
@setting_option
@secret_option
@untried_option
@with_appcontext
def add_source(slug: str, kind: str, pairs: tuple[str, ...], files: tuple[str, ...], untried: bool) -> None:
    """Add a source."""
    _add(slug, ConnectionSide.SCORES, kind, pairs, files, untried=untried)


@trackers.command("set", help="Change settings of a tracker or source; `--setting name=null` takes one away.")
@click.argument("slug")
@setting_option
@secret_option
@with_appcontext
def change(slug: str, pairs: tuple[str, ...], files: tuple[str, ...]) -> None:
    """Change settings; the next poll is due at once."""
    with _refusals(), transaction() as session:
        given = read_settings(pairs, files)
        change_settings(session, keys(), slug, given)
        noted(session, Act.CONNECTION_CHANGED, _subject(session, slug), settings=sorted(given))
        _warn(session, slug, given)


@trackers.command("register", help="Register the hook with the tool, once more or for the first time.")
@click.argument("slug")
@with_appcontext
def register(slug: str) -> None:
    """Register the hook with the tool."""
    with _refusals():
        with reading_transaction() as session:
            get_connection(session, slug)
        _register(slug)


@trackers.command("backfill", help="Ask the tool for everything since a day; the same again changes nothing.")
@click.argument("slug")
@click.option("--since", required=True, type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="A day, or a moment.")
@with_appcontext
def backfill_tracker(slug: str, since: datetime) -> None:
    """Ask for everything since a day, with progress on a terminal."""
    from_then = since.replace(tzinfo=settings().time_zone).astimezone(UTC)
    told = 0
    with _refusals():
        with reading_transaction() as session:
            get_connection(session, slug)
        for page in backfill(_installation(), slug, since=from_then, now=clock.now()):
            told += len(page.events) + len(page.scores)
            if sys.stderr.isatty():
                click.echo("\r" + gettext("%(count)s told so far", count=told), nl=False, err=True)
    if sys.stderr.isatty():
        click.echo(err=True)
    with transaction() as session:
        noted(session, Act.BACKFILLED, _subject(session, slug), since=from_then.isoformat(), told=told)
    click.echo(gettext("%(count)s told by the tool", count=told))


@trackers.command("list", help="List trackers with their last event.")
@with_appcontext
def list_trackers() -> None:
    """List trackers."""
    print_list(ConnectionSide.TRACKER)


@sources.command("list", help="List sources with their last event.")
@with_appcontext
def list_sources() -> None:
    """List sources."""
    print_list(ConnectionSide.SCORES)


@trackers.command("renew-secret", help="Print a new secret; the old one is honoured until --forget-old.")
@click.argument("slug")
@click.option("--forget-old", is_flag=True, help="Refuse the old secret from now on, once the sender uses the new one.")
@with_appcontext
def renew(slug: str, forget_old: bool) -> None:
    """Turn over a secret in two steps, so that no delivery is lost in between."""
    secret = None
    with _refusals(), transaction() as session:
        if forget_old:
            forget_previous_secret(session, slug)
            noted(session, Act.OLD_SECRET_FORGOTTEN, _subject(session, slug))
        else:
            secret = renew_secret(session, keys(), slug)
            noted(session, Act.SECRET_RENEWED, _subject(session, slug))
    if secret is not None:
        click.echo(gettext("secret: %(secret)s", secret=secret))


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn what a person can mend into a sentence and exit 1."""
    try:
        yield
    except ConnectionRefused as refused:
        raise click.ClickException(f"{refused}{mended(refused.mend)}") from refused
    except (Trouble, RowsRefused) as refused:
        raise click.ClickException(str(refused)) from refused


def _installation() -> Installation:
    return Installation(settings(), keys(), session_factory())


def _add(
    slug: str, side: ConnectionSide, kind: str, pairs: tuple[str, ...], files: tuple[str, ...], *, untried: bool
) -> None:
    with _refusals(), transaction() as session:
        given = read_settings(pairs, files)
        base_url = settings().base_url
        credentials = add_connection(
            session, keys(), slug=slug, side=side, kind=kind, settings=given, base_url=base_url, now=clock.now()
        )
        noted(session, Act.CONNECTION_ADDED, _subject(session, slug), kind=kind)
        _warn(session, slug, given)
    click.echo(gettext("added %(slug)s", slug=slug))
    if credentials.hook_key:
        address = f"{base_url}/hooks/{slug}/{credentials.hook_key}"
        click.echo(gettext("hook: %(address)s", address=address))
    if credentials.secret:
        click.echo(gettext("secret: %(secret)s", secret=credentials.secret))
    if credentials.hook_key or credentials.secret:
        click.echo(gettext("Keep them now: they are not shown again."))
    _say_what_is_left(slug, side, kind)
    if not untried:
        _try_out(slug, side, kind)


def _warn(session: Session, slug: str, given: Mapping[str, Any]) -> None:
    """Name what the settings lead to and is not known here."""
    warn_of_unknown_departments(session, given.get("departments"))
    if get_connection(session, slug).side is ConnectionSide.SCORES:
        warn_of_unknown_touchpoints(session, given)


def _say_what_is_left(slug: str, side: ConnectionSide, kind: str) -> None:
    """Say what an administrator has to do at the tool itself, where its hook is made by hand."""
    connector = find_connector(side, kind)
    if connector is None or connector.read is None or connector.register is not None:
        return
    page = f"docs/connectors/{kind}.md" if connector.verify and not connector.make_secret else "docs/connectors.md"
    click.echo(gettext("Enter this address in the tool: %(page)s says where.", page=page))
    with reading_transaction() as session:
        lacks_secret = refuses_all(get_connection(session, slug), connector)
    if lacks_secret:
        sentence = mark(
            "Until the secret that the tool shows there is set here, every event is refused: flask trackers set"
            " %(slug)s --secret-file %(setting)s=FILE"
        )
        click.echo(gettext(sentence, slug=slug, setting=connector.secret_name))


def _try_out(slug: str, side: ConnectionSide, kind: str) -> None:
    """Try the credentials and register the hook; what fails is said, and the connection stays to be mended."""
    connector = find_connector(side, kind)
    assert connector is not None
    try:
        if connector.check is not None:
            click.echo(check_credentials(_installation(), slug, now=clock.now()))
        if connector.register is not None:
            _register(slug)
    except Trouble as trouble:
        click.echo(str(trouble), err=True)
        sentence = gettext(
            "%(slug)s is kept: mend it with flask trackers set %(slug)s --setting …, then flask trackers %(command)s"
            " %(slug)s (docs/connectors/%(kind)s.md)",
            slug=slug,
            kind=kind,
            command="register" if connector.register else "check",
        )
        raise click.ClickException(sentence) from trouble


def _register(slug: str) -> None:
    """Register the hook with the tool; what the tool then knows is noted, whatever happens here afterwards."""
    register_hook(_installation(), slug, now=clock.now())
    with transaction() as session:
        noted(session, Act.HOOK_REGISTERED, _subject(session, slug))
    click.echo(gettext("the hook is registered"))


def _subject(session: Session, slug: str) -> str:
    return connection_subject(get_connection(session, slug))
