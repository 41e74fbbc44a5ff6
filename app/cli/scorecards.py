"""`flask scorecards` and `flask rollups`: freeze, show, check and send what departments receive."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import click
from flask import render_template
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.exporting import (
    file_option,
    pictures_option,
    refuse_twice,
    wished_language,
    write_content,
    write_pictures,
    write_tables,
)
from app.cli.numbers import NUMBER
from app.cli.periods import PERIOD, calendar
from app.cli.quarter_export import export
from app.cli.refusals import refusals_in_words
from app.cli.scorecard_list import list_scorecards, no_scorecard
from app.cli.sessions import keys, noted, reading_transaction, settings, transaction
from app.domain.auditing import Act
from app.domain.periods import Period
from app.domain.scorecards.digest import is_genuine
from app.domain.sentences import Place
from app.foundations import clock
from app.foundations.languages import gettext, ngettext, speaking
from app.models.departments import Department
from app.models.policies import current_policy
from app.models.rollups import COMPANY_ID
from app.models.scorecards import ScorecardRevision, find_revision
from app.pipeline import rollups as rolling
from app.pipeline import scorecards as cards
from app.reports.comment_texts import comment_lines
from app.reports.descriptions import said
from app.reports.documents import scorecard_pdf
from app.reports.pictures import Kind, drawings
from app.reports.presenting import with_english
from app.reports.scorecard_page import page_of
from app.reports.sentences import say
from app.reports.theme_tables import theme_lines
from app.reports.trends import Trend

scorecards = AppGroup("scorecards", help="Freeze, show, check and send the scorecards of a quarter.")
scorecards.add_command(export)
scorecards.add_command(list_scorecards)
rollups = AppGroup("rollups", help="Check the sums that everything shown is computed from.")

Document = dict[str, Any]


@scorecards.command("build", help="Freeze a revision of every department's scorecard; from the freeze date on.")
@click.argument("period", type=PERIOD)
@click.option("--preview", is_flag=True, help="Print the documents as JSON lines and store nothing.")
def build(period: Period, *, preview: bool) -> None:
    """Refresh the sums, then freeze; say what was built, or from when on it can be."""
    with refusals_in_words(), transaction() as session:
        rolling.refresh(session, calendar=calendar(), keys=keys(), period=period)
        if preview:
            _print_preview(session, period)
            session.rollback()
            return
        try:
            count = cards.freeze(session, period, calendar=calendar(), policy=current_policy(session), now=clock.now())
        except cards.NotYetFreezable as error:
            day = error.freezes_at.astimezone(settings().time_zone).date().isoformat()
            raise click.ClickException(
                gettext(
                    "%(period)s can be frozen from %(day)s on: until then answers may come.", period=period, day=day
                )
            ) from error
        if count:
            noted(session, Act.SCORECARDS_FROZEN, str(period), scorecards=count)
        _say_built(session, period, count)


def _print_preview(session: Session, period: Period) -> None:
    documents = cards.preview(session, period, calendar=calendar(), policy=current_policy(session), now=clock.now())
    for document in documents:
        click.echo(json.dumps(with_english(document), ensure_ascii=False))


def _say_built(session: Session, period: Period, count: int) -> None:
    if not count:
        click.echo(gettext("%(period)s: nothing new to freeze.", period=period))
        return
    click.echo(f"{period}: " + ngettext("%(num)s scorecard frozen", "%(num)s scorecards frozen", count))
    newest = select(ScorecardRevision, Department.code).join(Department).where(ScorecardRevision.period == str(period))
    for revision, code in session.execute(newest.order_by(Department.code, ScorecardRevision.revision)):
        finding = say(json.loads(revision.document)["sentences"]["finding"], calendar())
        click.echo(f"  {code}  r{revision.revision}  {revision.digest[:19]}  {finding}")


@scorecards.command("verify", help="Tell whether FILE (JSON) is a document that this installation issued.")
@click.argument("file", type=click.File("rb"))
def verify(file: BinaryIO) -> None:
    """Compare the digest with the content and with what was issued; exit 1 if either differs."""
    try:
        document = json.loads(file.read())
    except ValueError as error:
        raise click.ClickException(gettext("%(file)s is no JSON document.", file=file.name)) from error
    if not isinstance(document, dict) or not str(document.get("schema", "")).startswith("parity.scorecard/"):
        raise click.ClickException(gettext("%(file)s is no scorecard of Parity.", file=file.name))
    if not is_genuine(document):
        raise click.ClickException(
            gettext("%(file)s was changed: its digest does not fit its content.", file=file.name)
        )
    with reading_transaction() as session:
        issued = session.scalar(select(ScorecardRevision.id).where(ScorecardRevision.digest == document["digest"]))
    if issued is None:
        raise click.ClickException(gettext("%(file)s fits its digest, but was not issued here.", file=file.name))
    click.echo(
        gettext(
            "Genuine: %(code)s, %(period)s, revision %(revision)s.",
            code=document["department"]["code"],
            period=document["period"],
            revision=document["revision"],
        )
    )


@scorecards.command("show", help="Print a frozen scorecard in words, or as --json, or write it to files.")
@click.argument("period", type=PERIOD)
@click.argument("code")
@click.option("--revision", type=NUMBER, help="Default: the last one.")
@click.option("--language", help="Of words, PDF and page. Default: the first of PARITY_LANGUAGES.")
@click.option("--json", "as_json", is_flag=True)
@file_option("--pdf")
@file_option("--html")
@file_option("--csv")
@file_option("--xlsx")
@pictures_option
def show(
    period: Period, code: str, revision: int | None, language: str | None, *, as_json: bool, **files: Path | None
) -> None:
    """Show one department's document in the wished forms."""
    refuse_twice(files.values())
    spoken = wished_language(language)
    with reading_transaction() as session:
        row = find_revision(session, str(period), code, revision)
        if row is None:
            raise no_scorecard(session, period, code, revision)
        document: Document = json.loads(row.document)
        trend = cards.trend_of_revision(session, row, document, calendar())
    with refusals_in_words():
        _write(document, trend, spoken, files, frozen_at=row.frozen_at)
    if as_json:
        click.echo(json.dumps(with_english(document), indent=2, ensure_ascii=False))
    elif not any(files.values()):
        with speaking(spoken):
            sentences = filter(None, (said(document, place, calendar()) for place in Place))  # as people read it
            for words in (*sentences, *theme_lines(document), *comment_lines(document)):
                click.echo(words)


def _write(
    document: Document, trend: Trend, spoken: str, files: Mapping[str, Path | None], *, frozen_at: datetime
) -> None:
    """Write the document to the files that were named."""
    if (pdf_file := files["pdf_file"]) is not None:
        write_content(scorecard_pdf(document, trend, spoken), pdf_file)
    if (html_file := files["html_file"]) is not None:
        page = page_of(document, trend, spoken)
        with speaking(spoken):
            html = render_template("scorecards/scorecard.html", page=page, standalone=True)
        write_content(html.encode(), html_file)
    with speaking(spoken):
        write_tables([document], files["csv_file"], files["xlsx_file"], frozen_at=frozen_at)
        if (folder := files["pictures_folder"]) is not None:
            write_pictures(drawings(document, trend, Kind), folder, frozen_at=frozen_at)


@scorecards.command("send", help="Post a frozen revision to everybody who should have it and has not.")
@click.argument("period", type=PERIOD)
@click.option("--revision", type=NUMBER, default=1, show_default=True)
def send(period: Period, revision: int) -> None:
    """Write the mails; the worker delivers them."""
    with refusals_in_words(), _posting_in_words(), transaction() as session:
        count = cards.post(
            session,
            period,
            calendar=calendar(),
            policy=current_policy(session),
            languages=settings().languages,
            now=clock.now(),
            revision=revision,
        )
        if count:
            noted(session, Act.SCORECARDS_SENT, str(period), revision=revision, mails=count)
    click.echo(ngettext("%(num)s mail is in the outbox.", "%(num)s mails are in the outbox.", count))


@scorecards.command("stop", help="Stop the posting of PERIOD and take back its mails that have not left.")
@click.argument("period", type=PERIOD)
def stop(period: Period) -> None:
    """Stop, and say what was taken back and what cannot be; the same again changes nothing."""
    with refusals_in_words(), _posting_in_words(), transaction() as session:
        done = cards.stop(session, period)
        if done.has_changed_anything:
            noted(session, Act.POSTING_STOPPED, str(period), **done.counts)
    click.echo(gettext("The posting of %(period)s is stopped.", period=period))
    for line in _stop_in_words(period, done):
        click.echo(line)


def _stop_in_words(period: Period, done: cards.Stop) -> Iterator[str]:
    yield ngettext("%(num)s mail was taken back.", "%(num)s mails were taken back.", done.taken_back)
    if done.being_sent:
        yield ngettext(
            "%(num)s mail is being sent at this moment; stop once more in a minute to see whether it left.",
            "%(num)s mails are being sent at this moment; stop once more in a minute to see which left.",
            done.being_sent,
        )
    if done.sent:
        yield ngettext(
            "%(num)s mail had been sent already and cannot be taken back.",
            "%(num)s mails had been sent already and cannot be taken back.",
            done.sent,
        )
    for revision in done.revisions:
        if revision > 1:
            yield gettext(
                "After flask scorecards resume %(period)s, revision %(revision)s needs its own call again:"
                " flask scorecards send %(period)s --revision %(revision)s",
                period=period,
                revision=revision,
            )


@scorecards.command("resume", help="Let the posting of PERIOD go on; who has a mail already gets none again.")
@click.argument("period", type=PERIOD)
def resume(period: Period) -> None:
    """Lift the stop and say who posts now; the same again changes nothing."""
    with refusals_in_words(), _posting_in_words(), transaction() as session:
        was_stopped = cards.resume(session, period)
        is_automatic = cards.posts_by_itself(session, period, current_policy(session))
        if was_stopped:
            noted(session, Act.POSTING_RESUMED, str(period))
    if not was_stopped:
        click.echo(gettext("The posting of %(period)s was not stopped.", period=period))
    elif is_automatic:
        click.echo(gettext("The posting of %(period)s goes on: the worker writes what is due.", period=period))
    else:
        click.echo(gettext("The posting of %(period)s may go on: flask scorecards send %(period)s", period=period))


@contextmanager
def _posting_in_words() -> Iterator[None]:
    try:
        yield
    except cards.UnknownPeriod as unknown:
        raise click.ClickException(
            gettext("There is nothing to post for %(period)s yet.", period=str(unknown.args[0]))
        ) from unknown
    except cards.PostingStopped as stopped:
        raise click.ClickException(
            gettext(
                "The posting of %(period)s is stopped; flask scorecards resume %(period)s lets it go on.",
                period=str(stopped),
            )
        ) from stopped


@rollups.command("verify", help="Recompute every sum that still has its answers and compare. Default: all quarters.")
@click.argument("period", type=PERIOD, required=False)
def verify_rollups(period: Period | None) -> None:
    """Exit 1 naming department, quarter and table where sums differ from the answers."""
    with reading_transaction() as session:
        wrong = rolling.verify(session, calendar=calendar(), keys=keys(), period=period)
        codes = {COMPANY_ID: gettext("whole company")}
        codes |= dict(session.execute(select(Department.id, Department.code)).tuples().all())
    for department_id, name, table, rows in wrong:
        click.echo(
            f"{codes[department_id]} {name} {table}: {ngettext('%(num)s row differs', '%(num)s rows differ', rows)}"
        )
    if wrong:
        raise click.ClickException(gettext("The sums differ from the answers. Run flask work, or report this."))
    click.echo(gettext("Every sum equals what the answers say."))
