"""`flask held-back`: answers that look like a machine's, by pattern; never their ratings or words."""

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from app.cli.periods import calendar
from app.cli.sessions import noted, reading_transaction, transaction
from app.cli.tables import print_table
from app.domain.auditing import Act
from app.foundations import clock
from app.foundations.languages import gettext, ngettext, pgettext
from app.pipeline.responses import HeldBackPattern, drop_held_back, held_back_patterns, release_held_back
from app.reports.signals import signals_in_words

held_back = AppGroup("held-back", help="Answers that look like a machine's: list patterns, release or drop them.")


@held_back.command("list", help="List the patterns of open quarters: signals, receiving mail system, how many answers.")
def list_patterns() -> None:
    """Print a line for each pattern, and what the signals mean."""
    with reading_transaction() as session:
        patterns = held_back_patterns(session)
    if not patterns:
        click.echo(gettext("No answer is held back."))
        return
    heads = (
        pgettext("held-back answers", "pattern"),
        pgettext("held-back answers", "answers"),
        pgettext("held-back answers", "signals"),
        pgettext("held-back answers", "mail system"),
    )
    rows = [
        (pattern.name, count, ",".join(pattern.signals), pattern.mail_system or "–")
        for pattern, count in patterns.items()
    ]
    print_table(heads, rows, numbers=frozenset({1}))
    click.echo("")
    found = {signal for pattern in patterns for signal in pattern.signals}
    for signal, words in signals_in_words().items():
        if signal in found:
            click.echo(f"{signal:<18}{words}")


@held_back.command("release", help="Let every answer of a pattern count, as if a person had given it.")
@click.argument("pattern")
def release(pattern: str) -> None:
    """Accept a pattern; exit 1 where no held-back answer is like that."""
    with transaction() as session:
        found = _find(session, pattern)
        count = release_held_back(session, calendar(), found, now=clock.now())
        _note(session, Act.HELD_BACK_RELEASED, found, count)
    click.echo(ngettext("%(num)s answer counts now.", "%(num)s answers count now.", count))


@held_back.command("drop", help="Decide that no answer of a pattern ever counts; a person may still answer.")
@click.argument("pattern")
def drop(pattern: str) -> None:
    """Drop a pattern; exit 1 where no held-back answer is like that."""
    with transaction() as session:
        found = _find(session, pattern)
        count = drop_held_back(session, calendar(), found)
        _note(session, Act.HELD_BACK_DROPPED, found, count)
    click.echo(ngettext("%(num)s answer will never count.", "%(num)s answers will never count.", count))


def _find(session: Session, name: str) -> HeldBackPattern:
    for pattern in held_back_patterns(session):
        if pattern.name == name:
            return pattern
    raise click.ClickException(
        gettext(
            "No held-back answer has the pattern “%(name)s”: flask held-back list names those there are.", name=name
        )
    )


def _note(session: Session, act: Act, pattern: HeldBackPattern, count: int) -> None:
    told = {"signals": list(pattern.signals), "mail_system": pattern.mail_system, "answers": count}
    noted(session, act, f"pattern:{pattern.name}", **told)
