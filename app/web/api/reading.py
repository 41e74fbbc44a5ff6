"""GET of what was decided about a request: the same as the command prints."""

from datetime import datetime
from typing import Any, cast

from flask import current_app
from flask_smorest import Blueprint

from app.domain.api_scopes import Scope
from app.foundations import clock
from app.foundations.crypto import Keys
from app.foundations.languages import gettext
from app.models.base import db
from app.reports.asking_facts import current_asking
from app.reports.decisions import CycleDecision, find_decision, reason_in_words
from app.settings import Settings
from app.web.api import schemas
from app.web.api.routes import route
from app.web.frame.problems import Problem

pages = Blueprint("reading", __name__, url_prefix="/api/v1", description="What was decided.")


@route(
    pages,
    "GET",
    "/requests/<tracker>/<path:external_id>/decision",
    scope=Scope.DECISIONS_READ,
    doc=schemas.reads("Why the requester was asked about this request, or was not."),
    answer=schemas.RequestDecision,
)
def get_decision(tracker: str, external_id: str) -> dict[str, Any]:
    """Return the decisions about a request's completions, the newest last."""
    settings = cast(Settings, current_app.extensions["parity_settings"])
    keys = cast(Keys, current_app.extensions["parity_keys"])
    session = db.session()
    asking = current_asking(session, settings, keys)
    found = find_decision(session, tracker, external_id, asking=asking, now=clock.now())
    if found is None:
        raise Problem(404, gettext("the tracker %(tracker)s has told of no such request", tracker=tracker))
    return {
        "tracker": found.tracker,
        "external_id": found.external_id,
        "title": found.title,
        "state": found.state.value,
        "decision": found.latest.reason.value if found.latest else None,
        "cycles": [_told(cycle) for cycle in found.cycles],
    }


def _told(cycle: CycleDecision) -> dict[str, Any]:
    moments: dict[str, datetime | None] = {
        "completed_at": cycle.completed_at,
        "decided_at": cycle.decided_at,
        "waits_until": cycle.waits_until,
        "planned_at": cycle.planned_at,
        "sent_at": cycle.sent_at,
    }
    return {
        "number": cycle.number,
        "department": cycle.department_code,
        "decision": cycle.reason.value,
        "why": reason_in_words(cycle.reason),
        **moments,
    }
