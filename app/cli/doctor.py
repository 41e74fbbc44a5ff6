"""`flask doctor`: what is wrong with this installation, in words; and filing anew after a change of the calendar."""

import click
from flask.cli import with_appcontext

from app.cli.periods import calendar
from app.cli.sessions import keys, noted, reading_transaction, settings, transaction
from app.domain.auditing import Act
from app.foundations import clock
from app.foundations.crypto import UnreadableSecret
from app.foundations.languages import gettext
from app.jobs.hints import Hints
from app.models.quarter_salts import renew_unreadable_salts
from app.upkeep.running.doctor import examine
from app.upkeep.running.refiling import QuartersAreFixed, refile_periods


@click.command("doctor", help="Say what is wrong with this installation; exit 1 if anything is.")
@click.option(
    "--refile-periods",
    "refile",
    is_flag=True,
    help="File what is stored by the present time zone and fiscal year; before the first invitation or freeze only.",
)
@click.option(
    "--renew-salts",
    "renew",
    is_flag=True,
    help="Give quarters that the link key does not open new secrets; only when PARITY_LINK_KEY is lost.",
)
@click.option("--all", "names_all", is_flag=True, help="Name every department that a finding is about.")
@click.pass_context
@with_appcontext
def doctor(context: click.Context, refile: bool, renew: bool, names_all: bool) -> None:
    """Print one finding a line."""
    if refile:
        _refile()
    if renew:
        _renew()
    if refile or renew:
        return
    with reading_transaction() as session:
        findings = examine(session, settings(), keys(), now=clock.now(), names_all=names_all)
    queue = Hints(settings()).trouble()
    if queue is not None:
        findings.append(gettext("The queue cannot be used (PARITY_BROKER_URL): %(trouble)s", trouble=queue))
    for finding in findings:
        click.echo(finding)
    if findings:
        context.exit(1)
    click.echo(gettext("Everything is in order."))


def _renew() -> None:
    with transaction() as session:
        periods = renew_unreadable_salts(session, keys())
        if periods:
            noted(session, Act.SALTS_RENEWED, "quarter_salts", periods=periods)
    if not periods:
        click.echo(gettext("The link key opens every quarter; nothing changed."))
        return
    sentence = gettext(
        "New secrets: %(periods)s. Surveys take answers again; earlier answers stay and can no longer be corrected.",
        periods=", ".join(periods),
    )
    click.echo(sentence)


def _refile() -> None:
    try:
        with transaction() as session:
            done = refile_periods(session, keys(), calendar())
            if done.total:
                counts = {"completions": done.completions, "scores": done.scores, "answers": done.answers}
                zone, start = str(settings().time_zone), settings().fiscal_year_start
                noted(session, Act.PERIODS_REFILED, "periods", time_zone=zone, fiscal_year_start=start, **counts)
    except QuartersAreFixed as fixed:
        raise click.ClickException(
            gettext(
                "An invitation was written or a quarter frozen: quarters do not move any more. Set PARITY_TIME_ZONE and"
                " PARITY_FISCAL_YEAR_START back; flask doctor names the stored ones."
            )
        ) from fixed
    except UnreadableSecret as sealed:
        raise click.ClickException(
            gettext("The link key does not open the quarters whose answers would move (PARITY_LINK_KEY).")
        ) from sealed
    sentence = gettext(
        "Filed anew: completions %(completions)s, customers' scores %(scores)s, answers %(answers)s.",
        completions=done.completions,
        scores=done.scores,
        answers=done.answers,
    )
    click.echo(sentence if done.total else gettext("Everything is filed as the settings say; nothing changed."))
