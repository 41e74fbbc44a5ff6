"""`/culture`: HR's document of a quarter as page, PDF, tables and JSON."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, url_for

from app.domain.rights import Action
from app.foundations.languages import spoken
from app.models.base import db
from app.models.culture import CultureRevision, culture_revisions, find_culture
from app.reports.culture import CulturePage, CultureQuarter, culture_page, culture_pdf, read_quarter
from app.reports.presenting import with_english
from app.web import downloads, drawing
from app.web import staff_frame as frame
from app.web.asked_for import next_period, period_of, quarter_named, revision_asked_for
from app.web.survey_frame import calendar, now, settings

KEPT_PAGES, KEPT_PDFS = 16, 8  # some 500 kB each

pages = Blueprint("culture_pages", __name__, url_prefix="/culture")
frame.frame(pages, frozenset({Action.SEE_CULTURE}))


@dataclass(frozen=True)
class _Asked:
    """A frozen document in a language, which never changes; what it rests on is read only to draw it."""

    document: str
    language: str
    read: Callable[[], CultureQuarter] = field(compare=False)


@pages.get("")
def newest() -> Any:
    """Lead to the newest quarter; say when the first one comes."""
    quarters = culture_revisions(db.session())
    if quarters:
        return redirect(url_for("culture_pages.show", period=max(quarters)), 303)
    first = calendar().freezes_at(next_period(now())).astimezone(settings().time_zone).date()
    return frame.page("culture/empty.html", first=first)


@pages.get("/<period>")
def show(period: str) -> Response:
    """Show the document of a quarter."""
    row = _found(period)
    asked = _asked(row)
    with drawing.LOCK:
        page = _page(asked)
    quarters = culture_revisions(db.session())
    return frame.page(
        "culture/culture.html",
        page=page,
        row=row,
        earlier=quarter_named(max((one for one in quarters if one < row.period), default=None)),
        later=quarter_named(min((one for one in quarters if one > row.period), default=None)),
        newest=quarters[row.period],
    )


@pages.get("/<period>.pdf")
def pdf(period: str) -> Response:
    """Hand out the PDF."""
    row = _found(period)
    asked = _asked(row)
    with drawing.LOCK:
        content = _pdf(asked)
    return downloads.attachment(json.loads(row.document), "pdf", content)


@pages.get("/<period>.csv", endpoint="csv", defaults={"ending": "csv"})
@pages.get("/<period>.xlsx", endpoint="xlsx", defaults={"ending": "xlsx"})
def table(period: str, ending: str) -> Response:
    """Hand out every figure as a row."""
    return downloads.table(json.loads(_found(period).document), ending)


@pages.get("/<period>.json")
def document(period: str) -> Response:
    """Print the document as it was digested, with English beside the sentences."""
    return jsonify(with_english(json.loads(_found(period).document)))


def _found(period: str) -> CultureRevision:
    if period_of(period) is None:
        abort(404)
    return find_culture(db.session(), period, revision_asked_for()) or abort(404)


def _asked(row: CultureRevision) -> _Asked:
    text = row.document
    return _Asked(text, spoken(), lambda: read_quarter(db.session(), json.loads(text), calendar()))


@lru_cache(maxsize=KEPT_PAGES)
def _page(asked: _Asked) -> CulturePage:
    return culture_page(asked.read(), asked.language)


@lru_cache(maxsize=KEPT_PDFS)
def _pdf(asked: _Asked) -> bytes:
    return culture_pdf(asked.read(), asked.language)


def forget_drawn() -> None:
    """Forget what was drawn; the next reader waits for it again."""
    _page.cache_clear()
    _pdf.cache_clear()
