"""`flask audit`: who did what, and whether the log is as it was written."""

import json
from datetime import datetime

import click
from flask.cli import AppGroup

from app.cli.sessions import keys, reading_transaction, settings
from app.cli.tables import print_table
from app.foundations.languages import gettext, ngettext, pgettext
from app.models.audit import AuditEntry
from app.upkeep.audit import log
from app.upkeep.audit.words import act_in_words

SHOWN = 50

audit = AppGroup("audit", help="The audit log: acts of staff, operators and scripts.")


@audit.command("list", help="Print entries, the newest last.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="From this day on. Default: the last 50 entries.")
@click.option("--about", metavar="EMAIL", help="Only acts on this person's data.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON each, with the digests.")
def list_entries(since: datetime | None, about: str | None, as_json: bool) -> None:
    """Print entries as a table or as JSON lines."""
    moment = since.replace(tzinfo=settings().time_zone) if since else None
    subjects = log.person_subjects(keys(), about) if about else None
    with reading_transaction() as session:
        found = log.entries(session, since=moment, subjects=subjects, last=None if since or about else SHOWN)
        names = log.names(session)
    if as_json:
        for entry in found:
            click.echo(json.dumps(_document(entry, names), ensure_ascii=False))
        return
    print_table(_heads(), [_cells(entry, names) for entry in found])


@audit.command("verify", help="Check that no entry was changed, inserted or removed; exit 1 if one was.")
@click.option("--digest", help="A digest that was printed earlier: is its entry still there?")
def verify(digest: str | None) -> None:
    """Walk the chain and print the newest digest, to be kept elsewhere."""
    with reading_transaction() as session:
        walked = log.check(session)
        is_known = digest is None or log.knows(session, digest)
    if walked.broken is not None:
        raise click.ClickException(
            gettext(
                "The audit log was changed: entry %(number)s does not follow the one before it.", number=walked.broken
            )
        )
    if not is_known:
        raise click.ClickException(
            gettext("No entry has this digest: the newest entries were removed, or an older backup was restored.")
        )
    click.echo(ngettext("%(num)s entry, unbroken", "%(num)s entries, unbroken", walked.entries))
    if walked.newest_digest:
        click.echo(walked.newest_digest)


def _document(entry: AuditEntry, names: dict[str, str]) -> dict[str, object]:
    return {
        "number": entry.id,
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "actor_name": names.get(entry.actor),
        "action": entry.action,
        "subject": entry.subject,
        "subject_name": names.get(entry.subject),
        "details": entry.details,
        "digest": entry.digest,
    }


def _heads() -> tuple[str, ...]:
    return (
        pgettext("audit log", "time"),
        pgettext("audit log", "who"),
        pgettext("audit log", "what"),
        pgettext("audit log", "on what"),
        pgettext("audit log", "details"),
    )


def _cells(entry: AuditEntry, names: dict[str, str]) -> tuple[str, ...]:
    return (
        f"{entry.at.astimezone(settings().time_zone):%Y-%m-%d %H:%M:%S}",
        names.get(entry.actor, entry.actor),
        act_in_words(entry.action),
        names.get(entry.subject, entry.subject),
        " ".join(f"{name}={_plain(value)}" for name, value in entry.details.items()),
    )


def _plain(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
