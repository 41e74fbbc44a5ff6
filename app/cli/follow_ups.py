"""`flask follow-ups`: colleagues who asked to be contacted, by number; their names stand on the head's pages."""

import click
from flask.cli import AppGroup

from app.cli.numbers import NUMBER
from app.cli.sessions import noted, reading_transaction, settings, transaction
from app.cli.tables import print_table
from app.domain.auditing import Act
from app.domain.states import FollowUpState
from app.foundations import clock
from app.foundations.languages import gettext, pgettext
from app.upkeep.quarters.follow_ups import Closing, NoSuchCase, mark_done, open_cases

follow_ups = AppGroup("follow-ups", help="Colleagues who asked to be contacted: list open cases, close one.")


@follow_ups.command("list", help="List the cases that are not done, without names: these are for the head alone.")
def list_cases() -> None:
    """Print a line for each case, the oldest first."""
    with reading_transaction() as session:
        cases = open_cases(session)
    if not cases:
        click.echo(gettext("Nobody waits to be contacted."))
        return
    heads = (
        pgettext("follow-ups", "number"),
        pgettext("follow-ups", "department"),
        pgettext("follow-ups", "quarter"),
        pgettext("follow-ups", "since"),
        pgettext("follow-ups", "state"),
    )
    rows = [
        (
            case.number,
            case.department,
            case.period,
            case.asked_at.astimezone(settings().time_zone).date().isoformat(),
            _in_words(case.state),
        )
        for case in cases
    ]
    print_table(heads, rows, numbers=frozenset({0}))


@follow_ups.command(
    "done", help="Close a case: the head got in touch and nothing is left to do. The requester is told by mail."
)
@click.argument("number", type=NUMBER)
def done(number: int) -> None:
    """Close a case and tell the requester; exit 1 where none has the number."""
    with transaction() as session:
        try:
            is_new = mark_done(session, number, None, Closing(), now=clock.now())
        except NoSuchCase:
            raise click.ClickException(
                gettext(
                    "No case has the number %(number)s: flask follow-ups list shows which there are.", number=number
                )
            ) from None
        if is_new:
            noted(session, Act.FOLLOW_UP_DONE, f"follow-up:{number}")
    click.echo(gettext("Case %(number)s is done.", number=number))


def _in_words(state: FollowUpState) -> str:
    words = {
        FollowUpState.WAITING: pgettext("follow-ups", "waiting"),
        FollowUpState.CONTACTED: pgettext("follow-ups", "contacted"),
    }
    return words[state]
