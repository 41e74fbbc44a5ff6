"""Departments that end or become one: what changes is shown first, and written once somebody has read it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import redirect, request, url_for

from app.domain.auditing import Act
from app.foundations.languages import gettext
from app.imports.faults import Fault, RowsRefused
from app.models.base import db
from app.models.departments import find_department
from app.reports.department_tree import Record
from app.upkeep.organisation.department_changes import (
    Ended,
    Ending,
    Orphans,
    end_departments,
    faults_of,
    take_back_end,
    take_back_merger,
)
from app.upkeep.organisation.department_foresight import Foreseen, foresee
from app.web.frame import forms
from app.web.frame import staff as frame
from app.web.frame.forms import Outcome, Sent
from app.web.frame.installation import calendar, now
from app.web.frame.row_forms import at_fields, is_a_day
from app.web.organisation import department_writing as writing
from app.web.organisation.department_forms import FIELDS, EndForm, MergeForm, midnight, new_in, new_row
from app.web.organisation.departments import pages
from app.web.organisation.sight import sight_told

__all__ = ["pages"]

_ENDING = {"day": "", "successor": "", "orphans": Orphans.UP.value, "move_people": True}
_MERGING = {
    "codes": [],
    "successor": "",
    "code": "",
    "name": "",
    "parent_code": "",
    "head_email": "",
    "staff_count": "",
    "day": "",
    "move_people": True,
    "sure": False,
}


@pages.route("/<int:number>/end", methods=["GET", "POST"])
def end(number: int) -> Any:
    """End a department on a day, or take its end back."""
    record = writing.held(number)
    if record.has_end:
        return _take_back(record)
    if request.form.get("act") == "take_back":  # somebody else was first with that
        return redirect(url_for("departments.show", number=number), 303)
    template, values = "organisation/end_department.html", {"record": record, **writing.choices(but=[record.code])}
    if request.method == "GET":
        return forms.show(template, forms.shown(EndForm, _ENDING), **values)
    sent = forms.sent(EndForm, _ENDING)
    if sent.outcome is Outcome.GOOD:
        ending = _ending((record.code,), sent.form.told())
        sent, done = _ended(sent, ending)
    if sent.outcome is not Outcome.GOOD:
        return forms.answer(template, sent, **values)
    foreseen = foresee(db.session(), ending, done)
    if not writing.has_agreed(sent.form, foreseen):
        return writing.ask(template, sent.form, foreseen, **values)
    frame.noted(Act.DEPARTMENT_ENDED, f"department:{number}", asdict(done))
    db.session.commit()
    return writing.saved(number)


def _take_back(record: Record) -> Any:
    """Show when a department ends, and let it go on where that is asked for."""
    if request.form.get("act") != "take_back":
        status = 200 if request.method == "GET" else 409  # somebody else was first with the end
        return frame.page("organisation/department_has_ended.html", status=status, record=record, now=now())
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    with sight_told():
        take_back_end(db.session(), record.code, calendar=calendar(), now=now())
    frame.noted(Act.DEPARTMENT_END_TAKEN_BACK, f"department:{record.number}")
    db.session.commit()
    return redirect(url_for("departments.show", number=record.number), 303)


@pages.route("/merge", methods=["GET", "POST"])
def merge() -> Any:
    """Let several departments become one."""
    template = "organisation/merge_departments.html"
    if request.method == "GET":
        return forms.show(template, forms.shown(MergeForm, _MERGING), **writing.choices())
    sent = forms.sent(MergeForm, _MERGING)
    foreseen = None
    if sent.outcome in {Outcome.GOOD, Outcome.WRONG}:
        sent, done, foreseen = _merged(sent)
    if foreseen is None:
        return forms.answer(template, sent, **writing.choices())
    if not writing.has_agreed(sent.form, foreseen):
        return writing.ask(template, sent.form, foreseen, **writing.choices())
    follower = writing.known(sent.form.into)
    frame.noted(Act.DEPARTMENTS_MERGED, f"department:{follower}", asdict(done))
    db.session.commit()
    return writing.saved(follower)


@pages.post("/<int:number>/separate")
def separate(number: int) -> Any:
    """Take a merger back whose day has not come: those that were to end go on."""
    record = writing.held(number)
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    department = find_department(db.session(), record.code)
    assert department is not None
    with sight_told():
        is_forgotten = take_back_merger(db.session(), department, calendar=calendar(), now=now())
    frame.noted(Act.DEPARTMENT_END_TAKEN_BACK, f"department:{number}")
    db.session.commit()
    return redirect(url_for("departments.listing") if is_forgotten else url_for("departments.show", number=number), 303)


def _merged(sent: Sent[MergeForm]) -> tuple[Sent[MergeForm], Ended, Foreseen | None]:
    """Write a merger; return the form with everything that is wrong, and then nothing is written."""
    form, nothing = sent.form, Ended(0, 0)
    faults = _faults(form)
    if faults:
        sent = at_fields(form, faults, FIELDS, "codes")
    if sent.outcome is not Outcome.GOOD:
        return sent, nothing, None
    ending = _ending(form.ending, {**form.told(), "successor": form.into, "orphans": Orphans.SUCCESSOR.value})
    with sight_told():
        done = nothing
        if not form.successor.data:
            sent = writing.added(sent, new_in(form))
        if sent.outcome is Outcome.GOOD:
            sent, done = _ended(sent, ending)
    return sent, done, foresee(db.session(), ending, done) if sent.outcome is Outcome.GOOD else None


def _faults(form: MergeForm) -> list[Fault]:
    """Return what the data behind a merger says against it, of all its fields that can be read."""
    found: list[Fault] = []
    if not form.successor.data:
        row = new_row(new_in(form) | ({} if is_a_day(form.day) else {"when": "always"}))
        if isinstance(row, tuple):
            found += [fault for fault in row if not form[FIELDS.get(fault.column, fault.column)].errors]
        if writing.is_taken(form.code.data):
            found.append(Fault("", 0, "code", gettext(writing.KNOWN_ALREADY)))
        elif not form.sure.data and not isinstance(row, tuple) and (asked := writing.doubt(row.head_email)):
            found.append(Fault("", 0, "head_email", asked))
    if is_a_day(form.day) and form.ending:
        ending = Ending(codes=form.ending, at=midnight(form.day.data), successor=form.successor.data or None)
        found += [_at_codes(fault) for fault in faults_of(db.session(), ending)]
    return found


def _at_codes(fault: Fault) -> Fault:
    """Return a fault of one of those that end, at the field where they are chosen."""
    return Fault("", 0, "codes" if fault.column == "code" else fault.column, fault.sentence)


def _ending(codes: tuple[str, ...], told: Mapping[str, Any]) -> Ending:
    return Ending(
        codes=codes,
        at=midnight(told["day"]),
        successor=told["successor"] or None,
        orphans=Orphans(told["orphans"]),
        move_people=told["move_people"],
    )


def _ended(sent: Sent[Any], ending: Ending) -> tuple[Sent[Any], Ended]:
    try:
        with sight_told():
            return sent, end_departments(db.session(), ending, calendar=calendar(), now=now())
    except RowsRefused as refused:
        db.session.rollback()
        field = "codes" if "codes" in sent.form else "day"
        return at_fields(sent.form, refused.faults, FIELDS | {"code": field}, field), Ended(0, 0)
