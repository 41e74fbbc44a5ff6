"""The forms in which administrators tell of people, and the rows that these come to."""

from collections.abc import Mapping
from typing import Any

from app.foundations.languages import mark
from app.imports.faults import Fault
from app.imports.people import PEOPLE, PersonRow
from app.models.base import SINCE_EVER
from app.reports.people_lists import Known
from app.web.frame.form_rules import needed, one_of
from app.web.frame.forms import StaffForm
from app.web.frame.row_forms import a_near_day, read_row
from app.web.organisation.department_forms import (
    A_LINE,
    ALWAYS,
    FROM_A_DAY,
    NAMED,
    NOW,
    day_where_asked,
    midnight,
    text,
)

TOLD = ("name", "department_code", "language", "time_zone")
FIELDS = {"valid_from": "day"}


#: Made first, so that it stands first in the form of somebody new.
_EMAIL = text(mark("Address"), [needed(mark("Write an e-mail address.")), *A_LINE])


class PersonForm(StaffForm):
    """Somebody as known from a moment on."""

    name = text(mark("Full name"), NAMED)
    department_code = text(mark("Department"), [needed(mark("Choose a department.")), *A_LINE])
    language = text(mark("Language of our mails"), A_LINE)
    time_zone = text(mark("Time zone"), A_LINE)
    when = text(mark("From when does this hold?"), [one_of((NOW, FROM_A_DAY, ALWAYS))])
    day = text(mark("Day"), [a_near_day, day_where_asked])


class NewPersonForm(PersonForm):
    """Somebody who is not known yet."""

    email = _EMAIL


def stored_values(known: Known) -> dict[str, str]:
    """Return what is known now, as the form shows it."""
    now = known.present
    values = dict.fromkeys(TOLD, "")
    if now is not None:
        values = {
            "name": now.name or "",
            "department_code": now.department or "",
            "language": now.language or "",
            "time_zone": now.time_zone or "",
        }
    return {**values, "when": NOW, "day": ""}


def changed_row(
    known: Known, told: Mapping[str, Any], stored: Mapping[str, Any]
) -> PersonRow | tuple[Fault, ...] | None:
    """Return what a form changes, and from when on; None where it changes nothing."""
    changed = {name: told[name] for name in TOLD if told[name] != stored[name]}
    if not changed:
        return None
    valid_from, then = None, known.present
    if told["when"] == FROM_A_DAY:
        valid_from = midnight(told["day"])
        then = next((one for one in known.entries if (one.valid_from or SINCE_EVER) <= valid_from), then)
    elif told["when"] == ALWAYS and then is not None:
        valid_from = then.valid_from or SINCE_EVER
    values = {name: told[name] for name in ("name", "department_code")}
    if then is not None:
        values |= {"name": then.name or told["name"], "department_code": then.department or told["department_code"]}
    return _row(known.email or "", {**values, **changed}, valid_from)


def new_row(told: Mapping[str, Any]) -> PersonRow | tuple[Fault, ...]:
    """Return the first row of somebody."""
    values = {name: told[name] for name in TOLD if told[name]}
    return _row(told["email"], values, midnight(told["day"]) if told["when"] == FROM_A_DAY else None)


def _row(email: str, values: Mapping[str, Any], valid_from: Any) -> PersonRow | tuple[Fault, ...]:
    when = {} if valid_from is None else {"valid_from": valid_from.isoformat()}
    return read_row(PEOPLE, {"email": email, **values, **when})
