"""`/close/recipients`: who gets the next scorecards, in which language, and on which days a quarter moves."""

from flask import Blueprint, Response

from app.domain.rights import Action
from app.models.base import db
from app.models.policies import current_policy
from app.pipeline import scorecards
from app.pipeline.scorecards import Quarter
from app.reports.quarters import quarter_words
from app.web import staff_frame as frame
from app.web.asked_for import next_period
from app.web.survey_frame import calendar, now, settings

pages = Blueprint("recipients", __name__)
frame.frame(pages, frozenset({Action.STOP_POSTING}))


@pages.get("/recipients")
def show() -> Response:
    """Show the days of the quarter whose scorecards come next, and who would get each of them today."""
    session, policy, period = db.session(), current_policy(db.session()), next_period(now())
    zone = settings().time_zone
    readers = scorecards.readers_of(session, Quarter(period, calendar(), policy, settings().languages))
    return frame.page(
        "close/recipients.html",
        words=quarter_words(calendar(), period),
        policy=policy,
        last_day=calendar().last_day(period),
        answers_on=calendar().comments_open_at(period).astimezone(zone).date(),
        freezes_on=calendar().freezes_at(period).astimezone(zone).date(),
        posts_on=scorecards.posting_day(calendar(), policy, period),
        releases_on=calendar().releases_at(period).astimezone(zone).date(),
        readers=readers,
    )
