"""Scorecards as they were drawn: kept per process by the frozen document itself, which never changes.

Drawing is slow and not for threads, so pages and PDFs are drawn one after the other. Pages and API hand out the same.
"""

import json
from functools import lru_cache

from app.foundations.languages import spoken
from app.models.base import db
from app.models.scorecards import ScorecardFile, ScorecardRevision
from app.pipeline.scorecards.drawing import PDF, trend_of_revision
from app.reports.comment_texts import comments_of
from app.reports.documents import scorecard_pdf
from app.reports.scorecard_page import ScorecardPage, page_of
from app.reports.trends import Trend
from app.web.frame import drawing
from app.web.frame.installation import calendar

KEPT_PAGES, KEPT_PDFS = 128, 32  # a page is about 100 kB, so some 13 MB a process


def page_drawn(row: ScorecardRevision) -> ScorecardPage:
    """Return what the page of a scorecard shows, in the language of the moment."""
    trend = _trend(row)
    with drawing.LOCK:
        return _page(row.document, trend, spoken())


def pdf_of(row: ScorecardRevision) -> bytes:
    """Return the PDF that was mailed; with comments, which no mail carries, or in another language, draw it."""
    has_comments = comments_of(json.loads(row.document)) is not None
    stored = None if has_comments else db.session.get(ScorecardFile, (row.id, PDF.format(language=spoken())))
    if stored is not None:
        return stored.content
    trend = _trend(row)
    with drawing.LOCK:
        return _pdf(row.document, trend, spoken())


def _trend(row: ScorecardRevision) -> Trend:
    return trend_of_revision(db.session(), row, json.loads(row.document), calendar())


@lru_cache(maxsize=KEPT_PAGES)
def _page(document: str, trend: Trend, language: str) -> ScorecardPage:
    return page_of(json.loads(document), trend, language)


@lru_cache(maxsize=KEPT_PDFS)
def _pdf(document: str, trend: Trend, language: str) -> bytes:
    return scorecard_pdf(json.loads(document), trend, language)
