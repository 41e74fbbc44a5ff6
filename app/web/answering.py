"""For which departments the viewer answers: their own, and those below that have no head of their own."""

from flask import g

from app.models.base import db
from app.reports.follow_ups import departments_answered_for
from app.web import staff_frame as frame
from app.web.survey_frame import now


def answered_for() -> frozenset[int]:
    """Return the departments whose cases and actions are the viewer's business, read once a request."""
    if "answered_for" not in g:
        g.answered_for = departments_answered_for(db.session(), frame.viewer().departments, now=now())
    found: frozenset[int] = g.answered_for
    return found
