"""`/culture`: HR's document of a quarter as pages, PDF, tables and JSON, and its departments group by group."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, request, url_for

from app.domain.rights import Action
from app.foundations.languages import spoken
from app.models.base import db
from app.models.culture import CultureRevision, culture_revisions, find_culture
from app.reports.culture import (
    CulturePage,
    CultureQuarter,
    Part,
    cards_alone,
    culture_page,
    culture_pdf,
    cut_of_all,
    cut_of_one,
    cuts,
    department_names,
    explore_points,
    explore_table,
    read_quarter,
    telling,
)
from app.reports.presenting import with_english
from app.reports.quarters import quarter_words
from app.web.frame import downloads, drawing
from app.web.frame import staff as frame
from app.web.frame.asked_for import next_period, period_of, quarter_named, revision_asked_for
from app.web.frame.installation import calendar, now, settings

KEPT_PAGES, KEPT_PDFS = 24, 8  # some 500 kB each
_TEMPLATES = {Part.COMPANY: "culture/culture.html", Part.DEPARTMENTS: "culture/departments.html"}

pages = Blueprint("culture_pages", __name__, url_prefix="/culture")
frame.frame(pages, frozenset({Action.SEE_CULTURE}))


@dataclass(frozen=True)
class _Asked:
    """A frozen document in a language, which never changes; what it rests on is read only to draw it."""

    document: str
    language: str
    part: Part
    read: Callable[[], CultureQuarter] = field(compare=False)


@pages.get("")
def newest() -> Any:
    """Lead to the newest quarter; say when the first one comes."""
    quarters = culture_revisions(db.session())
    if quarters:
        return redirect(url_for("culture_pages.show", period=max(quarters)), 303)
    first = calendar().freezes_at(next_period(now())).astimezone(settings().time_zone).date()
    return frame.page("culture/empty.html", first=first)


@pages.get("/<period>", defaults={"part": Part.COMPANY})
@pages.get("/<period>/departments", endpoint="departments", defaults={"part": Part.DEPARTMENTS})
def show(period: str, part: Part) -> Response:
    """Show the document of a quarter: how departments serve each other, or all of them beside each other."""
    row = _found(period)
    asked = _asked(row, part)
    with drawing.LOCK:
        page = _page(asked)
    return frame.page(_TEMPLATES[part], page=page, **_place(row))


@pages.get("/<period>/cuts")
def all_cuts(period: str) -> Any:
    """Lead to the first cut that has something to show."""
    row = _found(period)
    telling_ones = telling(cards_alone(db.session(), json.loads(row.document)).values())
    first = telling_ones[0] if telling_ones else cuts()[0].name
    return redirect(url_for("culture_pages.cut", period=period, cut=first, revision=row.revision), 303)


@pages.get("/<period>/cuts/<cut>")
def cut(period: str, cut: str) -> Response:
    """Show one cut of the fixed cube, of all departments or of one. Any other filter is no page."""
    row = _found(period)
    known = cuts()
    if cut not in {one.name for one in known} or set(request.args) - {"department", "revision", "lang"}:
        abort(404)
    document = json.loads(row.document)
    cards, names = cards_alone(db.session(), document), department_names(db.session(), document, calendar())
    code, group = request.args.get("department"), document["method"]["minimum_group_size"]
    if code and code not in cards:
        abort(404)
    offered = {cut, *telling([cards[code]] if code else cards.values())}
    return frame.page(
        "culture/cuts.html",
        view=cut_of_one(cards[code], cut, group, names) if code else cut_of_all(cards, cut, group, names),
        cut=cut,
        cuts=[one for one in known if one.name in offered],
        code=code,
        departments=sorted(
            (card["department"]["name"], one) for one, card in cards.items() if one == code or cut in telling([card])
        ),
        period_words=quarter_words(calendar(), row.period),
        **_place(row),
    )


@pages.get("/<period>/explore")
def explore(period: str) -> Response:
    """Show departments on two axes that the reader chooses; without script, the table of the same figures."""
    row = _found(period)
    document = json.loads(row.document)
    return frame.page(
        "culture/explore.html",
        table=explore_table(cards_alone(db.session(), document)),
        confidence=document["method"]["confidence"],
        period_words=quarter_words(calendar(), row.period),
        **_place(row),
    )


@pages.get("/<period>/explore.json")
def explore_json(period: str) -> Response:
    """Hand out what the page draws: frozen figures, without those that are hidden or told in words."""
    document = json.loads(_found(period).document)
    return jsonify(explore_points(document, cards_alone(db.session(), document)))


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


def _place(row: CultureRevision) -> dict[str, Any]:
    """Return what pages of a quarter say of where they stand: its neighbours and its later revision."""
    quarters = culture_revisions(db.session())
    return {
        "row": row,
        "earlier": quarter_named(max((one for one in quarters if one < row.period), default=None)),
        "later": quarter_named(min((one for one in quarters if one > row.period), default=None)),
        "newest": quarters[row.period],
    }


def _asked(row: CultureRevision, part: Part = Part.WHOLE) -> _Asked:
    text = row.document
    return _Asked(text, spoken(), part, lambda: read_quarter(db.session(), json.loads(text), calendar()))


@lru_cache(maxsize=KEPT_PAGES)
def _page(asked: _Asked) -> CulturePage:
    return culture_page(asked.read(), asked.language, asked.part)


@lru_cache(maxsize=KEPT_PDFS)
def _pdf(asked: _Asked) -> bytes:
    return culture_pdf(asked.read(), asked.language)
