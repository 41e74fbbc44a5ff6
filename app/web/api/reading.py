"""GET of what Parity decided and issued: the same as the commands print."""

import json
from datetime import datetime
from typing import Any, cast

from flask import Response, current_app
from flask_smorest import Blueprint

from app.domain.api_scopes import Scope
from app.foundations import clock
from app.foundations.crypto import Keys
from app.foundations.languages import gettext
from app.models.base import db
from app.models.scorecards import find_revision
from app.reports.asking_facts import current_asking
from app.reports.decisions import CycleDecision, find_decision, reason_in_words
from app.reports.presenting import with_english
from app.settings import Settings
from app.web.api import schemas
from app.web.api.asked_for import quarter_of, revision_asked_for
from app.web.api.routes import route
from app.web.problems import Problem

pages = Blueprint("reading", __name__, url_prefix="/api/v1", description="What was decided and issued.")


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


@route(
    pages,
    "GET",
    "/scorecards/<period>/<path:code>",
    scope=Scope.SCORECARDS_READ,
    doc=schemas.reads("A department's frozen scorecard; the last revision unless ?revision=N.", schemas.REVISION),
    answer=schemas.Scorecard,
)
def get_scorecard(period: str, code: str) -> Response:
    """Return the document as issued, with English beside the keys of its sentences."""
    quarter = quarter_of(period)
    found = find_revision(db.session(), str(quarter), code, revision_asked_for())
    if found is None:
        raise Problem(404, gettext("There is no scorecard of %(code)s for %(period)s.", code=code, period=period))
    document = json.dumps(with_english(json.loads(found.document)), ensure_ascii=False)
    return Response(document, content_type="application/json")
