"""The forms in which administrators tell of departments, and the rows that these come to."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from wtforms import BooleanField, Form, StringField, TextAreaField, ValidationError

from app.foundations.languages import gettext, mark
from app.imports.departments import DEPARTMENTS, DepartmentRow
from app.imports.faults import Fault
from app.models.base import SINCE_EVER
from app.reports.department_tree import Record
from app.upkeep.department_changes import Orphans
from app.web.form_rules import at_most, needed, one_line, one_of, storable
from app.web.forms import StaffForm
from app.web.row_forms import a_near_day, read_row
from app.web.survey_frame import calendar

NAMED = [needed(mark("Write a name.")), at_most(200), one_line]
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
    parent_code = text(mark("Stands below"), A_LINE)
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


class MergeForm(StaffForm):
    """Several departments that become one."""

    codes = TextAreaField(
        mark("Codes of the departments"),
        [needed(mark("Write the codes of the departments that become one.")), at_most(5000)],
        filters=[storable, lambda text: text.strip(", \n")],
    )
    successor = text(mark("They become"), A_LINE)
    code = text(mark("Code of the new department"), A_LINE)
    name = text(mark("Name of the new department"), A_LINE)
    day = text(mark("First day as one department"), [needed(mark("Choose a day.")), a_near_day])
    move_people = BooleanField(mark("Their people move along on that day"))

    def validate_successor(self, field: StringField) -> None:
        """Ask for one of both: a department that is there, or code and name of a new one."""
        if not field.data and not (self.code.data and self.name.data):
            raise ValidationError(gettext("Choose a department, or write code and name of a new one below."))

    def told_codes(self) -> tuple[str, ...]:
        """Return the codes, each once."""
        parts = (part.strip() for line in self.codes.data.splitlines() for part in line.split(","))
        return tuple(dict.fromkeys(filter(None, parts)))


def stored_values(record: Record) -> dict[str, Any]:
    """Return the values that a department has now, as its form shows them."""
    now = record.present
    assert now is not None
    weights = record.touchpoints[0][1] if record.touchpoints else {}
    return {
        "name": now.name,
        "parent_code": now.parent or "",
        "head_email": now.head_email or "",
        "staff_count": "" if now.staff_count is None else str(now.staff_count),
        "language": now.language or "",
        "touchpoints": "; ".join(f"{name}={weight:g}" for name, weight in weights.items()),
        "when": NOW,
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
    now = record.present
    if not changed or now is None:
        return None
    valid_from, name = None, now.name
    if told["when"] == FROM_A_DAY:
        valid_from = midnight(told["day"])
        name = next((one.name for one in record.entries if (one.valid_from or SINCE_EVER) <= valid_from), now.name)
    elif told["when"] == ALWAYS:
        valid_from = now.valid_from or SINCE_EVER
    return _row({"code": record.code, "name": name, **changed}, valid_from)


def new_row(told: Mapping[str, Any]) -> DepartmentRow | tuple[Fault, ...]:
    """Return the first row of a department."""
    values = {"code": told["code"], **{name: told[name] for name in TOLD if told.get(name)}}
    return _row(values, midnight(told["day"]) if told["when"] == FROM_A_DAY else None)


def _row(values: Mapping[str, Any], valid_from: datetime | None) -> DepartmentRow | tuple[Fault, ...]:
    when = {} if valid_from is None else {"valid_from": valid_from.isoformat()}
    return read_row(DEPARTMENTS, {**values, **when})
