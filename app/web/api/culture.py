"""GET of HR's document: what `flask culture show --json` and `--csv` print."""

import json
from typing import Any

from flask import Response
from flask_smorest import Blueprint

from app.domain.api_scopes import Scope
from app.foundations.languages import gettext
from app.models.base import db
from app.models.culture import CultureRevision, culture_revisions, find_culture
from app.reports.presenting import with_english
from app.web.api import list_schemas, schemas
from app.web.api.asked_for import quarter_of, revision_asked_for
from app.web.api.paging import listing, wished
from app.web.api.routes import file_route, route
from app.web.frame import downloads
from app.web.frame.problems import Problem

pages = Blueprint("culture", __name__, url_prefix="/api/v1", description="What HR receives.")


@route(
    pages,
    "GET",
    "/culture",
    scope=Scope.CULTURE_READ,
    doc=schemas.reads("Quarters of which there is HR's document, the newest first.", *list_schemas.PAGE),
    answer=list_schemas.page_of(list_schemas.ListedCulture),
)
def list_culture() -> dict[str, Any]:
    """Return the quarters with their last revision."""
    wish = wished(str)
    found = sorted(culture_revisions(db.session()).items(), reverse=True)
    rows = [one for one in found if wish.after is None or one[0] < wish.after[0]]
    return listing(rows, wish, key=lambda one: (one[0],), tell=lambda one: {"period": one[0], "revision": one[1]})


@file_route(
    pages,
    "/culture/<period>.csv",
    scope=Scope.CULTURE_READ,
    doc=schemas.reads("Every figure of HR's document as a row.", schemas.REVISION),
    media_type="text/csv",
)
def get_culture_csv(period: str) -> Response:
    """Return the table that the pages hand out, in English."""
    return downloads.table(json.loads(_found(period).document), "csv")


@route(
    pages,
    "GET",
    "/culture/<period>",
    scope=Scope.CULTURE_READ,
    doc=schemas.reads("HR's frozen document of a quarter; the last revision unless ?revision=N.", schemas.REVISION),
    answer=schemas.Culture,
)
def get_culture(period: str) -> Response:
    """Return the document as frozen, with English beside the keys of its sentences."""
    document = json.dumps(with_english(json.loads(_found(period).document)), ensure_ascii=False)
    return Response(document, content_type="application/json")


def _found(period: str) -> CultureRevision:
    found = find_culture(db.session(), str(quarter_of(period)), revision_asked_for())
    if found is None:
        raise Problem(404, gettext("There is no culture document for %(period)s.", period=period))
    return found
