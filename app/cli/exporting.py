"""Options and files of commands that export frozen documents."""

import errno
import os
import re
import secrets
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import click

from app.cli.periods import calendar
from app.cli.sessions import settings
from app.foundations.languages import gettext, ngettext
from app.reports.exports import write_csv, write_xlsx
from app.reports.pictures import Drawing, downloads
from app.reports.published import Document

Command = TypeVar("Command", bound=Callable[..., Any])
_OPEN_FILES = re.compile(r"/dev/(stdout|stderr|fd/\d+)|/proc/[^/]+/fd/\d+")


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


def refuse_twice(files: Iterable[Path | None]) -> None:
    """Raise UsageError where two options name one file: the second would replace the first."""
    seen: set[str] = set()
    for file in files:
        if file is None or is_stream(file):
            continue
        place = os.path.realpath(file)
        if place in seen:
            raise click.UsageError(gettext("%(file)s is named twice: give each option a file of its own.", file=file))
        seen.add(place)


def is_stream(file: Path) -> bool:
    """Tell whether a path is a device, a pipe or a file that is open already: written to, never replaced."""
    try:
        return bool(_OPEN_FILES.fullmatch(str(file.absolute()))) or (file.exists() and not file.is_file())
    except OSError:  # such as a name that is too long: whoever writes says so
        return False


@contextmanager
def written(file: Path) -> Iterator[Path]:
    """Give a path to write to; what stands there in the end takes the place of `file`, whole or not at all.

    A symbolic link stays one, a file keeps its mode and, where we may, its owner. Raises ClickException with why not.
    """
    with _failures_in_words(file), _passed_on(file) if is_stream(file) else _replaced(file) as unfinished:
        yield unfinished


@contextmanager
def _replaced(file: Path) -> Iterator[Path]:
    target = Path(os.path.realpath(file))
    before = target.stat() if target.exists() else None
    if before is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    unfinished = target.with_name(f".parity-{secrets.token_hex(8)}.part")
    mode = 0o666 if before is None else 0o600  # a new file is what the umask leaves of it
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
    try:
        yield unfinished
        if before is not None:
            with suppress(PermissionError):  # only root gives files away; anybody else wrote a file of their own
                os.chown(unfinished, before.st_uid, before.st_gid)
            unfinished.chmod(stat.S_IMODE(before.st_mode))
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def _passed_on(stream: Path) -> Iterator[Path]:
    """Write elsewhere first: a workbook is not written from its beginning to its end, as a pipe needs it."""
    with TemporaryDirectory() as folder:
        unfinished = Path(folder) / "unfinished"
        yield unfinished
        with unfinished.open("rb") as source, stream.open("wb") as target:
            shutil.copyfileobj(source, target)


@contextmanager
def _failures_in_words(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise click.ClickException(_why(place, error)) from error


def _why(place: Path, error: OSError) -> str:
    folder = Path(os.path.realpath(place)).parent
    if error.errno in {errno.ENOENT, errno.ENOTDIR} and not folder.is_dir():
        return gettext("%(file)s: there is no folder %(folder)s.", file=place, folder=folder)
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return gettext("%(file)s: you may not write there.", file=place)
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return gettext("%(file)s: there is no room left on the disk.", file=place)
    return gettext("%(file)s cannot be written: %(why)s", file=place, why=error.strerror or error)


def write_content(content: bytes, file: Path) -> None:
    """Write a file that is made already. Raises ClickException."""
    with written(file) as unfinished:
        unfinished.write_bytes(content)


def write_pictures(pictures: Mapping[Any, Drawing], folder: Path, *, frozen_at: datetime) -> None:
    """Write pictures that stand alone to a folder, as PNG and SVG, and tell how many, in the language of the moment."""
    with _failures_in_words(folder):
        folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, content in downloads(pictures, frozen_at):
        write_content(content, folder / name)
        count += 1
    if count:
        click.echo(ngettext("%(num)s file is in %(folder)s.", "%(num)s files are in %(folder)s.", count, folder=folder))
    else:
        click.echo(gettext("Too little may be shown for a picture."))


def write_tables(
    documents: Iterable[Document], csv_file: Path | None, xlsx_file: Path | None, *, frozen_at: datetime
) -> None:
    """Write frozen documents as tables to the files that were named, in the language of the moment.

    Documents that come one after the other can be read once, hence for one of the files. Raises ClickException.
    """
    if csv_file is not None:
        with written(csv_file) as unfinished, unfinished.open("w", encoding="utf-8-sig", newline="") as file:
            write_csv(documents, calendar(), file)  # spreadsheets know UTF-8 by its BOM
    if xlsx_file is not None:
        with written(xlsx_file) as unfinished, _sheet_limits_in_words(xlsx_file):
            write_xlsx(documents, calendar(), unfinished, frozen_at=frozen_at)


@contextmanager
def _sheet_limits_in_words(file: Path) -> Iterator[None]:
    try:
        yield
    except OverflowError as error:
        raise click.ClickException(
            gettext("%(file)s: a sheet cannot hold so many rows or so long a text. Write --csv instead.", file=file)
        ) from error
