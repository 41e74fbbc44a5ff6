"""The options that all `flask import` commands share, and what they come to."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from app.cli.refusals import refusals_in_words
from app.cli.sessions import reading_transaction
from app.foundations.languages import gettext
from app.imports import mapping as options
from app.imports.faults import OptionRefused
from app.imports.mapping import Mapping, RepeatedRows
from app.upkeep.imports.profiles import find_profile

Command = Callable[..., None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCall:
    """How one import was asked for on the command line."""

    file: Path | None  # None: standard input
    mapping: Mapping
    dry_run: bool
    skip_bad_rows: bool
    rejected: Path
    profile: str | None
    saved_profile: str | None


_MAPPING_OPTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("--map", {"multiple": True, "metavar": "OURS=THEIRS", "help": "Take our column from one of the file's."}),
    ("--set", {"multiple": True, "metavar": "COLUMN=VALUE", "help": "Give every row this value."}),
    ("--value", {"multiple": True, "metavar": "COLUMN:THEIRS=OURS", "help": "Translate a value."}),
    ("--empty", {"multiple": True, "metavar": "TEXT", "help": "A cell with this text is empty."}),
    (
        "--done",
        {"multiple": True, "metavar": "COLUMN=VALUE,…", "help": "Rows with these values are completed, others open."},
    ),
    ("--not-delivered", {"multiple": True, "metavar": "COLUMN=VALUE,…", "help": "Completed, but without delivery."}),
    (
        "--only",
        {"multiple": True, "metavar": "THEIRS=VALUE,…", "help": "Leave out rows with other values in this column."},
    ),
    ("--date-format", {"metavar": "FORMAT", "help": "How times are written, as in strptime. Default: ISO 8601."}),
    ("--time-zone", {"metavar": "NAME", "help": "Of times without an offset. Default: the company's."}),
    ("--encoding", {"metavar": "NAME", "help": "Of the file, for example cp1251. Default: UTF-8 or UTF-16."}),
    (
        "--rows",
        {
            "type": click.Choice([how.value for how in RepeatedRows if how is not RepeatedRows.REFUSED]),
            "help": "Several rows with one id: take the last, the first, or reduce a log of events.",
        },
    ),
    ("--unpivot", {"multiple": True, "metavar": "THEIRS=VALUE,…", "help": "Columns that are rows of their own."}),
    ("--as", {"metavar": "COLUMN", "help": "Our column that takes the values of --unpivot."}),
    ("--gather-counts", {"metavar": "THEIRS:VALUE=POINT,…", "help": "Rows that hold one point's count each."}),
    ("--scale", {"multiple": True, "metavar": "COLUMN=FACTOR", "help": "Multiply, for example per cent by 0.01."}),
    ("--id-prefix", {"default": "", "metavar": "TEXT", "help": "Put before every id."}),
    ("--not-applicable", {"multiple": True, "metavar": "CODE,…", "help": "Ratings that mean: could not judge."}),
    ("--ignore-unknown", {"is_flag": True, "help": "Leave out columns that are not known."}),
)
_RUN_OPTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("--dry-run", {"is_flag": True, "help": "Say what would happen and write nothing."}),
    ("--skip-bad-rows", {"is_flag": True, "help": "Import the rest; rows with faults go to FILE.rejected.csv."}),
    ("--rejected", {"type": click.Path(path_type=Path), "metavar": "FILE", "help": "Another place for those rows."}),
    ("--profile", {"metavar": "NAME", "help": "Use a saved mapping; options given beside it come first."}),
    ("--save-profile", {"metavar": "NAME", "help": "Keep the mapping under this name."}),
)


def import_options(command: Command) -> Command:
    """Give a command FILE and all options of an import; it is called with `call: ImportCall` in their place."""

    @wraps(command)
    def with_call(*, file: str, **given: Any) -> None:
        mine = {_name(flag): given.pop(_name(flag)) for flag, _ in (*_MAPPING_OPTIONS, *_RUN_OPTIONS)}
        with refusals_in_words():
            command(call=_call(file, mine), **given)

    decorated: Command = with_appcontext(with_call)
    for flag, attributes in reversed((*_MAPPING_OPTIONS, *_RUN_OPTIONS)):
        decorated = click.option(flag, _name(flag), **attributes)(decorated)
    return click.argument("file")(decorated)


def _name(flag: str) -> str:
    return "option_" + flag.removeprefix("--").replace("-", "_")  # --as and --set are words of Python


def _call(file: str, given: dict[str, Any]) -> ImportCall:
    path = None if file == "-" else Path(file)
    if path is not None and not path.is_file():
        raise OptionRefused(gettext("there is no file %(file)s", file=file))
    profile = given["option_profile"]
    mapping = mapping_of(given)
    return ImportCall(
        file=path,
        mapping=mapping.over(_saved(profile)) if profile else mapping,
        dry_run=given["option_dry_run"],
        skip_bad_rows=given["option_skip_bad_rows"],
        rejected=given["option_rejected"] or Path(f"{path or 'stdin'}.rejected.csv"),
        profile=profile,
        saved_profile=given["option_save_profile"],
    )


def _saved(profile: str) -> Mapping:
    with reading_transaction() as session:
        return find_profile(session, profile)


def mapping_of(given: dict[str, Any]) -> Mapping:
    """Return the mapping that the options describe; raise OptionRefused where one cannot be understood."""
    gather = given["option_gather_counts"]
    return Mapping(
        columns=tuple(options.pair(text, "--map") for text in given["option_map"]),
        constants=tuple(options.pair(text, "--set") for text in given["option_set"]),
        values=tuple(options.value_pair(text) for text in given["option_value"]),
        empty=given["option_empty"],
        done=options.choice(given["option_done"], "--done"),
        not_delivered=options.choice(given["option_not_delivered"], "--not-delivered"),
        only=options.choice(given["option_only"], "--only"),
        date_format=given["option_date_format"],
        time_zone=given["option_time_zone"],
        encoding=given["option_encoding"],
        rows=RepeatedRows(given["option_rows"] or RepeatedRows.REFUSED),
        unpivot=tuple(pair for text in given["option_unpivot"] for pair in options.pairs(text, "--unpivot")),
        unpivot_into=given["option_as"],
        gather_counts=options.gathering(gather) if gather else None,
        scale=tuple(options.factor(text) for text in given["option_scale"]),
        id_prefix=given["option_id_prefix"],
        not_applicable=options.listed(given["option_not_applicable"]),
        ignore_unknown=given["option_ignore_unknown"],
    )
