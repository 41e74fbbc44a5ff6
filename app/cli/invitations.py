"""`flask invitations`: one pass for cron or for trying, and why a request was asked about or not."""

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import click
from flask.cli import AppGroup

from app.cli.periods import calendar
from app.cli.refusals import refusals_in_words
from app.cli.sessions import keys, reading_transaction, settings, transaction
from app.cli.tables import print_reasons, print_table
from app.domain.decisions import DecisionReason
from app.foundations import clock
from app.foundations.languages import gettext, mark, ngettext
from app.models.releases import refuse_moved_periods
from app.models.run_marks import forget_marks_ahead
from app.pipeline.invitations import PassTally, RunEarlierThanLast, pass_once
from app.reports.asking_facts import current_asking
from app.reports.decisions import CycleDecision, find_decision, reason_in_words

invitations = AppGroup("invitations", help="Invitations: whom Parity asks, and why not.")


@invitations.command("run", help="Decide, invite, remind and expire once. Mail leaves when the worker runs.")
@click.option("--now", "moment", metavar="ISO", help="Run as if it were this moment; never before the last run.")
def run(moment: str | None) -> None:
    """Pass once, in as many transactions as a great import needs; exit 1 for a moment before the last run."""
    now = _moment(moment) if moment else clock.now()
    if now > clock.now():
        ahead = now.astimezone(settings().time_zone).isoformat(timespec="seconds")
        sentence = mark(
            "This run is for %(moment)s, which is still to come: other runs wait for it, but an hour at most."
        )
        click.echo(gettext(sentence, moment=ahead), err=True)
    decisions: Counter[DecisionReason] = Counter()
    totals: Counter[str] = Counter()
    if not moment:  # a moment that is named asks for an order; only the clock can know that another clock was wrong
        with transaction() as session:
            forget_marks_ahead(session, now)
    try:
        while True:
            with refusals_in_words(), transaction() as session:
                refuse_moved_periods(session, calendar())
                tally = pass_once(session, current_asking(session, settings(), keys()), keys(), now=now)
            decisions += tally.invited.decisions
            _add(totals, tally)
            if tally.invited.is_complete:
                break
    except RunEarlierThanLast as earlier:
        last = earlier.last.astimezone(settings().time_zone).isoformat(timespec="seconds")
        raise click.ClickException(
            gettext(
                "A run was made for %(last)s, so nothing runs before that moment. Wait until then, or name it or a"
                " later one with --now.",
                last=last,
            )
        ) from earlier
    _print_pass(decisions, totals)


def _add(totals: Counter[str], tally: PassTally) -> None:
    totals.update(
        sent=tally.sent,
        withdrawn=tally.withdrawn,
        failed=tally.failed,
        expired=tally.expired,
        reminded=tally.reminded,
    )


def _print_pass(decisions: Counter[DecisionReason], totals: Counter[str]) -> None:
    click.echo(ngettext("%(num)s request decided", "%(num)s requests decided", decisions.total()))
    print_reasons(decisions)
    for count, sentence in (
        (totals["reminded"], ngettext("%(num)s reminder written", "%(num)s reminders written", totals["reminded"])),
        (
            totals["sent"],
            ngettext("%(num)s invitation accepted", "%(num)s invitations accepted", totals["sent"]),
        ),
        (
            totals["withdrawn"],
            ngettext("%(num)s invitation taken back", "%(num)s invitations taken back", totals["withdrawn"]),
        ),
        (
            totals["failed"],
            ngettext("%(num)s invitation not delivered", "%(num)s invitations not delivered", totals["failed"]),
        ),
        (totals["expired"], ngettext("%(num)s invitation expired", "%(num)s invitations expired", totals["expired"])),
    ):
        if count:
            click.echo(sentence)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(
            gettext("--now '%(text)s': write it as 2026-03-31T09:00:00 or with an offset, +02:00", text=text)
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=settings().time_zone)


@invitations.command("decision", help="Say why a request was asked about or not.")
@click.argument("tracker")
@click.argument("external_id")
def decision(tracker: str, external_id: str) -> None:
    """Print the decision about each completion; exit 1 for a request that nobody told of."""
    now = clock.now()
    with reading_transaction() as session:
        asking = current_asking(session, settings(), keys())
        found = find_decision(session, tracker, external_id, asking=asking, now=now)
    if found is None:
        raise click.ClickException(
            gettext("The tracker %(tracker)s has told of no request %(id)s.", tracker=tracker, id=external_id)
        )
    click.echo(f"{found.tracker} {found.external_id}  {found.title or ''}".rstrip())
    if not found.cycles:
        click.echo(gettext("It has not been completed yet, so nothing was decided."))
        return
    heads = (gettext("completed"), gettext("department"), gettext("decision"), gettext("decided"), gettext("planned"))
    zone = settings().time_zone
    print_table(heads, [_cells(cycle, zone) for cycle in found.cycles])
    click.echo(reason_in_words(found.cycles[-1].reason))


def _cells(cycle: CycleDecision, zone: ZoneInfo) -> tuple[str, ...]:
    def local(moment: datetime | None) -> str:
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else "–"

    return (
        local(cycle.completed_at),
        cycle.department_code or "–",
        str(cycle.reason),
        local(cycle.decided_at),
        local(cycle.planned_at or cycle.waits_until),
    )
