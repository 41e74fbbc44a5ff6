"""`/scorecards`: the list of what the viewer may see, and each scorecard as page, PDF, tables and JSON.

What is not there and what is not for the viewer's eyes get the same answer, 404.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from app.domain.periods import Period
from app.domain.rights import Action
from app.models.base import db
from app.models.scorecards import ScorecardRevision
from app.reports.follow_ups import Case
from app.reports.issued import Issued, Place
from app.reports.presenting import with_english
from app.reports.quarters import quarter_words
from app.reports.sentences import say
from app.web.close import posting_pages
from app.web.frame import downloads, lists
from app.web.frame import staff as frame
from app.web.frame.asked_for import period_of, quarter_named, revision_asked_for
from app.web.frame.installation import calendar, settings
from app.web.scorecards import actions as action_pages
from app.web.scorecards import follow_ups as follow_up_pages
from app.web.scorecards.coming import coming
from app.web.scorecards.drawn import page_drawn, pdf_of

PER_PAGE = 40  # each is two lines
WITHOUT_SEARCH = 5  # departments that one looks through as quickly

pages = Blueprint("scorecards", __name__, url_prefix="/scorecards")
frame.frame(pages, frozenset({Action.SEE_SCORECARDS_BELOW, Action.SEE_ALL_SCORECARDS}))


@pages.get("")
def listing() -> Response:
    """List scorecards with a sentence each, the newest quarter first; of a department or a quarter where one asks."""
    issued = _issued()
    places = issued.places()
    periods = list(dict.fromkeys(one.period for one in places))
    chosen = lists.filters({"words": lists.ANYTHING, "quarter": periods})
    found = lists.paged(_asked_for(places, chosen)[: PER_PAGE + 1], _key, count=PER_PAGE)
    shown = [
        (
            str(quarter.period),
            quarter_words(calendar(), quarter.period),
            [(line, say(line.finding, calendar())) for line in quarter.scorecards],
        )
        for quarter in issued.quarters(found.rows)
    ]
    first = coming(None) if not places else None
    postings = posting_pages.standings([period for period, _, _ in shown])
    return frame.page(
        "scorecards/list.html",
        quarters=shown,
        following=found.following,
        chosen=chosen,
        choices=[(one, quarter_words(calendar(), one)) for one in periods],
        may_search=len({one.department_id for one in places}) > WITHOUT_SEARCH,
        first=first,
        postings=postings,
        awaiting=posting_pages.awaiting_word(postings),
        **_contacts(follow_up_pages.cases()),
    )


def _asked_for(places: Sequence[Place], chosen: Mapping[str, str]) -> list[Place]:
    """Return the places behind the last one shown, as far as the filters want them."""
    words, quarter = chosen.get("words", ""), chosen.get("quarter")
    wanted = [one for one in places if one.is_of(words) and quarter in {None, one.period}]
    after = lists.cursor(str, str, str)
    if after is None:
        return wanted
    period, name, code = map(str, after)
    return [one for one in wanted if one.period < period or (one.period == period and _key(one) > (period, name, code))]


def _key(place: Place) -> tuple[str, str, str]:
    return place.period, place.name.casefold(), place.code


@pages.get("/<period>/<path:code>")
def show(period: str, code: str) -> Response:
    """Show one scorecard."""
    row = _found(period, code)
    others = _issued().periods_of(row.department_id)
    return frame.page(
        "scorecards/scorecard.html",
        page=page_drawn(row),
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
    """Hand out the PDF."""
    row = _found(period, code)
    return downloads.attachment(json.loads(row.document), "pdf", pdf_of(row))


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
