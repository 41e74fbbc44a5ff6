"""`flask demo load` and `flask demo links`: the sample company, and what opens its pages."""

import sys
from datetime import date, datetime

import click
from sqlalchemy import func, select

from app.cli.sessions import keys, session_factory, settings
from app.demo.loading import Loaded, load_company
from app.demo.mailbox import FOLDER, sender_into
from app.foundations import clock
from app.foundations.languages import gettext
from app.models.service_requests import ServiceRequest


@click.command("load", help="Run the sample company's nine quarters up to the day before TODAY; does nothing twice.")
@click.option("--today", "today_text", metavar="DATE", help="Default: today. The same date gives the same documents.")
def load(today_text: str | None) -> None:
    """Load into an empty database; say what came of it."""
    today = _day(today_text)
    with session_factory()() as session:
        if session.scalar(select(func.count()).select_from(ServiceRequest)):
            click.echo(gettext("The database holds requests already; nothing was loaded."))
            return
    send = sender_into(settings().var / FOLDER)
    is_hidden = not sys.stderr.isatty()
    label = gettext("Nine quarters at Halden")
    with click.progressbar(length=1000, label=label, file=sys.stderr, hidden=is_hidden) as bar:

        def progress(done: int, days: int) -> None:
            bar.update(done * 1000 // days - bar.pos)

        loaded = load_company(settings(), keys(), today, send=send, progress=progress)
    _say(loaded)


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
