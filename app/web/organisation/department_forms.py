"""The forms in which administrators tell of departments, and the rows that these come to."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from wtforms import BooleanField, Field, Form, SelectMultipleField, StringField, ValidationError

from app.foundations.languages import gettext, mark
from app.imports.departments import DEPARTMENTS, DepartmentRow
from app.imports.faults import Fault
from app.models.base import SINCE_EVER
from app.reports.department_tree import Record
from app.upkeep.organisation.department_changes import Orphans
from app.web.frame.form_rules import at_most, needed, one_line, one_of, storable
from app.web.frame.forms import StaffForm
from app.web.frame.installation import calendar
from app.web.frame.row_forms import a_near_day, read_row

NAMED = [needed(mark("Enter a name.")), at_most(200), one_line]
A_LINE = [at_most(200), one_line]
NOW, FROM_A_DAY, ALWAYS = "now", "day", "always"
TOLD = ("name", "parent_code", "head_email", "staff_count", "language", "touchpoints")
#: What a fault's column is called on our forms.
FIELDS = {"valid_from": "day", "valid_to": "day", "successor_code": "successor"}


def text(label: str, rules: list[Callable[..., None]], **options: Any) -> StringField:
    """Return a field of one line."""
    return StringField(label, rules, filters=[storable], **options)


def day_where_asked(form: Form, field: StringField) -> None:
    """Refuse an empty day where the change is to hold from a day on."""
    if form.when.data == FROM_A_DAY and not field.data:
        raise ValidationError(gettext("Choose the day from which on it holds."))


#: Fields stand in the order in which they are made here: the one that only a new department has comes first.
_CODE = text(mark("Code"), [needed(mark("Write a code, as your trackers or files name it.")), *A_LINE])


class DepartmentForm(StaffForm):
    """A department as it is from a moment on."""

    aside = frozenset({"sure"})

    name = text(mark("Name of the department"), NAMED)
    parent_code = text(mark("Part of"), A_LINE)
    head_email = text(mark("Address of its head"), A_LINE)
    staff_count = text(mark("Number of staff"), A_LINE)
    language = text(mark("Language of its scorecard"), A_LINE)
    touchpoints = text(mark("Touchpoints of its customers"), [at_most(2000), one_line])
    when = text(mark("From when does this hold?"), [one_of((NOW, FROM_A_DAY, ALWAYS))])
    day = text(mark("Day"), [a_near_day, day_where_asked])
    sure = BooleanField(mark("Yes, this address is right"))


class NewDepartmentForm(DepartmentForm):
    """A department that is not known yet."""

    code = _CODE


class EndForm(StaffForm):
    """The end of a department."""

    day = text(mark("First day without it"), [needed(mark("Choose a day.")), a_near_day])
    successor = text(mark("Which department takes over"), A_LINE)
    orphans = text(mark("Departments below it"), [one_of([one.value for one in Orphans])])
    move_people = BooleanField(mark("Its people move along on that day"))

    def validate_orphans(self, field: StringField) -> None:
        """Refuse to send departments to one that nobody named."""
        if field.data == Orphans.SUCCESSOR and not self.successor.data:
            raise ValidationError(gettext("Choose the department that takes over, or another place for them."))


def chosen(form: Form, field: Field) -> None:
    """Refuse a merger of fewer than two."""
    if len({*field.data, *([form.successor.data] if form.successor.data else [])}) < 2:
        raise ValidationError(gettext("Choose at least two departments."))


class MergeForm(StaffForm):
    """Several departments that become one."""

    aside = frozenset({"sure"})

    codes = SelectMultipleField(mark("Departments that become one"), [chosen], choices=[], validate_choice=False)
    successor = text(mark("They become"), A_LINE)
    code = text(mark("Code of the new department"), A_LINE)
    name = text(mark("Name of the new department"), A_LINE)
    parent_code = text(mark("Part of"), A_LINE)
    head_email = text(mark("Address of its head"), A_LINE)
    staff_count = text(mark("Number of staff"), A_LINE)
    sure = BooleanField(mark("Yes, this address is right"))
    day = text(mark("First day as one department"), [needed(mark("Choose a day.")), a_near_day])
    move_people = BooleanField(mark("Their people move along on that day"))

    def validate_successor(self, field: StringField) -> None:
        """Ask for one of both: a department that is there, or code and name of a new one."""
        if not field.data and not (self.code.data and self.name.data):
            raise ValidationError(gettext("Choose a department, or write code and name of a new one below."))

    @property
    def into(self) -> str:
        """The code of the department that they become."""
        return str(self.successor.data or self.code.data)

    @property
    def ending(self) -> tuple[str, ...]:
        """The codes of those that end."""
        return tuple(code for code in dict.fromkeys(self.codes.data) if code != self.into)


def new_in(form: MergeForm) -> dict[str, Any]:
    """Return what a merger tells of a new department, as its own form would."""
    told = {name: form[name].data for name in ("code", "name", "parent_code", "head_email", "staff_count")}
    return {**told, "when": FROM_A_DAY, "day": form.day.data}


def stored_values(record: Record) -> dict[str, Any]:
    """Return the values that a department has now, or begins with later, as its form shows them."""
    now = record.present or record.upcoming
    assert now is not None
    weights = record.touchpoints[0][1] if record.touchpoints else {}
    return {
        "name": now.name,
        "parent_code": now.parent or "",
        "head_email": now.head_email or "",
        "staff_count": "" if now.staff_count is None else str(now.staff_count),
        "language": now.language or "",
        "touchpoints": "; ".join(f"{name}={weight:g}" for name, weight in weights.items()),
        "when": NOW if record.present else ALWAYS,
        "day": "",
        "sure": False,
    }


def midnight(day: str) -> datetime:
    """Return the first moment of a company-local day."""
    return calendar().midnight(date.fromisoformat(day))


def changed_row(
    record: Record, told: Mapping[str, Any], stored: Mapping[str, Any]
) -> DepartmentRow | tuple[Fault, ...] | None:
    """Return what a form changes, and from when on; None where it changes nothing.

    What it leaves as it is stays at any other day what it is then.
    """
    changed = {name: told[name] for name in TOLD if told[name] != stored[name]}
    now = record.present or record.upcoming
    if not changed or now is None:
        return None
    valid_from, name = None, now.name
    if told["when"] == FROM_A_DAY:
        valid_from = midnight(told["day"])
        if record.upcoming and valid_from < (now.valid_from or SINCE_EVER):
            return (Fault("", 0, "valid_from", gettext("it begins later: choose a day from then on")),)
        name = next((one.name for one in record.entries if (one.valid_from or SINCE_EVER) <= valid_from), now.name)
    elif told["when"] == ALWAYS or record.present is None:
        valid_from = now.valid_from or SINCE_EVER
    return _row({"code": record.code, "name": name, **changed}, valid_from)


def new_row(told: Mapping[str, Any]) -> DepartmentRow | tuple[Fault, ...]:
    """Return the first row of a department."""
    values = {"code": told["code"], **{name: told[name] for name in TOLD if told.get(name)}}
    return _row(values, midnight(told["day"]) if told["when"] == FROM_A_DAY else None)


def _row(values: Mapping[str, Any], valid_from: datetime | None) -> DepartmentRow | tuple[Fault, ...]:
    when = {} if valid_from is None else {"valid_from": valid_from.isoformat()}
    return read_row(DEPARTMENTS, {**values, **when})
