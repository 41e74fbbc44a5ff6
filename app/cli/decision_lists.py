"""`flask invitations decisions`: how many completed requests were asked about, how many not, why, and which."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

import click

from app.cli.invitations import invitations
from app.cli.numbers import NUMBER
from app.cli.sessions import reading_transaction, settings
from app.cli.tables import print_reasons, print_table
from app.domain.decisions import DecisionReason
from app.domain.periods import Calendar
from app.foundations.languages import gettext, ngettext
from app.reports.decision_lists import ListedDecision, Wanted, count_decisions, list_decisions

__all__ = ["invitations"]  # the group, with this command in it

DAY = click.DateTime(["%Y-%m-%d"])
SHOWN = 100


@invitations.command("decisions", help="Count completed requests by decision; with --reason list them.")
@click.option("--from", "first", type=DAY, help="First day of completion.")
@click.option("--to", "last", type=DAY, help="Last day of completion.")
@click.option("--reason", type=click.Choice([reason.value for reason in DecisionReason]), help="Only these, as a list.")
@click.option("--department", metavar="CODE", help="Only requests that this department did.")
@click.option("--tracker", metavar="SLUG", help="Only requests of this tracker.")
@click.option("--limit", type=NUMBER, default=SHOWN, show_default=True, help="How many to list.")
@click.option("--json", "as_json", is_flag=True, help="Counts and the list.")
def decisions(
    first: datetime | None,
    last: datetime | None,
    reason: str | None,
    department: str | None,
    tracker: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """Print counts by reason, and the newest requests where one reason is asked for."""
    wanted = Wanted(
        first_day=first.date() if first else None,
        last_day=last.date() if last else None,
        reason=DecisionReason(reason) if reason else None,
        department=department,
        tracker=tracker,
    )
    calendar = Calendar(settings().time_zone, settings().fiscal_year_start)
    with reading_transaction() as session:
        counts = count_decisions(session, wanted, calendar)
        listed = list_decisions(session, wanted, calendar, limit=limit) if reason or as_json else []
    if as_json:
        click.echo(json.dumps(_document(counts, listed), indent=2, ensure_ascii=False))
        return
    click.echo(ngettext("%(num)s completed request", "%(num)s completed requests", counts.total()))
    print_reasons(counts)
    if listed:
        click.echo("")
        _print_list(listed, counts.total())


def _print_list(listed: Sequence[ListedDecision], total: int) -> None:
    zone = settings().time_zone
    heads = (
        gettext("tracker"),
        gettext("request"),
        gettext("completed"),
        gettext("department"),
        gettext("requester"),
        gettext("decided"),
    )

    def local(moment: datetime | None) -> str:
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else "–"

    rows = [
        (
            one.tracker,
            one.external_id,
            local(one.completed_at),
            one.department or "–",
            one.requester or "–",
            local(one.decided_at),
        )
        for one in listed
    ]
    print_table(heads, rows)
    if total > len(listed):
        click.echo(gettext("The newest %(shown)s of %(total)s; --limit shows more.", shown=len(listed), total=total))


def _document(counts: Counter[DecisionReason], listed: Sequence[ListedDecision]) -> dict[str, object]:
    return {
        "completed": counts.total(),
        "reasons": {str(reason): counts[reason] for reason in DecisionReason if counts[reason]},
        "requests": [
            {
                "tracker": one.tracker,
                "external_id": one.external_id,
                "completed_at": one.completed_at.astimezone(UTC).isoformat(),
                "department": one.department,
                "requester": one.requester,
                "decision": str(one.reason),
                "decided_at": one.decided_at.astimezone(UTC).isoformat() if one.decided_at else None,
            }
            for one in listed
        ],
    }
