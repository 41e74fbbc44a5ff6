"""`flask themes`: the codebook by which comments are read."""

import json
from typing import Any, TextIO

import click
from flask.cli import AppGroup

from app.cli.numbers import WHOLE
from app.cli.sessions import noted, reading_transaction, settings, transaction
from app.cli.tables import print_table
from app.domain.auditing import Act
from app.domain.codebook import CodebookError, codebook_to_json
from app.foundations import clock
from app.foundations.languages import gettext, ngettext, pgettext
from app.models.codebooks import find_codebook
from app.upkeep.quarters.codebooks import LONGEST_VALUE, fault_in_words, publish_codebook

MOST_FAULTS = 20  # that are told; who made more mends the program that wrote the file
LARGEST_FILE = 1_000_000  # characters; twelve themes in five languages with all their stems need a tenth

themes = AppGroup("themes", help="The codebook: what comments are about, and the word stems that propose it.")


@themes.command("show", help="Show the codebook in force, or an earlier version.")
@click.option("--version", type=WHOLE, help="0 is the built-in one.")
@click.option("--json", "as_json", is_flag=True, help="As `flask themes import` takes it.")
def show(version: int | None, *, as_json: bool) -> None:
    """Show a version; exit 1 where there is no such version."""
    try:
        with reading_transaction() as session:
            number, codebook = find_codebook(session, version)
    except LookupError:
        raise click.ClickException(gettext("There is no version %(version)s.", version=version)) from None
    if as_json:
        click.echo(json.dumps(codebook_to_json(codebook), indent=2, ensure_ascii=False))
        return
    click.echo(gettext("version %(version)s", version=number))
    language = settings().languages[0]
    heads = (pgettext("codebook", "code"), pgettext("codebook", "theme"), pgettext("codebook", "stems"))
    rows = [
        (theme.code, theme.name(language), " ".join(theme.stems.get(language, ())) or "–") for theme in codebook.themes
    ]
    print_table(heads, rows)


@themes.command("import", help="Publish the codebook in FILE (JSON). A published version never changes.")
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
@click.option("--author", default="command line", show_default=True)
@click.option("--reason", default="", help="Why; kept with the version.")
def import_(file: TextIO, author: str, reason: str) -> None:
    """Publish a codebook; one line for each fault, exit 1, nothing changed."""
    name = getattr(file, "name", "-")
    document = _document(file, name)
    try:
        with transaction() as session:
            before, _ = find_codebook(session)
            version = publish_codebook(session, document, author=author, reason=reason, now=clock.now())
            if version != before:
                noted(session, Act.CODEBOOK_PUBLISHED, "codebook", version=version)
    except CodebookError as error:
        faults = [f"{name}: {fault_in_words(fault)}" for fault in error.faults[:MOST_FAULTS]]
        if (more := len(error.faults) - MOST_FAULTS) > 0:
            faults.append(ngettext("and %(num)s fault more", "and %(num)s faults more", more))
        raise click.ClickException("\n".join(faults)) from error
    if version == before:
        click.echo(gettext("This is version %(version)s already; nothing changed.", version=version))
    else:
        click.echo(gettext("version %(version)s is in force", version=version))


def _document(file: TextIO, name: str) -> object:
    try:
        text = file.read(LARGEST_FILE + 1)
        if len(text) > LARGEST_FILE:
            raise click.ClickException(
                gettext(
                    "%(file)s is too large: a codebook has at most %(most)s characters.", file=name, most=LARGEST_FILE
                )
            )
        return json.loads(text, object_pairs_hook=_once_each)
    except RecursionError as error:
        raise click.ClickException(gettext("%(file)s: lists and objects are nested too deeply.", file=name)) from error
    except ValueError as error:
        raise click.ClickException(gettext("%(file)s is not JSON: %(why)s", file=name, why=error)) from error


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a name that stands twice in an object: the last one would win, and nobody would see it."""
    found: dict[str, Any] = {}
    for field, value in pairs:
        if field in found:
            raise ValueError(gettext("an object holds %(field)s twice", field=repr(field)[:LONGEST_VALUE]))
        found[field] = value
    return found
