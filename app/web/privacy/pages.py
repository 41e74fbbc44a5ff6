"""The privacy desk: hand somebody what is held about them, erase them, and see how long things are kept."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from operator import itemgetter
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy import select
from wtforms import StringField

from app.domain.auditing import Act
from app.domain.rights import Action
from app.domain.states import ChoreKind
from app.foundations.crypto import UnreadableSecret
from app.foundations.languages import gettext, mark, speaking, spoken
from app.models.base import db
from app.models.people import Person
from app.models.run_marks import RunMark
from app.pipeline.release import checkpoint
from app.reports.department_tree import last_names
from app.upkeep import privacy
from app.upkeep.audit.log import person_subject
from app.upkeep.privacy.retention import KEPT, kept_in_words
from app.upkeep.privacy.telling import tell_of_export
from app.upkeep.running import chores
from app.upkeep.running.chore_words import told
from app.web.frame import chores as chore_pages
from app.web.frame import forms, once
from app.web.frame import staff as frame
from app.web.frame.form_rules import an_address, at_most, needed, one_line, storable
from app.web.frame.forms import Outcome, StaffForm
from app.web.frame.installation import calendar, keys, now, settings
from app.web.privacy.personal_data import Reader

pages = Blueprint("privacy", __name__, url_prefix="/admin/privacy")
frame.frame(pages, frozenset({Action.PERSONAL_DATA}))

SUBJECT, LAST_RUN = "retention", "job:retain"
EMPTY = {"address": ""}
_TYPES = {"html": "text/html; charset=utf-8", "json": "application/json"}


def _address(label: str) -> StringField:
    rules = [needed(mark("Write an e-mail address.")), at_most(320), one_line, an_address]
    return StringField(label, rules, filters=[storable, str.lower])


class AddressForm(StaffForm):
    """Whose data it is about."""

    address = _address(mark("Address"))


class EraseForm(StaffForm):
    """The address once more, typed by hand, since nothing brings an erased person back."""

    again = _address(mark("Type the address once more"))


@pages.get("")
def desk() -> Response:
    """Show what can be done, and how long things are kept."""
    return forms.show("privacy/privacy.html", forms.shown(AddressForm, EMPTY), **_facts())


@pages.post("")
def look() -> Any:
    """Hand out what is held about an address, or lead on to its erasure."""
    sent = forms.sent(AddressForm, EMPTY)
    if sent.outcome is not Outcome.GOOD:
        return forms.answer("privacy/privacy.html", sent, **_facts())
    address = sent.form.address.data
    if request.form.get("act") == "erase":
        return redirect(url_for("privacy.erase", about=keys().seal(address.encode()).decode()), 303)
    found = privacy.export(db.session(), keys(), address)
    if found is None:
        return forms.answer("privacy/privacy.html", forms.refused(sent.form, "address", _nobody(address)), **_facts())
    zone, maker = settings().time_zone, frame.viewer().email
    tell_of_export(db.session(), address, maker, language=spoken(), zone=zone, now=now())
    frame.noted(Act.PERSON_EXPORTED, person_subject(keys(), address))
    db.session.commit()
    frame.hint("deliver_mail")
    return _file(found, "html" if request.form.get("act") == "read" else "json")


@pages.route("/erase", methods=["GET", "POST"])
def erase() -> Any:
    """Ask for the address once more, then erase whoever is behind it."""
    address = _about()
    if address is None:
        return redirect(url_for("privacy.desk"), 303)
    values = {"address": address, "is_known": _is_known(address)}
    if request.method == "GET":
        if not values["is_known"] and once.handed_over(url_for("privacy.erased")).get("address") == address:
            return redirect(url_for("privacy.erased"), 303)  # who goes back must not wonder whether it was done
        return forms.show("privacy/erase.html", forms.shown(EraseForm, {"again": ""}), **values)
    sent = forms.sent(EraseForm, {"again": ""})
    if sent.outcome is Outcome.GOOD and sent.form.again.data != address:
        sent = forms.refused(sent.form, "again", gettext("This is another address. Type %(address)s.", address=address))
    if sent.outcome is not Outcome.GOOD:
        return forms.answer("privacy/erase.html", sent, **values)
    gone = privacy.erase(db.session(), keys(), calendar(), address, now=now())
    frame.noted(Act.PERSON_ERASED, person_subject(keys(), address), {"known": gone is not None})
    db.session.commit()
    checkpoint(db.engine)  # SQLite's write-ahead log would keep what was deleted
    place = url_for("privacy.erased")
    once.hand_over(place, {"address": address, "erased": gone and asdict(gone)})
    return redirect(place, 303)


@pages.get("/erased")
def erased() -> Any:
    """Say what an erasure took along, for as long as this browser was told; loading it again erases nothing."""
    told = once.handed_over()
    return frame.page("privacy/erased.html", **told) if told else redirect(url_for("privacy.desk"), 303)


@pages.post("/retain")
def retain() -> Any:
    """Ask the worker to delete now what is too old, as it does every night."""
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    chore_pages.ask(ChoreKind.RUN_RETENTION, SUBJECT)
    return redirect(url_for("privacy.desk"), 303)


def _file(found: Mapping[str, Any], ending: str) -> Response:
    """Return what was found as a file: html to read, in the language of whom it is about, or json for a program."""
    day = now().astimezone(settings().time_zone).date()
    content = _to_read(found, day) if ending == "html" else json.dumps(found, indent=2, ensure_ascii=False)
    response = Response(content, content_type=_TYPES[ending])
    response.headers.set("Content-Disposition", "attachment", filename=f"personal-data-{day}.{ending}")
    return response


def _to_read(found: Mapping[str, Any], day: date) -> str:
    newest = max(found["versions"], key=itemgetter("valid_from"), default={"language": None})
    own = newest["language"] if newest["language"] in settings().languages else spoken()
    reader = Reader(last_names(db.session()), calendar(), settings().time_zone)
    with speaking(own):
        return render_template(
            "privacy/personal_data.html",
            language=own,
            email=found["email"],
            day=day,
            zone=settings().time_zone,
            sections=reader.sections(found),
            unreadable=[reader.quarter(period) for period in found["unreadable_periods"]],
        )


def _facts() -> dict[str, Any]:
    chore = chores.latest(db.session(), SUBJECT, ChoreKind.RUN_RETENTION)
    last = db.session.scalar(select(RunMark.at).where(RunMark.name == LAST_RUN))
    return {
        "kept": [(gettext(what), kept_in_words(how_long)) for what, how_long in KEPT],
        "last": last,
        "chore": told(chore) if chore is not None else None,
        "is_demo": settings().demo,
    }


def _nobody(address: str) -> str:
    return gettext("Nobody is known as %(email)s.", email=address)


def _is_known(address: str) -> bool:
    return db.session.scalar(select(Person.id).where(Person.email == address)) is not None


def _about() -> str | None:
    """Return the address that the desk led on with; it stands sealed in the link, so that no log holds it."""
    try:
        return keys().unseal(request.args.get("about", "").encode()).decode()
    except UnreadableSecret:
        return None
