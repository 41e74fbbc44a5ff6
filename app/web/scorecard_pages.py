"""`/scorecards`: the list of what the viewer may see, and each scorecard as page, PDF, tables and JSON.

What is not there and what is not for the viewer's eyes get the same answer, 404. Drawing is slow and not for threads:
pages and PDFs are kept per process by the frozen document itself, which never changes, and drawn one after the other.
"""

import json
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from app.domain.periods import Period
from app.domain.rights import Action
from app.foundations.languages import spoken
from app.models.base import db
from app.models.scorecards import ScorecardFile, ScorecardRevision
from app.pipeline.scorecards.drawing import PDF, trend_of_revision
from app.reports.comment_texts import comments_of
from app.reports.documents import scorecard_pdf
from app.reports.follow_ups import Case
from app.reports.issued import Issued
from app.reports.presenting import with_english
from app.reports.quarters import quarter_words
from app.reports.scorecard_page import ScorecardPage, page_of
from app.reports.sentences import say
from app.reports.trends import Trend
from app.web import action_pages, downloads, drawing, follow_up_pages, posting_pages
from app.web import staff_frame as frame
from app.web.asked_for import next_period, period_of, quarter_named, revision_asked_for
from app.web.survey_frame import calendar, now, settings

QUARTERS_ON_A_PAGE = 4
KEPT_PAGES, KEPT_PDFS = 128, 32  # a page is about 100 kB, so some 13 MB a process

pages = Blueprint("scorecards", __name__, url_prefix="/scorecards")
frame.frame(pages, frozenset({Action.SEE_SCORECARDS_BELOW, Action.SEE_ALL_SCORECARDS}))


@pages.get("")
def listing() -> Response:
    """List the newest quarters with one sentence per scorecard."""
    quarters, following = _issued().quarters(count=QUARTERS_ON_A_PAGE, before=period_of(request.args.get("before")))
    shown = [
        (
            str(quarter.period),
            quarter_words(calendar(), quarter.period),
            [(line, say(line.finding, calendar())) for line in quarter.scorecards],
        )
        for quarter in quarters
    ]
    first = calendar().posts_on(next_period(now())) if not shown else None
    return frame.page(
        "scorecards/list.html",
        quarters=shown,
        following=following,
        first=first,
        postings=posting_pages.standings([period for period, _, _ in shown]),
        **_contacts(follow_up_pages.cases()),
    )


@pages.get("/<period>/<path:code>")
def show(period: str, code: str) -> Response:
    """Show one scorecard."""
    row = _found(period, code)
    trend = trend_of_revision(db.session(), row, json.loads(row.document), calendar())
    with drawing.LOCK:
        page = _page(row.document, trend, spoken())
    others = _issued().periods_of(row.department_id)
    return frame.page(
        "scorecards/scorecard.html",
        page=page,
        code=code,
        row=row,
        earlier=quarter_named(max((one for one, _ in others if one < row.period), default=None)),
        later=quarter_named(min((one for one, _ in others if one > row.period), default=None)),
        newest=dict(others).get(row.period, row.revision),
        panel=action_pages.panel(row.department_id, Period.parse(row.period), code),
        **_contacts(follow_up_pages.cases(below=[row.department_id])),
    )


@pages.get("/<period>/<path:code>.pdf")
def pdf(period: str, code: str) -> Response:
    """Hand out the PDF that was mailed; with comments, which no mail carries, or in another language, draw it."""
    row = _found(period, code)
    return downloads.attachment(json.loads(row.document), "pdf", pdf_of(row))


def pdf_of(row: ScorecardRevision) -> bytes:
    """Return the PDF of a scorecard in the language of the moment."""
    has_comments = comments_of(json.loads(row.document)) is not None
    stored = None if has_comments else db.session.get(ScorecardFile, (row.id, PDF.format(language=spoken())))
    return stored.content if stored is not None else _drawn_pdf(row)


@pages.get("/<period>/<path:code>.csv", endpoint="csv", defaults={"ending": "csv"})
@pages.get("/<period>/<path:code>.xlsx", endpoint="xlsx", defaults={"ending": "xlsx"})
def table(period: str, code: str, ending: str) -> Response:
    """Hand out every figure as a row."""
    return downloads.table(json.loads(_found(period, code).document), ending)


@pages.get("/<period>/<path:code>.json")
def document(period: str, code: str) -> Response:
    """Print the document as it was digested, with English beside the sentences."""
    return jsonify(with_english(json.loads(_found(period, code).document)))


def _contacts(cases: list[Case]) -> dict[str, Any]:
    return {"cases": cases, "back": request.path, "time_zone": settings().time_zone}


def _issued() -> Issued:
    return Issued(db.session(), frame.viewer(), calendar())


def _found(period: str, code: str) -> ScorecardRevision:
    if period_of(period) is None:
        abort(404)
    return _issued().find(period, code, revision_asked_for()) or abort(404)


def _drawn_pdf(row: ScorecardRevision) -> bytes:
    trend = trend_of_revision(db.session(), row, json.loads(row.document), calendar())
    with drawing.LOCK:
        return _pdf(row.document, trend, spoken())


@lru_cache(maxsize=KEPT_PAGES)
def _page(document: str, trend: Trend, language: str) -> ScorecardPage:
    return page_of(json.loads(document), trend, language)


@lru_cache(maxsize=KEPT_PDFS)
def _pdf(document: str, trend: Trend, language: str) -> bytes:
    return scorecard_pdf(json.loads(document), trend, language)
