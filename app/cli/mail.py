"""`flask mail`: what a mail server pipes into us."""

from typing import BinaryIO

import click
from flask.cli import with_appcontext

from app.cli.sessions import keys, settings, transaction
from app.domain.periods import Calendar
from app.foundations import clock
from app.mail.bounces import record_report
from app.mail.reports import LARGEST_MAIL, read_report


@click.group(help="Mail that came back.")
def mail() -> None:
    """Hold the group's commands."""


@mail.command("bounce", help="Read one returned mail (FILE, or - for a pipe of the mail server) and act on it.")
@click.argument("file", type=click.File("rb"))
@click.option("--recipient", default="", help="The envelope recipient, where the mail server tells it.")
@with_appcontext
def bounce(file: BinaryIO, recipient: str) -> None:
    """Suppress what does not exist, count what was refused, ignore the rest. Exit 0: the mail server need not retry."""
    report = read_report(file.read(LARGEST_MAIL + 1), recipient=recipient)
    installation = settings()
    calendar = Calendar(installation.time_zone, installation.fiscal_year_start)
    with transaction() as session:
        click.echo(record_report(session, keys(), calendar, report, now=clock.now()))
