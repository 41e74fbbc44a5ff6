"""`flask trackers explain`: what one delivery means, without storing anything."""

import json
from dataclasses import replace
from typing import Any, BinaryIO

import click
from flask.cli import with_appcontext

from app.cli.connection_settings import read_settings, setting_option
from app.cli.sessions import reading_transaction, settings
from app.connectors import find_connector, kinds_of
from app.connectors.connector import Connector, Shape
from app.connectors.hooks import Conclusion, Hook, UnreadableBody, Verdict, WrongSignature, explained
from app.connectors.json_body import Unfit, as_boolean
from app.domain.states import ConnectionSide, RequestState
from app.foundations import clock
from app.foundations.languages import gettext, pgettext
from app.upkeep.trackers import ConnectionRefused, get_connection

_NOTHING = frozenset({Verdict.IGNORED.value, Verdict.INVALID.value})
KINDS = sorted({*kinds_of(ConnectionSide.TRACKER), *kinds_of(ConnectionSide.SCORES)})


@click.command("explain", help="Say what one delivery means, without storing anything.")
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--body", type=click.File("rb"), help="The body as it came, - for standard input.")
@click.option("--header", "lines", multiple=True, metavar="'Name: value'", help="Repeatable.")
@click.option("--fetched", type=click.File("rb"), help="What the tool answers about a body of ids only.")
@setting_option
@click.option("--connection", "slug", help="Take the settings of this tracker or source; --setting changes them.")
@click.option("--was", type=click.Choice(["open", "done"]), help="The state stored before.")
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
def explain(
    kind: str,
    body: BinaryIO | None,
    lines: tuple[str, ...],
    fetched: BinaryIO | None,
    pairs: tuple[str, ...],
    slug: str | None,
    was: str | None,
    as_json: bool,
) -> None:
    """Explain one delivery; exit 0 whatever the verdict."""
    if body is None and fetched is None:
        raise click.UsageError(gettext("give the delivery with --body, or the tool's answer with --fetched"))
    given = {**_stored(kind, slug), **read_settings(pairs)}
    hook = Hook(
        body=body.read() if body else b"",
        headers=dict(_header(line) for line in lines),
        settings=given,
        time_zone=settings().time_zone,
        received_at=clock.now(),
        fetched=fetched.read() if fetched else None,
        was=RequestState(was) if was else None,
    )
    document = _best(kind, hook)
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    rows = [(name, said) for name, value in document.items() if (said := _said(value))]
    width = max(len(name) for name, _ in rows)
    for name, said in rows:
        click.echo(f"{name.ljust(width)}  {said}")


def _said(value: object) -> str:
    """Return a value as a person reads it, members of an object by name; "" for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return pgettext("connection", "yes") if value else pgettext("connection", "no")
    if isinstance(value, dict):
        return ", ".join(f"{name} {said}" for name, inner in value.items() if (said := _said(inner)))
    if isinstance(value, list):
        return ", ".join(filter(None, map(_said, value)))
    return str(value)


def _best(kind: str, hook: Hook) -> dict[str, Any]:
    """Return what the tracker of this kind concludes or, if that is nothing, a score source of the same name."""
    known = [find_connector(side, kind) for side in (ConnectionSide.TRACKER, ConnectionSide.SCORES)]
    readers = [one for one in known if one is not None and (one.read or one.explain)]
    if not readers:
        raise click.ClickException(gettext("%(kind)s has no deliveries: its files come by flask import", kind=kind))
    told = [_explained(one, _as_set(one, hook)) for one in readers]
    return next((one for one in told if one["verdict"] not in _NOTHING), told[0])


def _stored(kind: str, slug: str | None) -> dict[str, Any]:
    """Return the open settings of a connection of this kind; its secrets are not needed to read a body."""
    if slug is None:
        return {}
    try:
        with reading_transaction() as session:
            connection = get_connection(session, slug)
    except ConnectionRefused as refused:
        raise click.ClickException(str(refused)) from refused
    if connection.kind != kind:
        raise click.ClickException(gettext("%(slug)s is of the kind %(kind)s", slug=slug, kind=connection.kind))
    return dict(connection.settings)


def _as_set(connector: Connector, hook: Hook) -> Hook:
    """Return the delivery with its settings as a connection of this kind would store them, and its secrets apart."""
    given = dict(hook.settings)
    flags = {one.name: given[one.name] for one in connector.settings if one.shape is Shape.FLAG and one.name in given}
    try:
        settings = given | {name: as_boolean(value) for name, value in flags.items()}
    except Unfit as unfit:
        raise click.UsageError(str(unfit)) from unfit
    return replace(hook, settings=settings, secrets=_secrets(connector, given))


def _secrets(connector: Connector, given: dict[str, Any]) -> tuple[str, ...]:
    """Return the secrets among the settings: under the kind's own name, or as `secret`; several as a list."""
    names = {"secret", *(one.name for one in connector.settings if one.signs)}
    found = [given.get(name) for name in sorted(names)]
    values = [value for one in found for value in (one if isinstance(one, list) else [one])]
    return tuple(str(value) for value in values if value not in (None, ""))


def _explained(connector: Connector, hook: Hook) -> dict[str, Any]:
    """Judge the signature only where a secret was given; the age of an archived delivery never counts."""
    read = connector.read or connector.explain
    assert read is not None
    has_proof = hook.secrets or any(hook.settings.get(one.name) for one in connector.settings if one.proves)
    is_judged = bool(has_proof) and connector.verify is not None and bool(hook.body)
    signature = "valid" if is_judged else "not_checked"
    try:
        greeting = connector.greet(hook) if connector.greet else None
        if greeting is not None:
            why = gettext("the tool introduces itself before its first delivery")
            return explained(Conclusion(verdict=Verdict.HANDSHAKE, why=why), "not_checked")
        if is_judged and connector.verify is not None:
            connector.verify(hook)
        return explained(read(hook), signature, hook.received_at)
    except WrongSignature as wrong:
        return explained(Conclusion(verdict=Verdict.INVALID, why=str(wrong)), "invalid")
    except UnreadableBody as unreadable:
        return explained(Conclusion(verdict=Verdict.INVALID, why=str(unreadable)), signature)


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon:
        raise click.UsageError(gettext("--header '%(text)s': write it as 'Name: value'", text=line))
    return name.strip().lower(), value.strip()
