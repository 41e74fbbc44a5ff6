"""`/contacts`: colleagues who asked to be contacted, for the head whose business it is, each to its end.

A head sees who and which request, by the requester's consent; never what they answered. Other cases are not there.
"""

import re
from collections.abc import Collection
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from wtforms import TextAreaField

from app.domain.auditing import HEAD, Act
from app.domain.periods import Period
from app.domain.rights import Action
from app.domain.states import FollowUpState
from app.foundations.languages import mark
from app.models.base import db
from app.reports.follow_ups import (
    Case,
    cases_of,
    departments_answered_for,
    find_case,
    mail_of_closing,
    waiting_cases,
    with_waits,
)
from app.upkeep.quarters.follow_ups import Closing, NoSuchCase, lock_case, mark_contacted, mark_done, write_down
from app.web.frame import forms
from app.web.frame import staff as frame
from app.web.frame.form_rules import at_most, storable
from app.web.frame.forms import Outcome, Sent, StaffForm
from app.web.frame.installation import calendar, now, settings
from app.web.scorecards.answering import answered_for

OUR_PAGE = re.compile(r"/home|/contacts(?:/[0-9]+)?|/scorecards(?:/[^/?#\\\s]+/[^/?#\\\s]+)?")  # pages with the button
_ACTS = {"contacted", "done"}  # what a press did, so that the page says what comes next
LONGEST_WORDS = 1000  # characters of a note, and of what the requester is told

pages = Blueprint("follow_ups", __name__, url_prefix="/contacts")
frame.frame(pages, frozenset({Action.SEE_CONTACTS}))


class NoteForm(StaffForm):
    """What the heads write down for themselves."""

    note = TextAreaField(mark("For yourselves"), [at_most(LONGEST_WORDS)], filters=[storable])


class CaseForm(NoteForm):
    """The same while the case is open, with what its requester is told at the end."""

    last_word = TextAreaField(mark("For the requester"), [at_most(LONGEST_WORDS)], filters=[storable])


@pages.get("")
def listing() -> Response:
    """List the cases of the viewer's departments: who waits, who was contacted, what is done."""
    found = _with_waits(cases_of(db.session(), _own(), now=now()))
    groups = {state: [case for case in found if case.state is state] for state in FollowUpState}
    waiting = groups[FollowUpState.WAITING]
    return frame.page("scorecards/cases.html", groups=groups, cases=waiting, states=FollowUpState, **_surroundings())


@pages.get("/<int:number>")
def show(number: int) -> Response:
    """Show one case, with what can be done about it."""
    return _page(_case(number))


@pages.post("/<int:number>")
def change(number: int) -> Any:
    """Do what the button says: note the contact, keep what was written, or close the case and tell the requester."""
    if forms.SHOWN not in request.form:
        return _contacted(number)
    lock_case(db.session(), number)
    case, act = _case(number), request.form.get("act", "")
    sent = forms.sent(_form_of(case), _stored(case))
    if act == "done" and case.state is FollowUpState.DONE:
        return _closed_already(case, sent)
    if sent.outcome not in {Outcome.GOOD, Outcome.SAME}:
        return _page(case, sent)
    for done in _write(case, sent, act):
        frame.noted(done, f"follow-up:{number}", by=HEAD)
    db.session.commit()
    if act == "done":
        frame.hint("deliver_mail")
    return redirect(url_for("follow_ups.show", number=number, kept=act if act in _ACTS else 1), 303)


def _contacted(number: int) -> Any:
    """Note the contact at the press of a button on a list, and lead back there."""
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    try:
        is_new = mark_contacted(db.session(), number, _own(), now=now())
    except NoSuchCase:
        abort(404)
    if is_new:
        frame.noted(Act.FOLLOW_UP_CONTACTED, f"follow-up:{number}", by=HEAD)
        db.session.commit()
    back = request.form.get("back", "")
    return redirect(f"{back if OUR_PAGE.fullmatch(back) else '/contacts'}?contacted=1#contacts", 303)


def _write(case: Case, sent: Sent[NoteForm], act: str) -> list[Act]:
    """Write what was typed and what was pressed; return what there was."""
    session, told, acts = db.session(), sent.form.told(), []
    if sent.outcome is Outcome.GOOD:
        write_down(session, case.number, _own(), told["note"], told.get("last_word"))
        acts.append(Act.FOLLOW_UP_NOTED)
    if act == "contacted" and mark_contacted(session, case.number, _own(), now=now()):
        acts.append(Act.FOLLOW_UP_CONTACTED)
    if act == "done":
        viewer = frame.viewer()
        closing = Closing(told["last_word"], viewer.name, viewer.email)
        mark_done(session, case.number, _own(), closing, now=now())
        acts.append(Act.FOLLOW_UP_DONE)
    return acts


def _closed_already(case: Case, sent: Sent[NoteForm]) -> Any:
    """Let the second of two heads read what the first told; a second press of the same changes nothing."""
    unsent = storable(request.form.get("last_word"))
    if unsent in {"", case.last_word} and sent.outcome is Outcome.SAME:
        return redirect(url_for("follow_ups.show", number=case.number), 303)
    return _page(case, sent, unsent=unsent, status=409)


def cases(below: Collection[int] | None = None) -> list[Case]:
    """Return who waits for the viewer: in all their departments, or only in those that turn to the heads of `below`."""
    theirs = _own()
    if below is not None and theirs:
        theirs &= departments_answered_for(db.session(), below, now=now())
    return _with_waits(waiting_cases(db.session(), theirs, now=now()))


def _with_waits(found: Collection[Case]) -> list[Case]:
    return with_waits(db.session(), found, settings().time_zone, now=now())


def _own() -> frozenset[int]:
    return answered_for(frame.viewer(), Action.SEE_CONTACTS)


def _case(number: int) -> Case:
    return find_case(db.session(), number, _own(), now=now()) or abort(404)


def _form_of(case: Case) -> type[NoteForm]:
    return NoteForm if case.state is FollowUpState.DONE else CaseForm


def _stored(case: Case) -> dict[str, str]:
    return {"note": case.note, "last_word": case.last_word}


def _page(case: Case, sent: Sent[NoteForm] | None = None, *, unsent: str = "", status: int | None = None) -> Response:
    """Render a case; `unsent` is what the second of two heads wanted to tell after the first had closed it."""
    return frame.page(
        "scorecards/case.html",
        status=status or (sent.status if sent else 200),
        case=_with_waits([case])[0],
        states=FollowUpState,
        form=sent.form if sent else forms.shown(_form_of(case), _stored(case)),
        sent=sent,
        unsent=unsent,
        told=mail_of_closing(db.session(), case),
        gone_on=calendar().releases_at(Period.parse(case.period)).astimezone(settings().time_zone).date(),
        **_surroundings(),
    )


def _surroundings() -> dict[str, Any]:
    return {"back": request.path, "time_zone": settings().time_zone}
