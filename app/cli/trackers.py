"""`flask trackers` and `flask sources`: add and list connections, renew their secrets, explain one delivery."""

import json
from collections.abc import Iterable
from typing import Any, BinaryIO

import click
from flask.cli import with_appcontext

from app.cli.sessions import keys, reading_transaction, settings, transaction
from app.connectors import find_connector, kinds_of
from app.connectors.hooks import (
    Conclusion,
    Connector,
    Hook,
    UnreadableBody,
    Verdict,
    WrongSignature,
    explained,
)
from app.domain.states import ConnectionSide, RequestState
from app.foundations import clock
from app.foundations.languages import gettext
from app.upkeep.trackers import (
    ConnectionRefused,
    add_connection,
    connections_of,
    forget_previous_secret,
    renew_secret,
)

TRACKER_KINDS = kinds_of(ConnectionSide.TRACKER)
SOURCE_KINDS = kinds_of(ConnectionSide.SCORES)

setting_option = click.option(
    "--setting", "pairs", multiple=True, metavar="NAME=VALUE", help="Repeatable; JSON or text."
)


@click.group(help="Trackers: where requests come from.")
def trackers() -> None:
    """Group the commands about trackers."""


@click.group(help="Sources of customers' scores and of earlier answers.")
def sources() -> None:
    """Group the commands about sources."""


@trackers.command("add", help="Add a tracker; prints its hook address and secret once.")
@click.argument("slug")
@click.option("--kind", required=True, type=click.Choice(TRACKER_KINDS))
@setting_option
@with_appcontext
def add_tracker(slug: str, kind: str, pairs: tuple[str, ...]) -> None:
    """Add a tracker."""
    _add(slug, ConnectionSide.TRACKER, kind, pairs)


@sources.command("add", help="Add a source of scores; prints its hook address and secret once, if it has any.")
@click.argument("slug")
@click.option("--kind", required=True, type=click.Choice(SOURCE_KINDS))
@setting_option
@with_appcontext
def add_source(slug: str, kind: str, pairs: tuple[str, ...]) -> None:
    """Add a source."""
    _add(slug, ConnectionSide.SCORES, kind, pairs)


@trackers.command("list", help="List trackers with their last event.")
@with_appcontext
def list_trackers() -> None:
    """List trackers."""
    _list(ConnectionSide.TRACKER)


@sources.command("list", help="List sources with their last event.")
@with_appcontext
def list_sources() -> None:
    """List sources."""
    _list(ConnectionSide.SCORES)


@trackers.command("renew-secret", help="Print a new secret; the old one is honoured until --forget-old.")
@click.argument("slug")
@click.option("--forget-old", is_flag=True, help="Refuse the old secret from now on, once the sender uses the new one.")
@with_appcontext
def renew(slug: str, forget_old: bool) -> None:
    """Turn over a secret in two steps, so that no delivery is lost in between."""
    try:
        with transaction() as session:
            if forget_old:
                forget_previous_secret(session, slug)
            else:
                click.echo(gettext("secret: %(secret)s", secret=renew_secret(session, keys(), slug)))
    except ConnectionRefused as refused:
        raise click.ClickException(str(refused)) from refused


@trackers.command("explain", help="Say what one delivery means, without storing anything.")
@click.argument("kind", type=click.Choice(TRACKER_KINDS))
@click.option("--body", required=True, type=click.File("rb"), help="The body as it came, - for standard input.")
@click.option("--header", "lines", multiple=True, metavar="'Name: value'", help="Repeatable.")
@click.option("--fetched", type=click.File("rb"), help="What the tool answers about a body of ids only.")
@setting_option
@click.option("--was", type=click.Choice(["open", "done"]), help="The state stored before.")
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
def explain(
    kind: str,
    body: BinaryIO,
    lines: tuple[str, ...],
    fetched: BinaryIO | None,
    pairs: tuple[str, ...],
    was: str | None,
    as_json: bool,
) -> None:
    """Explain one delivery; exit 0 whatever the verdict."""
    connector = find_connector(ConnectionSide.TRACKER, kind)
    if connector is None or connector.read is None:
        raise click.ClickException(gettext("%(kind)s has no deliveries: its files come by flask import", kind=kind))
    given = read_settings(pairs)
    secret = str(given.pop("secret", "") or "")
    hook = Hook(
        body=body.read(),
        headers=dict(_header(line) for line in lines),
        secrets=(secret,) if secret else (),
        settings=given,
        time_zone=settings().time_zone,
        received_at=clock.now(),
        fetched=fetched.read() if fetched else None,
        was=RequestState(was) if was else None,
    )
    document = _explained(connector, hook, check=bool(secret))
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        for name, value in document.items():
            if value not in (None, []):
                click.echo(f"{name}: {value}")


def _explained(connector: Connector, hook: Hook, *, check: bool) -> dict[str, Any]:
    """Judge the signature only where a secret was given; the age of an archived delivery never counts."""
    assert connector.read is not None
    signature = "valid" if check and connector.verify else "not_checked"
    try:
        if check and connector.verify:
            connector.verify(hook)
        return explained(connector.read(hook), signature)
    except WrongSignature as wrong:
        return explained(Conclusion(verdict=Verdict.INVALID, why=str(wrong)), "invalid")
    except UnreadableBody as unreadable:
        return explained(Conclusion(verdict=Verdict.INVALID, why=str(unreadable)), signature)


def read_settings(pairs: Iterable[str]) -> dict[str, Any]:
    """Return `name=value` pairs; a value that parses as JSON is JSON, anything else is text."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, separator, text = pair.partition("=")
        if not (separator and name.strip()):
            raise click.UsageError(gettext("--setting '%(text)s': write it as name=value", text=pair))
        try:
            found[name.strip()] = json.loads(text)
        except ValueError:
            found[name.strip()] = text
    return found


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon:
        raise click.UsageError(gettext("--header '%(text)s': write it as 'Name: value'", text=line))
    return name.strip().lower(), value.strip()


def _add(slug: str, side: ConnectionSide, kind: str, pairs: tuple[str, ...]) -> None:
    try:
        with transaction() as session:
            credentials = add_connection(
                session, keys(), slug=slug, side=side, kind=kind, settings=read_settings(pairs), now=clock.now()
            )
    except ConnectionRefused as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(gettext("added %(slug)s", slug=slug))
    if credentials.hook_key:
        address = f"{settings().base_url}/hooks/{slug}/{credentials.hook_key}"
        click.echo(gettext("hook: %(address)s", address=address))
    if credentials.secret:
        click.echo(gettext("secret: %(secret)s", secret=credentials.secret))
    if credentials.hook_key or credentials.secret:
        click.echo(gettext("Keep them now: they are not shown again."))


def _list(side: ConnectionSide) -> None:
    with reading_transaction() as session:
        for found in connections_of(session, side):
            last = found.last_event_at.isoformat(timespec="seconds") if found.last_event_at else "-"
            state = "" if found.is_active else gettext("switched off")
            click.echo("\t".join(filter(None, (found.slug, found.kind, last, state))))
