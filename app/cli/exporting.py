"""Options and files of commands that export frozen documents."""

from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from app.cli.periods import calendar
from app.reports.exports import write_csv, write_xlsx
from app.reports.published import Document

Command = TypeVar("Command", bound=Callable[..., Any])


def file_option(flag: str) -> Callable[[Command], Command]:
    """Return the option of a file to write; the command gets it as `<flag>_file`."""
    name = f"{flag.removeprefix('--')}_file"
    return click.option(flag, name, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")


def write_tables(
    documents: Collection[Document], csv_file: Path | None, xlsx_file: Path | None, *, frozen_at: datetime
) -> None:
    """Write frozen documents as tables to the files that were named, in the language of the moment."""
    if csv_file is not None:
        with csv_file.open("w", encoding="utf-8-sig", newline="") as file:  # spreadsheets know UTF-8 by its BOM
            write_csv(documents, calendar(), file)
    if xlsx_file is not None:
        write_xlsx(documents, calendar(), xlsx_file, frozen_at=frozen_at)
