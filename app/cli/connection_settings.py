"""Settings of connections as options of a command: `--setting name=value`, and secrets from files."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from app.foundations.languages import gettext

setting_option = click.option(
    "--setting", "pairs", multiple=True, metavar="NAME=VALUE", help="Repeatable; JSON or text."
)
secret_option = click.option(
    "--secret-file",
    "files",
    multiple=True,
    metavar="NAME=FILE",
    help="A setting from a file: no shell keeps it.",
)


def read_settings(pairs: Iterable[str], files: Iterable[str] = ()) -> dict[str, Any]:
    """Return `name=value` pairs; a value that parses as JSON is JSON, anything else is text. Files hold text."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, text = _split(pair, "--setting")
        try:
            found[name] = json.loads(text)
        except ValueError:
            found[name] = text
    for pair in files:
        name, path = _split(pair, "--secret-file")
        try:
            found[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise click.UsageError(gettext("%(path)s cannot be read: %(error)s", path=path, error=error)) from error
    return found


def _split(pair: str, option: str) -> tuple[str, str]:
    name, separator, text = pair.partition("=")
    if not (separator and name.strip()):
        raise click.UsageError(gettext("%(option)s '%(text)s': write it as name=value", option=option, text=pair))
    return name.strip(), text
