"""`flask people`: whom an administrator counts among the key requesters."""

import click
from flask.cli import AppGroup

from app.cli.sessions import keys, noted, reading_transaction, settings, transaction
from app.domain.auditing import Act
from app.domain.periods import Calendar
from app.foundations import clock
from app.foundations.languages import gettext
from app.upkeep.audit.log import person_subject
from app.upkeep.organisation.requester_tags import UnknownPerson, key_requesters, tag_requester

people = AppGroup("people", help="Requesters: tag the key ones, whose satisfaction scorecards then tell apart.")


@people.command("tag", help="Count EMAIL among the key requesters from now on, or with --no-key no more.")
@click.argument("email")
@click.option("--key/--no-key", "is_key", default=True, help="A key requester, or one like all others.")
def tag(email: str, *, is_key: bool) -> None:
    """Tag somebody; quarters that are not frozen yet are counted anew."""
    calendar = Calendar(settings().time_zone, settings().fiscal_year_start)
    try:
        with transaction() as session:
            changed = tag_requester(session, email, is_key=is_key, calendar=calendar, now=clock.now())
            if changed:
                noted(session, Act.REQUESTER_TAGGED, person_subject(keys(), email), key=is_key)
    except UnknownPerson as error:
        raise click.ClickException(gettext("Nobody is known as %(email)s.", email=email)) from error
    if not changed:
        click.echo(gettext("Nothing changes for %(email)s.", email=email))
    elif is_key:
        click.echo(gettext("%(email)s is a key requester.", email=email))
    else:
        click.echo(gettext("%(email)s is a requester like all others.", email=email))


@people.command("list", help="Print the addresses of the key requesters, one a line.")
def list_key_requesters() -> None:
    """Print addresses and nothing else, so that a script can use them."""
    with reading_transaction() as session:
        addresses = key_requesters(session)
    for address in addresses:
        click.echo(address)
