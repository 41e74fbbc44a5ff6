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
from app.upkeep.audit import log as audit
from app.upkeep.programs.keys import MOST_DAYS, ApiKeyRefused, add_api_key, all_api_keys, revoke_api_key


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
@click.option("--for", "email", metavar="EMAIL", help="Whose key it is: it does and sees what this person may.")
@click.option("--days", type=click.IntRange(1, MOST_DAYS), help="How long it lasts. Default: until it is revoked.")
@with_appcontext
def add(name: str, scopes: tuple[str, ...], email: str | None, days: int | None) -> None:
    """Make a key."""
    try:
        with transaction() as session:
            wanted = [Scope(scope) for scope in scopes]
            key = add_api_key(session, name, wanted, email=email, days=days, now=clock.now())
            details = {"scopes": sorted(set(scopes)), "is_personal": email is not None, "days": days}
            noted(session, Act.API_KEY_ADDED, _subject(session, name), **details)
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
                key.email or "–",
                f"{key.created_at:%Y-%m-%d}",
                f"{key.expires_at:%Y-%m-%d}" if key.expires_at else "–",
                f"{key.revoked_at:%Y-%m-%d}" if key.revoked_at else "–",
            )
            for key in all_api_keys(session)
        ]
    heads = (
        *(gettext("name"), gettext("scopes"), gettext("acts as")),
        *(gettext("made"), gettext("valid until"), gettext("revoked")),
    )
    print_table(heads, rows)


@api_keys.command("revoke", help="Refuse a key from now on.")
@click.argument("name")
@with_appcontext
def revoke(name: str) -> None:
    """Revoke a key."""
    try:
        with transaction() as session:
            if revoke_api_key(session, name, now=clock.now()):
                noted(session, Act.API_KEY_REVOKED, _subject(session, name))
    except ApiKeyRefused as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(gettext("revoked %(name)s", name=name))


def _subject(session: Session, name: str) -> str:
    return audit.by_api_key(session.scalars(select(ApiKey.id).where(ApiKey.name == name)).one())
