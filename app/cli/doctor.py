"""`flask doctor`: what is wrong with this installation, in words."""

import click
from flask.cli import with_appcontext

from app.cli.sessions import keys, reading_transaction, settings
from app.foundations import clock
from app.foundations.languages import gettext
from app.upkeep.doctor import examine


@click.command("doctor", help="Say what is wrong with this installation; exit 1 if anything is.")
@click.pass_context
@with_appcontext
def doctor(context: click.Context) -> None:
    """Print one finding a line."""
    with reading_transaction() as session:
        findings = examine(session, settings(), keys(), now=clock.now())
    for finding in findings:
        click.echo(finding)
    if findings:
        context.exit(1)
    click.echo(gettext("Everything is in order."))
