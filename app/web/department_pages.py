"""The departments: their tree on any day, and what an administrator tells of them."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.domain.auditing import Act
from app.domain.rights import Action
from app.foundations.languages import gettext, mark, spoken
from app.imports.departments import DepartmentRow
from app.imports.faults import Fault, RowsRefused
from app.models.base import db
from app.models.departments import Department, find_department
from app.reports.department_tree import Record, department_names, read_record, read_tree
from app.upkeep.department_changes import Ended, Ending, Orphans, end_departments, take_back_end
from app.upkeep.departments import record_departments
from app.upkeep.named_heads import is_domain_known, is_known, telling_new_heads
from app.upkeep.open_periods import open_periods
from app.web import forms
from app.web import staff_frame as frame
from app.web.department_forms import (
    FIELDS,
    FROM_A_DAY,
    DepartmentForm,
    EndForm,
    MergeForm,
    NewDepartmentForm,
    changed_row,
    midnight,
    new_row,
    stored_values,
)
from app.web.forms import Outcome, Sent
from app.web.row_forms import YEARS, at_fields
from app.web.survey_frame import LANGUAGE_NAMES, calendar, now, settings

pages = Blueprint("departments", __name__, url_prefix="/admin/departments")
frame.frame(pages, frozenset({Action.KEEP_PEOPLE}))

Row = DepartmentRow | tuple[Fault, ...]
FRESH = {"when": "always", "day": "", "language": "", "parent_code": ""}
KNOWN_ALREADY = mark("There is a department with this code already. Open it from the list to change it.")


@pages.get("")
def listing() -> Response:
    """Show the tree of a day; today's first."""
    today = now().astimezone(settings().time_zone).date()
    day = _day_asked_for(today)
    moment = now() if day == today else calendar().midnight(day)
    return frame.page("admin/departments.html", tree=read_tree(db.session(), moment), day=day, today=today)


@pages.route("/new", methods=["GET", "POST"])
def new() -> Any:
    """Add a department."""
    if request.method == "GET":
        return forms.show("admin/new_department.html", forms.shown(NewDepartmentForm, FRESH), **_choices())
    sent = forms.sent(NewDepartmentForm, FRESH)
    if sent.outcome is Outcome.GOOD:
        sent = _added(sent, sent.form.told())
    if sent.outcome is not Outcome.GOOD:
        return forms.answer("admin/new_department.html", sent, **_choices())
    number = _known(sent.form.code.data)
    frame.noted(Act.DEPARTMENT_ADDED, f"department:{number}")
    db.session.commit()
    return _saved(number)


@pages.route("/<int:number>", methods=["GET", "POST"])
def show(number: int) -> Any:
    """Show a department with its history, and take what is to change."""
    record = _held(number)
    if record.present is None:
        status = 200 if request.method == "GET" else 409  # somebody else has ended it
        return frame.page("admin/department.html", status=status, record=record, form=None, sent=None, **_choices())
    stored, choices = stored_values(record), _choices(record.code, record.present.language)
    if request.method == "GET":
        return forms.show("admin/department.html", forms.shown(DepartmentForm, stored), record=record, **choices)
    sent = forms.sent(DepartmentForm, stored)
    row = changed_row(record, sent.form.told(), stored) if sent.outcome is Outcome.GOOD else None
    if sent.outcome is Outcome.SAME or (sent.outcome is Outcome.GOOD and row is None):
        return redirect(url_for("departments.show", number=number), 303)
    if row is not None:
        sent = _written(sent, row)
    if sent.outcome is not Outcome.GOOD:
        return forms.answer("admin/department.html", sent, record=record, **choices)
    changed = sorted(name for name, value in stored.items() if name != "sure" and sent.form[name].data != value)
    frame.noted(Act.DEPARTMENT_CHANGED, f"department:{number}", {"fields": changed})
    db.session.commit()
    return _saved(number)


@pages.route("/<int:number>/end", methods=["GET", "POST"])
def end(number: int) -> Any:
    """End a department on a day, or take its end back."""
    record = _held(number)
    if record.has_end:
        return _take_back(record)
    if request.form.get("act") == "take_back":  # somebody else was first with that
        return redirect(url_for("departments.show", number=number), 303)
    values = {"record": record, **_choices(but=record.code)}
    if request.method == "GET":
        return forms.show("admin/end_department.html", forms.shown(EndForm, _ENDING), **values)
    sent = forms.sent(EndForm, _ENDING)
    moved = Ended(0, 0)
    if sent.outcome is Outcome.GOOD:
        sent, moved = _ended(sent, _ending((record.code,), sent.form.told()))
    if sent.outcome is not Outcome.GOOD:
        return forms.answer("admin/end_department.html", sent, **values)
    frame.noted(Act.DEPARTMENT_ENDED, f"department:{number}", asdict(moved))
    db.session.commit()
    return _saved(number)


def _take_back(record: Record) -> Any:
    """Show when a department ends, and let it go on where that is asked for."""
    if request.form.get("act") != "take_back":
        status = 200 if request.method == "GET" else 409  # somebody else was first with the end
        return frame.page("admin/department_has_ended.html", status=status, record=record)
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    take_back_end(db.session(), record.code, calendar=calendar(), now=now())
    frame.noted(Act.DEPARTMENT_END_TAKEN_BACK, f"department:{record.number}")
    db.session.commit()
    return redirect(url_for("departments.show", number=record.number), 303)


@pages.route("/merge", methods=["GET", "POST"])
def merge() -> Any:
    """Let several departments become one."""
    if request.method == "GET":
        return forms.show("admin/merge_departments.html", forms.shown(MergeForm, _MERGING), **_choices())
    sent = forms.sent(MergeForm, _MERGING)
    into, moved = sent.form.successor.data or sent.form.code.data, Ended(0, 0)
    if sent.outcome is Outcome.GOOD and not sent.form.successor.data:
        sent = _added(sent, {**FRESH, **sent.form.told(), "when": FROM_A_DAY})
    if sent.outcome is Outcome.GOOD:
        codes = tuple(code for code in sent.form.told_codes() if code != into)
        told = {**sent.form.told(), "successor": into, "orphans": Orphans.SUCCESSOR.value}
        sent, moved = _ended(sent, _ending(codes, told))
    if sent.outcome is not Outcome.GOOD:
        return forms.answer("admin/merge_departments.html", sent, **_choices())
    follower = _known(into)
    frame.noted(Act.DEPARTMENTS_MERGED, f"department:{follower}", asdict(moved))
    db.session.commit()
    return _saved(follower)


_ENDING = {"day": "", "successor": "", "orphans": Orphans.UP.value, "move_people": True}
_MERGING = {"codes": "", "successor": "", "code": "", "name": "", "day": "", "move_people": True}


def _ending(codes: tuple[str, ...], told: Mapping[str, Any]) -> Ending:
    return Ending(
        codes=codes,
        at=midnight(told["day"]),
        successor=told["successor"] or None,
        orphans=Orphans(told["orphans"]),
        move_people=told["move_people"],
    )


def _added(sent: Sent[Any], told: Mapping[str, Any]) -> Sent[Any]:
    """Write the first row of a department; say so where its code is taken."""
    if find_department(db.session(), told["code"]) is not None:
        return forms.refused(sent.form, "code", gettext(KNOWN_ALREADY))
    return _written(sent, new_row(told))


def _written(sent: Sent[Any], row: Row) -> Sent[Any]:
    """Write a row; return the form as it is, or with what is wrong, and then nothing is written."""
    if isinstance(row, tuple):
        return at_fields(sent.form, row, FIELDS, "name")
    if "sure" in sent.form and not sent.form.sure.data and (doubt := _doubt(row.head_email)):
        return forms.refused(sent.form, "head_email", doubt)
    try:
        with _heads_told():
            record_departments(db.session(), [row], calendar=calendar(), now=now())
    except RowsRefused as refused:
        db.session.rollback()
        return at_fields(sent.form, refused.faults, FIELDS, "name")
    except IntegrityError:  # two added the same code at once
        db.session.rollback()
        return forms.refused(sent.form, "code", gettext(KNOWN_ALREADY))
    return sent


def _doubt(address: str | None) -> str:
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


def _heads_told() -> AbstractContextManager[None]:
    """Let nobody become head unseen."""
    by, zone = frame.viewer().email, settings().time_zone
    return telling_new_heads(db.session(), by=by, language=spoken(), zone=zone, now=now())


def _ended(sent: Sent[Any], ending: Ending) -> tuple[Sent[Any], Ended]:
    try:
        return sent, end_departments(db.session(), ending, calendar=calendar(), now=now())
    except RowsRefused as refused:
        db.session.rollback()
        field = "codes" if "codes" in sent.form else "day"
        return at_fields(sent.form, refused.faults, FIELDS | {"code": field}, field), Ended(0, 0)


def _known(code: str) -> int:
    found = find_department(db.session(), code)
    assert found is not None
    return found.id


def _held(number: int) -> Record:
    """Return what is known of a department; whoever is about to change it is alone with it."""
    if request.method == "POST":
        db.session.execute(select(Department.id).where(Department.id == number).with_for_update())
    return read_record(db.session(), number, now()) or abort(404)


def _choices(but: str = "", language: str | None = None) -> dict[str, Any]:
    """Return what forms offer, and which quarters a change counts anew."""
    known = department_names(db.session(), now())
    spoken = dict.fromkeys([*settings().languages, *([language] if language else [])])
    return {
        "departments": [(code, f"{name} ({code})") for code, name in known if code != but],
        "languages_spoken": [(code, LANGUAGE_NAMES.get(code, code)) for code in spoken],
        "open_quarters": open_periods(db.session()),
    }


def _saved(number: int) -> Any:
    return redirect(url_for("departments.show", number=number, saved=1), 303)


def _day_asked_for(today: date) -> date:
    text = request.args.get("on", "").strip()
    if not text:
        return today
    try:
        day = date.fromisoformat(text)
    except ValueError:
        abort(404)
    return day if day.year in YEARS else abort(404)
