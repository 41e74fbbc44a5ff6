"""`/home`: where everybody begins. A head with the quarter, others with what waits for them."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, redirect, url_for

from app.domain.rights import Action
from app.domain.states import Role
from app.models.base import db
from app.reports.home import home_of
from app.reports.issued import Issued
from app.upkeep.audit import log as audit
from app.upkeep.audit.subjects import names_of
from app.upkeep.audit.words import act_in_words
from app.web.frame import staff as frame
from app.web.frame.access import Who, open_to
from app.web.frame.installation import calendar, settings
from app.web.home.desks import administrators_desk, hr_desk
from app.web.scorecards import actions as action_pages
from app.web.scorecards import follow_ups as follow_up_pages
from app.web.scorecards.coming import coming

LATEST = 10  # entries of the log

pages = Blueprint("home", __name__)
frame.frame(pages, Who.STAFF)


@pages.get("/home")
def show() -> Response:
    """Show what each of the viewer's roles begins with."""
    return frame.page(
        "home/home.html",
        **(_of_head() if frame.viewer().may(Action.SEE_SCORECARDS_BELOW) else {"is_head": False, "home": None}),
        close=hr_desk(),
        tasks=administrators_desk(),
        entries=_latest_entries(),
        time_zone=settings().time_zone,
    )


@pages.get("/admin")
@open_to(frozenset({Action.WATCH_WORK, Action.READ_AUDIT_LOG}))
def administration() -> Any:
    """Lead whoever types the address to where administrators and auditors begin."""
    return redirect(url_for("home.show"), 303)


def _of_head() -> dict[str, Any]:
    """Return what the newest quarter says of the viewer's own departments, whatever else they may see."""
    as_head = replace(frame.viewer(), roles=frozenset({Role.HEAD}))
    home = home_of(Issued(db.session(), as_head, calendar()), as_head, calendar())
    lead = home.lead if home else None
    return {
        "is_head": True,
        "home": home,
        "panel": action_pages.panel(lead.department_id, home.period, lead.code) if home and lead else None,
        "coming": coming(home.period if home else None),
        "cases": follow_up_pages.cases(),
        "back": "/home",
    }


def _latest_entries() -> list[tuple[str, str, Any]] | None:
    """Return what was done last: who, what and the entry; None for whoever has more than the log to look after."""
    viewer = frame.viewer()
    if not viewer.may(Action.READ_AUDIT_LOG) or viewer.may(Action.WATCH_WORK):
        return None
    found = audit.page_of(db.session(), audit.Wanted(), count=LATEST)
    names = names_of(db.session(), {one.actor for one in found})
    return [(names[one.actor], act_in_words(one.action), one) for one in found]
