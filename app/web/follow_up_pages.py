"""Colleagues who asked to be contacted, on the pages of the head whose business it is, and the button beside each."""

import re
from collections.abc import Collection
from typing import Any

from flask import Blueprint, abort, redirect, request

from app.domain.auditing import Act
from app.domain.rights import Action
from app.models.base import db
from app.reports.follow_ups import Case, departments_answered_for, waiting_cases
from app.upkeep import audit
from app.upkeep.follow_ups import NoSuchCase, mark_contacted
from app.web import staff_frame as frame
from app.web.survey_frame import now

LIST = "/scorecards"
OUR_PAGE = re.compile(r"/scorecards(?:/[^/?#\\]+/[^/?#\\]+)?")  # the list, or one scorecard

pages = Blueprint("follow_ups", __name__, url_prefix="/contacts")
frame.frame(pages, frozenset({Action.SEE_CONTACTS}))


@pages.post("/<int:number>")
def contacted(number: int) -> Any:
    """Note that the head got in touch, and lead back to the page of the button."""
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    try:
        is_new = mark_contacted(db.session(), number, _own(), now=now())
    except NoSuchCase:
        abort(404)
    if is_new:
        actor = audit.by_staff(db.session(), frame.viewer().email)
        audit.note(db.session(), actor, Act.FOLLOW_UP_CONTACTED, f"follow-up:{number}", now=now())
        db.session.commit()
    back = request.form.get("back", "")
    return redirect(f"{back if OUR_PAGE.fullmatch(back) else LIST}?contacted=1#contacts", 303)


def cases(below: Collection[int] | None = None) -> list[Case]:
    """Return who waits for the viewer: in all their departments, or only in those that turn to the heads of `below`."""
    theirs = _own()
    if below is not None and theirs:
        theirs &= departments_answered_for(db.session(), below, now=now())
    return waiting_cases(db.session(), theirs, now=now())


def _own() -> frozenset[int]:
    viewer = frame.viewer()
    own = viewer.departments if viewer.may(Action.SEE_CONTACTS) else ()
    return departments_answered_for(db.session(), own, now=now())
