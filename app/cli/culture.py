"""`flask culture`: what HR receives of a quarter."""

import json
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from app.cli.exporting import file_option, pictures_option, write_pictures, write_tables
from app.cli.periods import PERIOD, calendar
from app.cli.sessions import reading_transaction, settings
from app.domain.periods import Period
from app.foundations.languages import gettext, speaking
from app.models.culture import find_culture
from app.reports.culture.cards import department_names, frozen_cards
from app.reports.culture.printing import culture_pdf
from app.reports.pictures.company import company_drawings
from app.reports.presenting import with_english
from app.reports.sentences import say
from app.reports.theme_tables import theme_lines

culture = AppGroup("culture", help="Show who serves whom and how it is felt, for HR.")

Document = dict[str, Any]


@culture.command("show", help="Print HR's frozen document in words, or as --json, or write it to files.")
@click.argument("period", type=PERIOD)
@click.option("--revision", type=int, help="Default: the last one.")
@click.option("--language", help="Of words and PDF. Default: the first of PARITY_LANGUAGES.")
@click.option("--json", "as_json", is_flag=True)
@file_option("--pdf")
@file_option("--csv")
@file_option("--xlsx")
@pictures_option
def show(period: Period, revision: int | None, language: str | None, *, as_json: bool, **files: Path | None) -> None:
    """Show the document of a quarter; exit 1 if none was frozen."""
    with reading_transaction() as session:
        row = find_culture(session, str(period), revision)
        if row is None:
            raise click.ClickException(gettext("There is no culture document for %(period)s.", period=period))
        document: Document = json.loads(row.document)
        is_drawn = bool(files["pdf_file"] or files["pictures_folder"])
        cards = frozen_cards(session, document) if is_drawn else {}
        names = department_names(session, document, calendar()) if is_drawn else {}
    spoken = language or settings().languages[0]
    if (pdf_file := files["pdf_file"]) is not None:
        pdf_file.write_bytes(culture_pdf(document, cards, names, spoken, calendar()))
    with speaking(spoken):
        write_tables([document], files["csv_file"], files["xlsx_file"], frozen_at=row.frozen_at)
        if (folder := files["pictures_folder"]) is not None:
            drawn = company_drawings(document, cards, names, calendar())
            write_pictures(drawn, folder, frozen_at=row.frozen_at)
    if as_json:
        click.echo(json.dumps(with_english(document), indent=2, ensure_ascii=False))
        return
    if any(files.values()):
        return
    with speaking(spoken):
        sentences = (document["finding"], *document["sentences"], *document["refused"])
        for words in (*map(say, sentences), *theme_lines(document)):
            click.echo(words)
