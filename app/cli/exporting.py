"""Options and files of commands that export frozen documents."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from app.cli.periods import calendar
from app.cli.sessions import settings
from app.foundations.languages import gettext, ngettext
from app.reports.exports import write_csv, write_xlsx
from app.reports.pictures import Drawing, downloads
from app.reports.published import Document

Command = TypeVar("Command", bound=Callable[..., Any])


def file_option(flag: str) -> Callable[[Command], Command]:
    """Return the option of a file to write; the command gets it as `<flag>_file`."""
    name = f"{flag.removeprefix('--')}_file"
    kind = click.Path(dir_okay=False, path_type=Path)
    return click.option(flag, name, type=kind, metavar="FILE", callback=_in_a_folder)


def _in_a_folder(_context: click.Context, _option: click.Parameter, file: Path | None) -> Path | None:
    """Refuse a file whose folder is not there before anything is read or drawn."""
    if file is not None and not file.parent.is_dir():
        raise click.BadParameter(gettext("there is no folder %(folder)s", folder=file.parent))
    return file


def wished_language(language: str | None) -> str:
    """Return the language of `--language`, by default the installation's first.

    Raises click.BadParameter for one that the installation does not speak.
    """
    known = settings().languages
    if language is not None and language not in known:
        sentence = gettext(
            "%(language)s is none of this installation's languages (%(known)s)",
            language=language,
            known=", ".join(known),
        )
        raise click.BadParameter(sentence, param_hint="--language")
    return language or known[0]


def pictures_option(command: Command) -> Command:
    """Give a command the folder to write pictures to; it gets it as `pictures_folder`."""
    kind = click.Path(file_okay=False, path_type=Path)
    return click.option("--pictures", "pictures_folder", type=kind, metavar="FOLDER")(command)


def write_pictures(pictures: Mapping[Any, Drawing], folder: Path, *, frozen_at: datetime) -> None:
    """Write pictures that stand alone to a folder, as PNG and SVG, and tell how many, in the language of the moment."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, content in downloads(pictures, frozen_at):
        (folder / name).write_bytes(content)
        count += 1
    if count:
        click.echo(ngettext("%(num)s file is in %(folder)s.", "%(num)s files are in %(folder)s.", count, folder=folder))
    else:
        click.echo(gettext("Too little may be shown for a picture."))


def write_tables(
    documents: Iterable[Document], csv_file: Path | None, xlsx_file: Path | None, *, frozen_at: datetime
) -> None:
    """Write frozen documents as tables to the files that were named, in the language of the moment.

    Documents that come one after the other can be read once, hence for one of the files.
    """
    if csv_file is not None:
        with csv_file.open("w", encoding="utf-8-sig", newline="") as file:  # spreadsheets know UTF-8 by its BOM
            write_csv(documents, calendar(), file)
    if xlsx_file is not None:
        write_xlsx(documents, calendar(), xlsx_file, frozen_at=frozen_at)
