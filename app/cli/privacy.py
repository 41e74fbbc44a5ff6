"""`flask privacy`: forget a person, tell them what is held, keep nothing too long."""

import json
import sys
from collections.abc import Sequence

import click
from flask.cli import AppGroup

from app.cli.periods import PERIOD
from app.cli.refusals import refusals_in_words
from app.cli.sessions import keys, noted, reading_transaction, session_factory, settings, transaction
from app.cli.tables import print_table
from app.domain.auditing import COMMAND_LINE, Act
from app.domain.periods import Calendar, Period
from app.domain.states import PeriodState
from app.foundations import clock
from app.foundations.languages import gettext, ngettext
from app.jobs.installation import Installation
from app.jobs.night import retain as retain_now
from app.jobs.quarters import release_period
from app.models.base import db
from app.models.releases import PeriodRecord
from app.pipeline.release import NotFrozen, NotYetReleasable, checkpoint
from app.pipeline.scorecards import NotYetFreezable, unwritten
from app.reports.ledger import Entry, Line, as_json, read_ledger
from app.upkeep.audit.log import person_subject
from app.upkeep.privacy import Erased
from app.upkeep.privacy import erase as erase_person
from app.upkeep.privacy import export as export_person

privacy = AppGroup("privacy", help="Erase, export, retain: what the law and our promise ask of stored data.")


@privacy.command("erase", help="Erase the person behind EMAIL, and their answers while these can still be found.")
@click.argument("email")
def erase(email: str) -> None:
    """Erase and say what was erased, in numbers."""
    calendar = Calendar(settings().time_zone, settings().fiscal_year_start)
    with transaction() as session:
        erased = erase_person(session, keys(), calendar, email, now=clock.now())
        noted(session, Act.PERSON_ERASED, person_subject(keys(), email), known=erased is not None)
    checkpoint(db.engine)  # SQLite's write-ahead log would keep what was deleted
    if erased is None:
        click.echo(gettext("Nobody is known as %(email)s; the address will get no mail.", email=email))
        return
    click.echo(gettext("%(email)s was erased and will get no mail.", email=email))
    for line in _tally(erased):
        click.echo(line)


def _tally(erased: Erased) -> list[str]:
    lines = [
        ngettext("%(num)s request without its requester", "%(num)s requests without their requester", erased.requests),
        ngettext("%(num)s invitation deleted", "%(num)s invitations deleted", erased.invitations),
        ngettext("%(num)s answer deleted", "%(num)s answers deleted", erased.answers),
        ngettext("%(num)s stored event emptied", "%(num)s stored events emptied", erased.deliveries),
    ]
    sealed = (
        gettext("Answers of %(period)s can only be found with that quarter's link key.", period=period)
        for period in erased.unreadable_periods
    )
    return [*lines, *sealed]


@privacy.command("export", help="Print everything that is held about EMAIL, as JSON.")
@click.argument("email")
def export(email: str) -> None:
    """Print JSON; exit 1 if nobody is known by the address."""
    with transaction() as session:
        found = export_person(session, keys(), email)
        if found is None:
            raise click.ClickException(gettext("Nobody is known as %(email)s.", email=email))
        noted(session, Act.PERSON_EXPORTED, person_subject(keys(), email))
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))


@privacy.command("retain", help="Delete or empty what is older than it may be (the worker does it every night).")
def retain() -> None:
    """Run the night's work now."""
    counts = retain_now(Installation(settings(), keys(), session_factory()), now=clock.now())
    with transaction() as session:
        noted(session, Act.RETENTION_RUN, "database", **counts)
    for name, count in counts.items():
        click.echo(f"{name}: {count}")


@privacy.command("release", help="Make a quarter's answers unlinkable; an earlier tool's quarter at once.")
@click.argument("period", type=PERIOD)
@click.option("--yes", is_flag=True, help="Do not ask on a terminal whether that is meant.")
def release(period: Period, *, yes: bool) -> None:
    """Freeze what is not frozen yet, then release; on a terminal ask first, since nothing brings the ties back."""
    if (done := _released_already(period)) is not None:
        click.echo(done)
        return
    if not yes and not _is_meant(period):
        raise click.ClickException(gettext("Nothing was done."))
    installation = Installation(settings(), keys(), session_factory())
    try:
        with refusals_in_words():
            released = release_period(installation, period, now=clock.now(), force=True, actor=COMMAND_LINE)
    except (NotFrozen, NotYetReleasable, NotYetFreezable) as error:
        raise click.ClickException(str(error)) from error
    click.echo(gettext("The answers of %(period)s are unlinkable.", period=period))
    click.echo(ngettext("%(num)s answer kept", "%(num)s answers kept", released.kept))


@privacy.command("ledger", help="Print what each frozen document of a quarter told and hid, as a table or --json.")
@click.argument("period", type=PERIOD)
@click.option("--department", "code", help="Every figure of this department's scorecards.")
@click.option("--json", "as_rows", is_flag=True, help="Every figure of every document.")
def ledger(period: Period, code: str | None, *, as_rows: bool) -> None:
    """Print the disclosure ledger; exit 1 if nothing of the quarter was frozen."""
    with reading_transaction() as session:
        entries = read_ledger(session, str(period), unwritten(session, str(period)), code=code)
    if not entries:
        raise click.ClickException(gettext("Nothing of %(period)s is frozen.", period=period))
    if as_rows:
        click.echo(json.dumps(list(as_json(entries)), indent=2, ensure_ascii=False))
    elif code is None:
        _print_documents(entries)
    else:
        _print_figures(entries)


def _print_documents(entries: Sequence[Entry]) -> None:
    heads = [gettext("document"), gettext("revision"), gettext("told"), gettext("hidden"), gettext("fewest people")]
    rows = [
        (entry.code or gettext("HR's document"), entry.revision, entry.told, entry.hidden, entry.fewest_people or "")
        for entry in entries
    ]
    print_table(heads, rows, numbers=frozenset({1, 2, 3, 4}))


def _print_figures(entries: Sequence[Entry]) -> None:
    heads = [gettext("revision"), gettext("figure"), gettext("people"), gettext("printed")]
    rows = [
        (entry.revision, line.name, "" if line.people is None else line.people, _printed(line))
        for entry in entries
        for line in entry.lines
    ]
    print_table(heads, rows, numbers=frozenset({0, 2}))


def _printed(line: Line) -> str:
    """Return a figure as a cell of the table: of an interval the estimate and its bounds."""
    if line.is_hidden:
        return gettext("hidden")
    value = line.printed
    if isinstance(value, dict):
        return f"{value['estimate']} ({value['lower']}-{value['upper']})"
    return "" if value is None else str(value)


def _released_already(period: Period) -> str | None:
    """Return since when a quarter is unlinkable, None where it is not yet."""
    with reading_transaction() as session:
        record = session.get(PeriodRecord, str(period))
        if record is None or record.state is not PeriodState.RELEASED:
            return None
        if record.released_at is None:
            return gettext("%(period)s is unlinkable already; nothing to do.", period=period)
        day = record.released_at.astimezone(settings().time_zone).date().isoformat()
        return gettext("%(period)s was made unlinkable on %(day)s; nothing to do.", period=period, day=day)


def _is_meant(period: Period) -> bool:
    """Ask whoever sits at a terminal; a script has decided already."""
    if not sys.stdin.isatty():
        return True
    question = gettext(
        "After this no answer of %(period)s can be corrected, or found for an erasure, and late ones are refused."
        " It cannot be undone. Go on?",
        period=period,
    )
    return click.confirm(question)
