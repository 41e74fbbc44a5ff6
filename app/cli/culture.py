"""`flask culture`: what HR receives of a quarter."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import render_template
from flask.cli import AppGroup

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
from app.cli.refusals import refusals_in_words
from app.cli.scorecard_list import no_culture
from app.cli.sessions import reading_transaction
from app.domain.periods import Period
from app.foundations.languages import speaking
from app.models.culture import culture_revisions, find_culture
from app.reports.culture import CultureQuarter, culture_lines, culture_page, culture_pdf, read_quarter
from app.reports.pictures.company import company_drawings
from app.reports.presenting import with_english

culture = AppGroup("culture", help="Show who serves whom and how it is felt, for HR.")

Document = dict[str, Any]


@culture.command("show", help="Print HR's frozen document in words, or as --json, or write it to files.")
@click.argument("period", type=PERIOD)
@click.option("--revision", type=NUMBER, help="Default: the last one.")
@click.option("--language", help="Of words, PDF and page. Default: the first of PARITY_LANGUAGES.")
@click.option("--json", "as_json", is_flag=True)
@file_option("--pdf")
@file_option("--html")
@file_option("--csv")
@file_option("--xlsx")
@pictures_option
def show(period: Period, revision: int | None, language: str | None, *, as_json: bool, **files: Path | None) -> None:
    """Show the document of a quarter; exit 1 if none was frozen."""
    refuse_twice(files.values())
    spoken = wished_language(language)
    with reading_transaction() as session:
        row = find_culture(session, str(period), revision)
        if row is None:
            raise no_culture(culture_revisions(session), period)
        document: Document = json.loads(row.document)
        quarter = read_quarter(session, document, calendar())
    with refusals_in_words():
        _write(document, quarter, spoken, files, frozen_at=row.frozen_at)
    if as_json:
        click.echo(json.dumps(with_english(document), indent=2, ensure_ascii=False))
        return
    if any(files.values()):
        return
    with speaking(spoken):
        for line in culture_lines(quarter):
            click.echo(line)


def _write(
    document: Document, quarter: CultureQuarter, spoken: str, files: Mapping[str, Path | None], *, frozen_at: datetime
) -> None:
    """Write the document to the files that were named."""
    if (pdf_file := files["pdf_file"]) is not None:
        write_content(culture_pdf(quarter, spoken), pdf_file)
    if (html_file := files["html_file"]) is not None:
        write_content(_html(quarter, spoken).encode(), html_file)
    with speaking(spoken):
        write_tables([document], files["csv_file"], files["xlsx_file"], frozen_at=frozen_at)
        if (folder := files["pictures_folder"]) is not None:
            drawn = company_drawings(document, quarter.cards, quarter.names, calendar())
            write_pictures(drawn, folder, frozen_at=frozen_at)


def _html(quarter: CultureQuarter, language: str) -> str:
    """Return the page as one file that carries everything with it."""
    page = culture_page(quarter, language)
    with speaking(language):
        return render_template("culture/culture.html", page=page, standalone=True)
