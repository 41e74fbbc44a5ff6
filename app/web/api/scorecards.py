"""What was issued, as far as the key may see it, and the stop of a posting.

What is not there and what is not for the key's person get the same answer, 404.
"""

import json
from typing import Any

from flask import Response
from flask_smorest import Blueprint

from app.domain.api_scopes import Scope
from app.domain.auditing import Act
from app.domain.periods import Period
from app.foundations.languages import gettext
from app.models.base import db
from app.models.scorecards import ScorecardRevision
from app.pipeline import scorecards as cards
from app.reports.issued import Issued
from app.reports.presenting import with_english
from app.reports.sentences import say
from app.upkeep.audit import log as audit
from app.web.api import list_schemas, schemas
from app.web.api.asked_for import calendar, quarter_of, revision_asked_for
from app.web.api.authentication import actor, caller
from app.web.api.paging import listing, wished
from app.web.api.routes import file_route, route
from app.web.close import posting
from app.web.frame import downloads
from app.web.frame.installation import now
from app.web.frame.problems import Problem
from app.web.scorecards.drawn import pdf_of

pages = Blueprint("api_scorecards", __name__, url_prefix="/api/v1", description="Scorecards that were issued.")


@route(
    pages,
    "GET",
    "/scorecards",
    scope=Scope.SCORECARDS_READ,
    doc=schemas.reads("Quarters of which this key may see scorecards, the newest first.", *list_schemas.PAGE),
    answer=list_schemas.page_of(list_schemas.ListedQuarter),
)
def list_quarters() -> dict[str, Any]:
    """Return the quarters with the number of their departments."""
    wish = wished(str)
    before = quarter_of(wish.after[0]) if wish.after else None
    counted = sorted(_issued().counted().items(), reverse=True)
    rows = [one for one in counted if before is None or one[0] < before]
    return listing(
        rows, wish, key=lambda one: (str(one[0]),), tell=lambda one: {"period": str(one[0]), "scorecards": one[1]}
    )


@route(
    pages,
    "GET",
    "/scorecards/<period>",
    scope=Scope.SCORECARDS_READ,
    doc=schemas.reads("The scorecards of a quarter that this key may see, by code.", *list_schemas.PAGE),
    answer=list_schemas.page_of(list_schemas.ListedScorecard),
)
def list_scorecards(period: str) -> dict[str, Any]:
    """Return one line for each department: its last revision and what it finds."""
    wish = wished(str)
    (after,) = wish.after or ("",)
    lines = sorted(_issued().of_quarter(quarter_of(period)), key=lambda line: line.code)
    if not lines:
        raise Problem(404, gettext("There are no scorecards for %(period)s.", period=period))
    return listing(
        [line for line in lines if line.code > after],
        wish,
        key=lambda line: (line.code,),
        tell=lambda line: {
            "code": line.code,
            "name": line.name,
            "revision": line.revision,
            "finding": say(line.finding, calendar()),
        },
    )


@file_route(
    pages,
    "/scorecards/<period>/<path:code>.csv",
    scope=Scope.SCORECARDS_READ,
    doc=schemas.reads("Every figure of a scorecard as a row.", schemas.REVISION),
    media_type="text/csv",
)
def get_scorecard_csv(period: str, code: str) -> Response:
    """Return the table that the pages hand out, in English."""
    return downloads.table(json.loads(_found(period, code).document), "csv")


@file_route(
    pages,
    "/scorecards/<period>/<path:code>.pdf",
    scope=Scope.SCORECARDS_READ,
    doc=schemas.reads("A scorecard as it is printed.", schemas.REVISION),
    media_type="application/pdf",
)
def get_scorecard_pdf(period: str, code: str) -> Response:
    """Return the PDF that the pages hand out, in English."""
    row = _found(period, code)
    return downloads.attachment(json.loads(row.document), "pdf", pdf_of(row))


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
    document = json.dumps(with_english(json.loads(_found(period, code).document)), ensure_ascii=False)
    return Response(document, content_type="application/json")


@route(
    pages,
    "POST",
    "/scorecards/<period>/stop",
    scope=Scope.SCORECARDS_WRITE,
    doc=schemas.changes(
        "Stop the mails of a quarter and take back those that wait.",
        again="Again takes back what waits by then.",
    ),
    answer=list_schemas.Stopped,
)
def stop_posting(period: str) -> dict[str, Any]:
    """Stop, and say what was taken back and what cannot be."""
    quarter = quarter_of(period)
    try:
        done = posting.stop(quarter, by=actor())
    except cards.UnknownPeriod as unknown:
        raise _nothing_to_post(quarter) from unknown
    return {"is_stopped": True, **done.counts}


@route(
    pages,
    "POST",
    "/scorecards/<period>/resume",
    scope=Scope.SCORECARDS_WRITE,
    doc=schemas.changes(
        "Let the mails of a quarter go on; who has one gets none again.",
        again="Again changes nothing.",
    ),
    answer=list_schemas.Resumed,
)
def resume_posting(period: str) -> dict[str, Any]:
    """Lift the stop, and say whether there was one."""
    quarter = quarter_of(period)
    try:
        was_stopped = posting.resume(quarter, by=actor())
    except cards.UnknownPeriod as unknown:
        raise _nothing_to_post(quarter) from unknown
    return {"is_stopped": False, "was_stopped": was_stopped}


@route(
    pages,
    "POST",
    "/scorecards/<period>/approve",
    scope=Scope.SCORECARDS_WRITE,
    doc=schemas.changes(
        "Say that the mails of a quarter may leave; the worker sends them.",
        again="Again changes nothing.",
    ),
    answer=list_schemas.Approved,
)
def approve_posting(period: str) -> dict[str, Any]:
    """Give HR's word for a quarter, where the policy waits for it. A stopped quarter is resumed first."""
    quarter, session = quarter_of(period), db.session()
    try:
        is_new = cards.approve(session, quarter, by=actor(), now=now())
    except cards.UnknownPeriod as unknown:
        raise _nothing_to_post(quarter) from unknown
    except cards.PostingStopped as stopped:
        session.rollback()
        raise Problem(
            409, gettext("The posting of %(period)s is stopped; resume it first.", period=period)
        ) from stopped
    if is_new:
        audit.note(session, actor(), Act.POSTING_APPROVED, str(quarter), now=now())
    session.commit()
    return {"is_new": is_new}


def _nothing_to_post(period: Period) -> Problem:
    return Problem(404, gettext("There is nothing to post for %(period)s yet.", period=period))


def _issued() -> Issued:
    return Issued(db.session(), caller().viewer, calendar())


def _found(period: str, code: str) -> ScorecardRevision:
    found = _issued().find(str(quarter_of(period)), code, revision_asked_for())
    if found is None:
        raise Problem(404, gettext("There is no scorecard of %(code)s for %(period)s.", code=code, period=period))
    return found
