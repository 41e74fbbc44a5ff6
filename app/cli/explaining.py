"""`flask trackers explain`: what one delivery means, without storing anything."""

import json
from typing import Any, BinaryIO

import click
from flask.cli import with_appcontext

from app.cli.connection_settings import read_settings, setting_option
from app.cli.sessions import reading_transaction, settings
from app.connectors import kinds_of
from app.connectors.hooks import Hook
from app.domain.states import ConnectionSide, RequestState
from app.foundations import clock
from app.foundations.languages import gettext
from app.upkeep.connections.adding import ConnectionRefused, get_connection
from app.upkeep.connections.explaining import NothingToExplain, UnfitSetting, header_of, lines_of
from app.upkeep.connections.explaining import explain as explained

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
    try:
        document = explained(kind, hook)
    except UnfitSetting as unfit:
        raise click.UsageError(str(unfit)) from unfit
    except NothingToExplain as nothing:
        raise click.ClickException(str(nothing)) from nothing
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    rows = lines_of(document)
    width = max(len(name) for name, _ in rows)
    for name, said in rows:
        click.echo(f"{name.ljust(width)}  {said}")


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


def _header(line: str) -> tuple[str, str]:
    found = header_of(line)
    if found is None:
        raise click.UsageError(gettext("--header '%(text)s': write it as 'Name: value'", text=line))
    return found
