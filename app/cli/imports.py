"""`flask import`: tables of departments, people and requests."""

from collections.abc import Sequence

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.import_options import ImportCall, import_options
from app.cli.importing import Incoming, bring_in, calendar
from app.cli.sessions import noted, transaction
from app.domain.auditing import Act
from app.domain.states import ConnectionSide
from app.foundations import clock
from app.foundations.languages import gettext, ngettext
from app.imports.departments import DEPARTMENTS, DepartmentRow
from app.imports.mapping import OptionRefused
from app.imports.people import PEOPLE, PersonRow
from app.imports.requests import REQUESTS, RequestRow
from app.models.base import db
from app.models.connections import Connection
from app.pipeline.intake import records
from app.upkeep.departments import record_departments
from app.upkeep.people import record_people
from app.upkeep.versions import Tally

NAMES_SHOWN = 3  # of departments that are unknown

create_departments_option = click.option(
    "--create-departments", is_flag=True, help="Add departments that are not known yet."
)


@click.group("import", help="Bring in a table: CSV, gzip, XLSX, or - for standard input.")
def imports() -> None:
    """Hold the import commands."""


@imports.command("departments", help="Import departments from FILE.")
@create_departments_option
@import_options
def import_departments(call: ImportCall, create_departments: bool) -> None:
    """Upsert departments by code and valid_from."""

    def write(incoming: Incoming[DepartmentRow]) -> str:
        rows = list(incoming.rows())
        with transaction() as session:
            tally = incoming.stored(
                lambda: record_departments(
                    session,
                    rows,
                    calendar=calendar(),
                    now=clock.now(),
                    skip_bad_rows=True,
                    refused=() if call.skip_bad_rows else incoming.refused,
                    create_departments=create_departments,
                    file=incoming.file,
                )
            )
            keep_or_undo(session, call, "departments", "departments", **_counts(tally))
        return _said(tally)

    bring_in(lambda _: DEPARTMENTS, call, write)


@imports.command("people", help="Import people from FILE.")
@create_departments_option
@import_options
def import_people(call: ImportCall, create_departments: bool) -> None:
    """Upsert people by address and valid_from."""

    def write(incoming: Incoming[PersonRow]) -> str:
        rows = list(incoming.rows())
        with transaction() as session:
            tally = incoming.stored(
                lambda: record_people(
                    session,
                    rows,
                    now=clock.now(),
                    create_departments=create_departments,
                    skip_bad_rows=True,
                    file=incoming.file,
                )
            )
            keep_or_undo(session, call, "people", "people", **_counts(tally))
        return _said(tally)

    bring_in(lambda _: PEOPLE, call, write)


@imports.command("requests", help="Import service requests from FILE.")
@click.option("--tracker", required=True, metavar="SLUG", help="The tracker that they come from.")
@create_departments_option
@import_options
def import_requests(call: ImportCall, tracker: str, create_departments: bool) -> None:
    """Take rows as state reports: staged first, then written in one transaction."""
    now = clock.now()
    with transaction() as session:
        known = get_connection(session, tracker, ConnectionSide.TRACKER)

    def write(incoming: Incoming[RequestRow]) -> str:
        with db.engine.connect() as connection:
            staged = records.stage(
                connection,
                incoming.rows(),
                requesters=known.settings.get("requesters", {}),
                calendar=calendar(),
                now=now,
                file=incoming.file,
            )
            with Session(bind=connection) as session, session.begin():
                tally = incoming.stored(
                    lambda: records.apply(
                        session,
                        staged,
                        tracker=session.get_one(Connection, known.id),
                        calendar=calendar(),
                        now=now,
                        create_departments=create_departments,
                        skip_bad_rows=True,
                    )
                )
                keep_or_undo(session, call, f"tracker:{tracker}", "requests", **_counts(tally))
        return _said_of_requests(tally, all_known=create_departments)

    bring_in(lambda _: REQUESTS, call, write)


def get_connection(session: Session, slug: str, side: ConnectionSide) -> Connection:
    """Return the tracker or score source with this slug; raise OptionRefused saying how to add one."""
    found = session.scalar(select(Connection).where(Connection.slug == slug, Connection.side == side))
    if found is None:
        command = "flask trackers add" if side is ConnectionSide.TRACKER else "flask sources add"
        sentence = gettext(
            "there is no '%(slug)s'; add it first: %(command)s %(slug)s --kind csv", slug=slug, command=command
        )
        raise OptionRefused(sentence)
    return found


def keep_or_undo(session: Session, call: ImportCall, subject: str, kind: str, **counts: int) -> None:
    """Undo everything in a dry run; otherwise note the import, and the transaction around commits."""
    if call.dry_run:
        session.rollback()
    else:
        noted(session, Act.IMPORTED, subject, kind=kind, **counts)


def _counts(tally: Tally | records.Imported) -> dict[str, int]:
    return {"new": tally.new, "changed": tally.changed, "unchanged": tally.unchanged}


def _said(tally: Tally | records.Imported) -> str:
    return gettext("%(new)s new, %(changed)s changed, %(unchanged)s unchanged", **_counts(tally))


def _said_of_requests(tally: records.Imported, *, all_known: bool) -> str:
    lines = [_said(tally)]
    if tally.completed or tally.reopened:
        lines.append(
            gettext(
                "%(completed)s completed, %(reopened)s reopened", completed=tally.completed, reopened=tally.reopened
            )
        )
    if tally.provider_unknown and all_known:
        sentence = ngettext(
            "%(num)s request names no provider department",
            "%(num)s requests name no provider department",
            tally.provider_unknown,
        )
        lines.append(sentence)
    elif tally.provider_unknown:
        sentence = ngettext(
            "%(num)s request has no provider department that is known",
            "%(num)s requests have no provider department that is known",
            tally.provider_unknown,
        )
        lines += [sentence, *_unknown_in_words(tally.unknown_providers)]
    return "\n".join(lines)


def _unknown_in_words(unknown: Sequence[tuple[str, int]]) -> list[str]:
    """Name the first of the names that we do not know, and how to tell what they mean."""
    if not unknown:
        return []
    named = ", ".join(
        gettext("“%(name)s” (%(count)s)", name=name, count=count) for name, count in unknown[:NAMES_SHOWN]
    )
    if len(unknown) > NAMES_SHOWN:
        named = gettext("%(names)s and %(num)s more", names=named, num=len(unknown) - NAMES_SHOWN)
    return [
        gettext("unknown: %(names)s", names=named),
        gettext(
            "say what they mean with --value 'provider_department:%(name)s=CODE', for good with flask trackers map, "
            "or make them with --create-departments",
            name=unknown[0][0],
        ),
    ]
