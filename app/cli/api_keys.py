"""`flask api-keys`: who may use the API, and for what."""

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.sessions import noted, reading_transaction, transaction
from app.cli.tables import print_table
from app.domain.api_scopes import Scope
from app.domain.auditing import Act
from app.foundations import clock
from app.foundations.languages import gettext
from app.models.accounts import ApiKey
from app.upkeep import audit
from app.upkeep.api_keys import ApiKeyRefused, add_api_key, all_api_keys, revoke_api_key


@click.group("api-keys", help="Keys of scripts that use the API.")
def api_keys() -> None:
    """Group the commands about keys."""


@api_keys.command("add", help="Make a key and print it once.")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice([scope.value for scope in Scope]),
    help="Repeatable.",
)
@with_appcontext
def add(name: str, scopes: tuple[str, ...]) -> None:
    """Make a key."""
    try:
        with transaction() as session:
            key = add_api_key(session, name, [Scope(scope) for scope in scopes], now=clock.now())
            noted(session, Act.API_KEY_ADDED, _subject(session, name), scopes=sorted(set(scopes)))
    except ApiKeyRefused as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(key)
    click.echo(gettext("Keep it now: it is not shown again."), err=True)


@api_keys.command("list", help="List keys with their scopes; never the keys themselves.")
@with_appcontext
def list_keys() -> None:
    """List keys."""
    with reading_transaction() as session:
        rows = [
            (
                key.name,
                " ".join(key.scopes),
                f"{key.created_at:%Y-%m-%d}",
                f"{key.revoked_at:%Y-%m-%d}" if key.revoked_at else "–",
            )
            for key in all_api_keys(session)
        ]
    print_table((gettext("name"), gettext("scopes"), gettext("made"), gettext("revoked")), rows)


@api_keys.command("revoke", help="Refuse a key from now on.")
@click.argument("name")
@with_appcontext
def revoke(name: str) -> None:
    """Revoke a key."""
    try:
        with transaction() as session:
            revoke_api_key(session, name, now=clock.now())
            noted(session, Act.API_KEY_REVOKED, _subject(session, name))
    except ApiKeyRefused as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(gettext("revoked %(name)s", name=name))


def _subject(session: Session, name: str) -> str:
    return audit.by_api_key(session.scalars(select(ApiKey.id).where(ApiKey.name == name)).one())
