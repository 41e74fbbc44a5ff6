"""`/home`: where a head begins. The quarter in a sentence, what changed, what to do, and who waits for a word."""

from dataclasses import replace

from flask import Blueprint, Response

from app.domain.rights import Action
from app.domain.states import Role
from app.models.base import db
from app.reports.home import home_of
from app.reports.issued import Issued
from app.web import action_pages, follow_up_pages
from app.web import staff_frame as frame
from app.web.asked_for import next_period
from app.web.survey_frame import calendar, now, settings

pages = Blueprint("home", __name__, url_prefix="/home")
frame.frame(pages, frozenset({Action.SEE_SCORECARDS_BELOW}))


@pages.get("")
def show() -> Response:
    """Show what the newest quarter says of the viewer's own departments, whatever else they may see."""
    as_head = replace(frame.viewer(), roles=frozenset({Role.HEAD}))
    home = home_of(Issued(db.session(), as_head, calendar()), as_head, calendar())
    lead = home.lead if home else None
    return frame.page(
        "home/home.html",
        home=home,
        panel=action_pages.panel(lead.department_id, home.period, lead.code) if home and lead else None,
        coming=calendar().posts_on(next_period(now())),
        cases=follow_up_pages.cases(),
        back="/home",
        time_zone=settings().time_zone,
    )
