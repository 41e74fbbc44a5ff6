"""`/scorecards/compare`: quarters of one department beside each other, as each was printed."""

import json

from flask import Blueprint, Response, abort, request

from app.domain.rights import Action
from app.models.base import db
from app.models.departments import find_department
from app.reports.compared_quarters import MOST, compared
from app.reports.issued import Issued
from app.web.frame import staff as frame
from app.web.frame.asked_for import period_of, quarter_named
from app.web.frame.installation import calendar

SHOWN_FIRST = 4  # quarters, where none was asked for

pages = Blueprint("compare", __name__, url_prefix="/scorecards/compare")
frame.frame(pages, frozenset({Action.SEE_SCORECARDS_BELOW, Action.SEE_ALL_SCORECARDS}))


@pages.get("/<path:code>")
def show(code: str) -> Response:
    """Show the quarters that were asked for, at most five; a quarter that is not there for the viewer is not found."""
    department = find_department(db.session(), code) or abort(404)
    issued = Issued(db.session(), frame.viewer(), calendar())
    there = [period for period, _ in issued.periods_of(department.id)]
    asked = _asked() or there[-SHOWN_FIRST:]
    if not there or not set(asked) <= set(there):
        abort(404)
    documents = [json.loads(row.document) for row in issued.last_revisions(department.id, asked[-MOST:])]
    return frame.page(
        "scorecards/compare.html",
        code=code,
        department=documents[-1]["department"]["name"],
        newest=documents[-1]["period"],
        comparison=compared(documents, calendar()),
        choices=[quarter_named(period) for period in reversed(there)],
        shown={document["period"] for document in documents},
        left_out=max(0, len(asked) - MOST),
    )


def _asked() -> list[str]:
    """Return the quarters of the address, oldest first: `quarters=2026-Q2,2026-Q3`, or one after the other."""
    named = ",".join(request.args.getlist("quarters"))
    found = [period_of(one) or abort(404) for one in named.split(",") if one]
    return [str(period) for period in sorted(set(found))]
