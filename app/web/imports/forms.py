"""The form with which a table is sent, and how its words become the options of an import."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from wtforms import BooleanField, Field, FileField, Form, StringField, TextAreaField, ValidationError

from app.domain.periods import Period
from app.foundations.languages import gettext, mark
from app.imports import mapping as options
from app.imports.faults import OptionRefused
from app.imports.mapping import Mapping, RepeatedRows
from app.imports.rows import reading_of
from app.models.uploads import ImportKind, Upload
from app.upkeep.imports import uploads
from app.web.frame.form_rules import at_most, one_line, one_of, storable
from app.web.frame.forms import StaffForm
from app.web.frame.installation import settings
from app.web.frame.row_forms import as_sentence

LONGEST = 4000  # characters of a list of options
NAMES = [at_most(200), one_line]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def area(label: str) -> TextAreaField:
    """Return a field with one option a line."""
    return TextAreaField(label, [at_most(LONGEST)], filters=[storable])


def line(label: str, *rules: Callable[..., None]) -> StringField:
    """Return a field of one line."""
    return StringField(label, [*rules, *NAMES], filters=[storable])


def _a_file(_form: Form, field: Field) -> None:
    if not getattr(field.data, "filename", ""):
        raise ValidationError(gettext("Choose a file."))


class UploadForm(StaffForm):
    """A table, what its rows are, and how it is written."""

    file = FileField(mark("File"), [_a_file])
    kind = line(mark("What its rows are"), one_of([kind.value for kind in ImportKind]))
    slug = line(mark("Where they come from"))
    profile = line(mark("Saved settings"))
    encoding = line(mark("Encoding"))
    date_format = line(mark("How times are written"))
    time_zone = line(mark("Time zone of times without one"))
    rows = line(mark("Several rows with one id"), one_of([how.value for how in RepeatedRows]))
    columns = area(mark("Columns"))
    constants = area(mark("Values for every row"))
    values = area(mark("Values to replace"))
    empty = area(mark("Cells to read as empty"))
    done = area(mark("Which rows are completed"))
    not_delivered = area(mark("Which ended without delivery"))
    ignore_unknown = BooleanField(mark("Skip unknown columns"))
    create_departments = BooleanField(mark("Add unknown departments"))
    skip_bad_rows = BooleanField(mark("If rows have faults, import the others"))
    replaced = line(mark("Quarter to replace"))
    save_profile = line(mark("Save these settings as"))

    def validate_replaced(self, field: Field) -> None:
        """Refuse a quarter for rows that replace nothing."""
        if not field.data:
            return
        if self.kind.data != ImportKind.RESPONSES.value:
            raise ValidationError(gettext("Only earlier answers can be replaced. Leave this empty."))
        try:
            Period.parse(field.data)
        except ValueError:
            raise ValidationError(gettext("Write the quarter as in 2026-Q3.")) from None


FRESH: dict[str, Any] = {
    "file": None,
    "kind": ImportKind.DEPARTMENTS.value,
    "rows": RepeatedRows.REFUSED.value,
    **dict.fromkeys(
        ("slug", "profile", "encoding", "date_format", "time_zone", "columns", "constants", "values", "empty"), ""
    ),
    **dict.fromkeys(("done", "not_delivered", "replaced", "save_profile"), ""),
    **dict.fromkeys(("ignore_unknown", "create_departments", "skip_bad_rows"), False),
}

Reader = Callable[[str], Any]


def told_mapping(form: UploadForm, profile: Mapping | None) -> Mapping | list[tuple[str, str]]:
    """Return how the table is to be read, or which fields nobody can understand, each with why."""
    told: dict[str, Any] = {}
    wrong: list[tuple[str, str]] = []
    for name, read in _READ.items():
        try:
            told[name] = read(form[name].data)
        except OptionRefused as refused:
            wrong.append((name, as_sentence(refused.sentence)))
    if wrong:
        return wrong
    rows, unknown = RepeatedRows(form.rows.data), form.ignore_unknown.data
    found = replace(Mapping(rows=rows, ignore_unknown=unknown), **told)
    return found.over(profile) if profile is not None else found


def _tried(**given: Any) -> Any:
    """Make sure that times can be read like that, and return how."""
    reading_of(Mapping(**given), settings().time_zone)
    return next(iter(given.values()))


def _known_encoding(text: str) -> str | None:
    try:
        "a".encode(text or "utf-8")
    except (LookupError, ValueError) as error:
        raise OptionRefused(gettext("Nobody knows this encoding; try cp1250, cp1251, cp1252 or utf-8.")) from error
    return text or None


#: How the words of a field become an option; what cannot be understood is said at that field.
_READ: dict[str, Reader] = {
    "columns": lambda text: tuple(options.pair(one, "--map") for one in _lines(text)),
    "constants": lambda text: tuple(options.pair(one, "--set") for one in _lines(text)),
    "values": lambda text: tuple(options.value_pair(one) for one in _lines(text)),
    "empty": lambda text: tuple(_lines(text)),
    "done": lambda text: options.choice(_lines(text), "--done"),
    "not_delivered": lambda text: options.choice(_lines(text), "--not-delivered"),
    "date_format": lambda text: _tried(date_format=text or None),
    "time_zone": lambda text: _tried(time_zone=text or None),
    "encoding": _known_encoding,
}


def as_typed(upload: Upload) -> dict[str, Any]:
    """Return how a table was sent as the form shows it: whoever mends the file need not tell it again."""
    told = uploads.order_of(upload, dry_run=True, actor="").mapping
    return FRESH | {
        "kind": upload.kind.value,
        "slug": upload.slug,
        "encoding": told.encoding or "",
        "date_format": told.date_format or "",
        "time_zone": told.time_zone or "",
        "rows": told.rows.value,
        "columns": "\n".join(f"{ours}={theirs}" for ours, theirs in told.columns),
        "constants": "\n".join(f"{ours}={value}" for ours, value in told.constants),
        "values": "\n".join(f"{ours}:{theirs}={value}" for ours, theirs, value in told.values),
        "empty": "\n".join(told.empty),
        "done": _as_choice(told.done),
        "not_delivered": _as_choice(told.not_delivered),
        "ignore_unknown": told.ignore_unknown,
        "create_departments": upload.options["create_departments"],
        "replaced": upload.options["replaced"],
    }


def _as_choice(told: tuple[str, tuple[str, ...]] | None) -> str:
    return f"{told[0]}={','.join(told[1])}" if told else ""
