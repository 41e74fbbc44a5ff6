"""Forms that tell one row of a table: typed values go through the same columns as an import's cells."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TypeVar

from sqlalchemy.exc import IntegrityError
from wtforms import Field, Form, ValidationError

from app.foundations.languages import gettext
from app.imports.columns import Reading
from app.imports.faults import Fault, RowsRefused
from app.imports.schema import Kind, R, from_mapping
from app.models.base import db
from app.web.frame.forms import Sent, StaffForm, refused
from app.web.frame.installation import settings

F = TypeVar("F", bound=StaffForm)
YEARS = range(1901, 2200)


def is_a_day(field: Field) -> bool:
    """Tell whether a field holds a day that a company could mean."""
    try:
        return date.fromisoformat(field.data or "").year in YEARS
    except ValueError:
        return False


def a_near_day(_form: Form, field: Field) -> None:
    """Refuse what is no day that a company could mean; an empty field is none yet."""
    if field.data and not is_a_day(field):
        raise ValidationError(gettext("Choose a day, or write it as in 2026-09-30."))


def read_row(kind: Kind[R], values: Mapping[str, object]) -> R | tuple[Fault, ...]:
    """Return the typed row of these values, or everything that is wrong with them."""
    return from_mapping(kind, values, Reading(settings().time_zone))


def at_fields(form: F, faults: Iterable[Fault], fields: Mapping[str, str], otherwise: str) -> Sent[F]:
    """Return the form with each fault at the field of its column; `fields` names those that are called otherwise."""
    sent = None
    for fault in faults:
        name = fields.get(fault.column, fault.column)
        sent = refused(form, name if name in form else otherwise, as_sentence(fault.sentence))
    assert sent is not None
    return sent


def written(
    sent: Sent[F],
    row: object,
    write: Callable[[], object],
    *,
    fields: Mapping[str, str],
    in_the_same_moment: tuple[str, str],
) -> Sent[F]:
    """Write a row, where it is one and no faults; return the form with what is wrong, and then nothing is written.

    `in_the_same_moment` is the field and the sentence for who wrote the same at once, and came second.
    """
    if isinstance(row, tuple):
        return at_fields(sent.form, row, fields, "name")
    try:
        write()
        db.session.flush()
    except RowsRefused as found:
        db.session.rollback()
        return at_fields(sent.form, found.faults, fields, "name")
    except IntegrityError:
        db.session.rollback()
        return refused(sent.form, *in_the_same_moment)
    return sent


def as_sentence(words: str) -> str:
    """Return what is said of a cell as a sentence of its own."""
    end = "" if words.endswith((".", "?", "!")) else "."
    return f"{words[:1].upper()}{words[1:]}{end}"
