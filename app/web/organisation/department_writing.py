"""What the pages of departments share: who is alone with one, how a row is written, and what somebody agreed to."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from flask import abort, redirect, request, url_for
from sqlalchemy import select

from app.foundations.languages import gettext, mark
from app.imports.departments import DepartmentRow
from app.imports.faults import Fault
from app.models.base import db
from app.models.departments import Department, DepartmentVersion, find_department
from app.reports.called import called
from app.reports.department_tree import Record, department_names, read_record
from app.upkeep.organisation.departments import record_departments
from app.upkeep.organisation.named_heads import is_domain_known, is_known
from app.upkeep.organisation.open_periods import open_periods
from app.web.frame import forms, row_forms
from app.web.frame.forms import Sent, StaffForm
from app.web.frame.installation import calendar, now, settings
from app.web.frame.speaking import LANGUAGE_NAMES
from app.web.organisation.department_forms import FIELDS, new_row
from app.web.organisation.sight import sight_told

Row = DepartmentRow | tuple[Fault, ...]
KNOWN_ALREADY = mark("There is a department with this code already. Open it from the list to change it.")


def added(sent: Sent[Any], told: Mapping[str, Any]) -> Sent[Any]:
    """Write the first row of a department; say so where its code is taken."""
    if is_taken(told["code"]):
        return forms.refused(sent.form, "code", gettext(KNOWN_ALREADY))
    return written(sent, new_row(told))


def is_taken(code: str) -> bool:
    """Tell whether something is known of a department with this code; of a merger taken back nothing is."""
    of_it = (
        select(DepartmentVersion.id)
        .join(Department, Department.id == DepartmentVersion.department_id)
        .where(Department.code == code)
    )
    return db.session.scalar(of_it.limit(1)) is not None


def written(sent: Sent[Any], row: Row) -> Sent[Any]:
    """Write a row; return the form as it is, or with what is wrong, and then nothing is written."""
    if isinstance(row, DepartmentRow) and not sent.form.sure.data and (asked := doubt(row.head_email)):
        return forms.refused(sent.form, "head_email", asked)

    def write() -> None:
        assert isinstance(row, DepartmentRow)
        with sight_told():
            record_departments(db.session(), [row], calendar=calendar(), now=now())

    at_once = "code", gettext(KNOWN_ALREADY)
    return row_forms.written(sent, row, write, fields=FIELDS, in_the_same_moment=at_once)


def called_heads(addresses: Iterable[str | None]) -> dict[str, str]:
    """Return what heads are called, by their addresses as they are told."""
    told = {address for address in addresses if address}
    words = called(db.session(), {address.lower() for address in told}, now())
    return {address: words[address.lower()] for address in told}


def doubt(address: str | None) -> str:
    """Ask about a head that nobody here knows by this address; '' where there is nothing to ask."""
    if not address or is_known(db.session(), address):
        return ""
    if is_domain_known(db.session(), address):
        return gettext(
            "Nobody is known here by this address. It would get scorecards and sign in as head: is it right?"
        )
    sentence = mark(
        "Nobody known here has an address at %(domain)s. It would get scorecards and sign in as head: is it right?"
    )
    return gettext(sentence, domain=address.rpartition("@")[2])


def seal(form: StaffForm, foreseen: object) -> str:
    """Return the trace of what a form tells and what that comes to: whoever sends it back has read just this."""
    return sha256(repr((sorted(form.told().items()), foreseen)).encode()).hexdigest()


def has_agreed(form: StaffForm, foreseen: object) -> bool:
    """Tell whether this request agrees to what it comes to."""
    return request.form.get("agreed") == seal(form, foreseen)


def ask(template: str, form: StaffForm, foreseen: object, /, **values: Any) -> Any:
    """Undo what was written, and show what it would come to."""
    db.session.rollback()
    return forms.show(template, form, **values | {"foreseen": foreseen, "agreed": seal(form, foreseen)})


def known(code: str) -> int:
    """Return the number of a department that is there."""
    found = find_department(db.session(), code)
    assert found is not None
    return found.id


def held(number: int) -> Record:
    """Return what is known of a department; whoever is about to change it is alone with it."""
    if request.method == "POST":
        db.session.execute(select(Department.id).where(Department.id == number).with_for_update())
    record = read_record(db.session(), number, now())
    return record if record is not None and record.entries else abort(404)


def choices(but: Iterable[str] = (), language: str | None = None) -> dict[str, Any]:
    """Return what forms offer, and which quarters a change counts anew."""
    known_now = department_names(db.session(), now())
    offered = dict.fromkeys([*settings().languages, *([language] if language else [])])
    return {
        "departments": [(code, f"{name} ({code})") for code, name in known_now if code not in but],
        "languages_spoken": [(code, LANGUAGE_NAMES.get(code, code)) for code in offered],
        "open_quarters": open_periods(db.session()),
        "foreseen": None,
    }


def saved(number: int) -> Any:
    """Lead to the page of a department that was saved."""
    return redirect(url_for("departments.show", number=number, saved=1), 303)
