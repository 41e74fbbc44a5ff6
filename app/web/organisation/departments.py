"""The departments: their tree on any day, and what an administrator tells of them."""

from typing import Any

from flask import Blueprint, Response, redirect, request, url_for

from app.domain.auditing import Act
from app.domain.rights import Action
from app.imports.departments import DepartmentRow
from app.models.base import db
from app.reports.department_tree import read_tree
from app.upkeep.organisation.department_changes import becoming
from app.upkeep.organisation.department_foresight import foresee_move
from app.web.frame import forms, lists
from app.web.frame import staff as frame
from app.web.frame.forms import Outcome
from app.web.frame.installation import calendar, now, settings
from app.web.organisation import department_writing as writing
from app.web.organisation.department_forms import DepartmentForm, NewDepartmentForm, changed_row, stored_values

pages = Blueprint("departments", __name__, url_prefix="/admin/departments")
frame.frame(pages, frozenset({Action.KEEP_PEOPLE}))

FRESH = {"when": "always", "day": "", "language": "", "parent_code": ""}


@pages.get("")
def listing() -> Response:
    """Show the tree of a day; today's first."""
    today = now().astimezone(settings().time_zone).date()
    day = lists.a_day(lists.filters({"on": lists.ANYTHING}).get("on")) or today
    moment = now() if day == today else calendar().midnight(day)
    tree = read_tree(db.session(), moment)
    heads = writing.called_heads(one.head_email for one in tree.branches)
    return frame.page("organisation/departments.html", tree=tree, heads=heads, day=day, today=today)


@pages.route("/new", methods=["GET", "POST"])
def new() -> Any:
    """Add a department."""
    if request.method == "GET":
        return forms.show(
            "organisation/new_department.html", forms.shown(NewDepartmentForm, FRESH), **writing.choices()
        )
    sent = forms.sent(NewDepartmentForm, FRESH)
    if sent.outcome is Outcome.GOOD:
        sent = writing.added(sent, sent.form.told())
    if sent.outcome is not Outcome.GOOD:
        return forms.answer("organisation/new_department.html", sent, **writing.choices())
    number = writing.known(sent.form.code.data)
    frame.noted(Act.DEPARTMENT_ADDED, f"department:{number}")
    db.session.commit()
    return writing.saved(number)


@pages.route("/<int:number>", methods=["GET", "POST"])
def show(number: int) -> Any:
    """Show a department with its history, and take what is to change."""
    record, template = writing.held(number), "organisation/department.html"
    heads = writing.called_heads(entry.head_email for entry in record.entries)
    values = {"record": record, "heads": heads, "merging": becoming(db.session(), number, now())}
    subject = record.present or record.upcoming
    if subject is None:
        status = 200 if request.method == "GET" else 409  # somebody else has ended it
        return frame.page(template, status=status, form=None, sent=None, **values, **writing.choices())
    stored, values = stored_values(record), values | writing.choices([record.code], subject.language)
    if request.method == "GET":
        return forms.show(template, forms.shown(DepartmentForm, stored), **values)
    sent = forms.sent(DepartmentForm, stored)
    row = changed_row(record, sent.form.told(), stored) if sent.outcome is Outcome.GOOD else None
    if sent.outcome is Outcome.SAME or (sent.outcome is Outcome.GOOD and row is None):
        return redirect(url_for("departments.show", number=number), 303)
    if row is not None:
        sent = writing.written(sent, row)
    if sent.outcome is not Outcome.GOOD:
        return forms.answer(template, sent, **values)
    if isinstance(row, DepartmentRow) and "parent_code" in row.given:
        foreseen = foresee_move(db.session(), number, subject.parent, row.valid_from, now=now())
        if not writing.has_agreed(sent.form, foreseen):
            return writing.ask(template, sent.form, foreseen, **values)
    changed = sorted(name for name, value in stored.items() if name != "sure" and sent.form[name].data != value)
    frame.noted(Act.DEPARTMENT_CHANGED, f"department:{number}", {"fields": changed})
    db.session.commit()
    return writing.saved(number)
