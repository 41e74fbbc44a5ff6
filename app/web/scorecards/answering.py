"""For which departments somebody answers: their own, and those below without a head. Page and API ask here."""

from flask import g

from app.domain.rights import Action, Viewer
from app.models.base import db
from app.reports.follow_ups import departments_answered_for
from app.web.frame.installation import now


def answered_for(viewer: Viewer, action: Action) -> frozenset[int]:
    """Return the departments for which whoever calls does `action`, whatever else they may; read once a request."""
    if not viewer.may(action):
        return frozenset()
    if "answered_for" not in g:
        g.answered_for = departments_answered_for(db.session(), viewer.departments, now=now())
    found: frozenset[int] = g.answered_for
    return found
