"""`flask demo load` and `flask demo links`: the sample company, and what opens its pages."""

import shutil
import sys
from datetime import date, datetime

import click
from sqlalchemy import func, select

from app.cli.sessions import keys, session_factory, settings, transaction
from app.demo.loading import Loaded, load_company
from app.demo.mailbox import FOLDER, sender_into
from app.demo.running import QUARTERS
from app.demo.staff import entrances
from app.demo.unfinished import NotAFile
from app.foundations import clock
from app.foundations.languages import gettext
from app.mail.links import Links
from app.models.base import db
from app.models.service_requests import ServiceRequest
from app.upkeep.staff.accounts import role_in_words


@click.command("load", help="Run the sample company's nine quarters up to the day before TODAY; does nothing twice.")
@click.option("--today", "today_text", metavar="DATE", help="Default: today. The same date gives the same documents.")
def load(today_text: str | None) -> None:
    """Load into an empty database; say what came of it."""
    today = _day(today_text)
    with session_factory()() as session:
        if session.scalar(select(func.count()).select_from(ServiceRequest)):
            click.echo(gettext("The sample company is loaded already. To begin anew, remove the folder var/demo."))
            return
    db.engine.dispose()
    folder = settings().var / FOLDER
    shutil.rmtree(folder, ignore_errors=True)  # mails of an interrupted load
    send = sender_into(folder)
    is_hidden = not sys.stderr.isatty()
    label = gettext("Nine quarters at Halden")
    with click.progressbar(length=1000, label=label, file=sys.stderr, hidden=is_hidden) as bar:

        def progress(done: int, days: int) -> None:
            if is_hidden and done * QUARTERS // days > (done - 1) * QUARTERS // days:
                click.echo(f"{label}: {done * QUARTERS // days}/{QUARTERS}", err=True)
            bar.update(done * 1000 // days - bar.pos)

        try:
            loaded = load_company(settings(), keys(), today, send=send, progress=progress)
        except NotAFile as error:
            raise click.ClickException(
                gettext("The sample company lives in a SQLite file; %(url)s is none.", url=str(error))
            ) from error
    _say(loaded)


@click.command("links", help="Print where the demo runs, and one link per role that signs in once.")
def show_links() -> None:
    """Print the addresses of pages and mailbox, and make the sign-in links."""
    base_url = settings().base_url
    with transaction() as session:
        ways_in = entrances(session, Links(base_url=base_url, keys=keys()), now=clock.now())
    if not ways_in:
        raise click.ClickException(gettext("The sample company is not loaded: run flask demo load first."))
    click.echo(gettext("Parity runs at %(address)s", address=base_url))
    click.echo(gettext("Everybody's mail: %(address)s", address=f"{base_url}/demo/mailbox"))
    click.echo(gettext("Sign in as (each link works once, within 15 minutes; make links prints new ones):"))
    for way in ways_in:
        click.echo(f"  {role_in_words(way.role)}, {way.name}\n    {way.address}")


def _say(loaded: Loaded) -> None:
    click.echo(
        gettext(
            "Halden is loaded: %(people)s people, %(requests)s requests, %(invited)s invitations, %(answers)s answers,"
            " %(scorecards)s scorecards.",
            people=loaded.people,
            requests=loaded.requests,
            invited=loaded.invitations,
            answers=loaded.answers,
            scorecards=loaded.scorecards,
        )
    )


def _day(text: str | None) -> date:
    if text is None:
        return clock.now().astimezone(settings().time_zone).date()
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise click.BadParameter(gettext("'%(text)s' is not a date such as 2026-11-22", text=text)) from error
