"""People: who belongs where, found by address or name, and what an administrator tells of one of them."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from sqlalchemy import select

from app.domain.auditing import Act
from app.domain.rights import Action
from app.foundations.languages import gettext, mark
from app.imports.faults import Fault
from app.imports.people import PersonRow
from app.models.base import db
from app.models.people import Person
from app.reports.department_tree import department_names
from app.reports.people_lists import Known, read_people, read_person
from app.upkeep.audit.log import person_subject
from app.upkeep.organisation.people import record_people
from app.upkeep.organisation.requester_tags import tag_requester
from app.web.frame import forms, lists
from app.web.frame import staff as frame
from app.web.frame.forms import Outcome, Sent
from app.web.frame.installation import calendar, keys, now, settings
from app.web.frame.row_forms import written
from app.web.frame.speaking import LANGUAGE_NAMES
from app.web.organisation.people_forms import FIELDS, NewPersonForm, PersonForm, changed_row, new_row, stored_values

pages = Blueprint("people", __name__, url_prefix="/admin/people")
frame.frame(pages, frozenset({Action.KEEP_PEOPLE}))

PURPOSE, ID_BYTES = "person", 16
FRESH = {"when": "always", "day": "", "language": "", "department_code": ""}
KNOWN_ALREADY = mark("Somebody is known by this address already. Find them in the list to change what is known.")


@pages.get("")
def listing() -> Response:
    """Show people by address, a page at a time."""
    chosen = lists.filters({"words": lists.ANYTHING, "department": lists.ANYTHING, "kind": ("key",)})
    after = lists.cursor(*([str, str] if "kind" in chosen else [str]))
    rows = read_people(db.session(), now(), chosen, after=after, count=lists.PER_PAGE + 1)
    found = lists.paged(rows, lambda line: line.place)
    return frame.page("organisation/people.html", people=found, chosen=chosen, token=_token)


@pages.route("/new", methods=["GET", "POST"])
def new() -> Any:
    """Add somebody."""
    if request.method == "GET":
        return forms.show("organisation/new_person.html", forms.shown(NewPersonForm, FRESH), **_choices())
    sent = forms.sent(NewPersonForm, FRESH)
    if sent.outcome is Outcome.GOOD:
        row = new_row(sent.form.told())
        is_known = isinstance(row, PersonRow) and _number(row.email) is not None
        sent = forms.refused(sent.form, "email", gettext(KNOWN_ALREADY)) if is_known else _written(sent, row)
    if sent.outcome is not Outcome.GOOD:
        return forms.answer("organisation/new_person.html", sent, **_choices())
    number = _number(sent.form.email.data.lower())
    assert number is not None
    frame.noted(Act.PERSON_ADDED, person_subject(keys(), sent.form.email.data))
    db.session.commit()
    return _saved(number)


@pages.route("/<token>", methods=["GET", "POST"])
def show(token: str) -> Any:
    """Show what is known of somebody, and take what is to change."""
    known = _held(token)
    if known.email is None:
        return frame.page("organisation/person.html", known=known, form=None, sent=None, **_choices())
    stored, choices = stored_values(known), _choices(known)
    if request.method == "GET":
        return forms.show("organisation/person.html", forms.shown(PersonForm, stored), known=known, **choices)
    if request.form.get("act") in {"tag", "untag"}:
        return _tagged(known, is_key=request.form["act"] == "tag")
    sent = forms.sent(PersonForm, stored)
    row = changed_row(known, sent.form.told(), stored) if sent.outcome is Outcome.GOOD else None
    if sent.outcome is Outcome.SAME or (sent.outcome is Outcome.GOOD and row is None):
        return redirect(url_for("people.show", token=token), 303)
    if row is not None:
        sent = _written(sent, row)
    if sent.outcome is not Outcome.GOOD:
        return forms.answer("organisation/person.html", sent, known=known, **choices)
    changed = sorted(name for name, value in stored.items() if sent.form[name].data != value)
    frame.noted(Act.PERSON_CHANGED, person_subject(keys(), known.email), {"fields": changed})
    db.session.commit()
    return _saved(known.number)


def _tagged(known: Known, *, is_key: bool) -> Any:
    """Count somebody among the key requesters from now on, or no more."""
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    email = known.email or ""
    if tag_requester(db.session(), email, is_key=is_key, calendar=calendar(), now=now()):
        frame.noted(Act.REQUESTER_TAGGED, person_subject(keys(), email), {"key": is_key})
    db.session.commit()
    return _saved(known.number)


def _written(sent: Sent[Any], row: PersonRow | tuple[Fault, ...]) -> Sent[Any]:
    """Write a row; return the form as it is, or with what is wrong, and then nothing is written."""

    def write() -> None:
        assert isinstance(row, PersonRow)
        record_people(db.session(), [row], now=now())

    at_once = "name", gettext("Somebody else saved this in the same moment. Press again.")
    return written(sent, row, write, fields=FIELDS, in_the_same_moment=at_once)


def _held(token: str) -> Known:
    """Return what is known of somebody; whoever is about to change it is alone with it."""
    public_id = keys().read_token(PURPOSE, token)
    if public_id is None:
        abort(404)
    number = int.from_bytes(public_id)
    if request.method == "POST":
        db.session.execute(select(Person.id).where(Person.id == number).with_for_update())
    return read_person(db.session(), keys(), number, now()) or abort(404)


def _token(number: int) -> str:
    return keys().token(PURPOSE, number.to_bytes(ID_BYTES))


def _number(email: str) -> int | None:
    return db.session.scalar(select(Person.id).where(Person.email == email))


def _choices(known: Known | None = None) -> dict[str, Any]:
    """Return what forms offer; what is known now is among it."""
    present = known.present if known else None
    departments = {code: f"{name} ({code})" for code, name in department_names(db.session(), now())}
    languages = {code: LANGUAGE_NAMES[code] for code in settings().languages}
    if present and present.department:
        departments.setdefault(present.department, present.department)
    if present and present.language:
        languages.setdefault(present.language, present.language)
    return {"departments": list(departments.items()), "languages_spoken": list(languages.items())}


def _saved(number: int) -> Any:
    return redirect(url_for("people.show", token=_token(number), saved=1), 303)
