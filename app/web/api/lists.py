"""GET of what is on record: requests, departments, people and the decisions about completions, a page at a time."""

from datetime import UTC, date, datetime
from typing import Any

from flask import request
from flask_smorest import Blueprint

from app.domain.api_scopes import Scope
from app.domain.decisions import DecisionReason
from app.foundations import clock
from app.foundations.languages import gettext
from app.foundations.quoting import quoted
from app.models.base import SINCE_EVER, db
from app.reports import record_lists
from app.reports.decision_lists import Wanted, decisions_before
from app.web.api import list_schemas, schemas
from app.web.api.asked_for import calendar, refused_by_name
from app.web.api.paging import filter_of, foreign_cursor, listing, wished
from app.web.api.routes import route
from app.web.frame.problems import Problem

pages = Blueprint("api_lists", __name__, url_prefix="/api/v1", description="What is on record, a page at a time.")

_TRACKER = schemas.query("tracker", "Only requests of this tracker (slug).")
_DEPARTMENT = schemas.query("department", "Only requests that this department did (code).")


@route(
    pages,
    "GET",
    "/requests",
    scope=Scope.REQUESTS_READ,
    doc=schemas.reads("Requests in the order in which they became known.", *list_schemas.PAGE, _TRACKER, _DEPARTMENT),
    answer=list_schemas.page_of(list_schemas.ListedRequest),
)
def list_requests() -> dict[str, Any]:
    """Return requests as they stand, without their requesters."""
    wish = wished(int)
    (after,) = wish.after or (0,)
    wanted = {"tracker": filter_of("tracker"), "department": filter_of("department")}
    rows = record_lists.requests_after(db.session(), after, wish.to_read, **wanted)
    return listing(rows, wish, key=lambda row: (row.id,), tell=_members)


@route(
    pages,
    "GET",
    "/departments",
    scope=Scope.DEPARTMENTS_READ,
    doc=schemas.reads("Departments as they are today, by code.", *list_schemas.PAGE),
    answer=list_schemas.page_of(list_schemas.ListedDepartment),
)
def list_departments() -> dict[str, Any]:
    """Return the tree of today."""
    wish = wished(str)
    (after,) = wish.after or ("",)
    rows = record_lists.departments_after(db.session(), after, wish.to_read, now=clock.now())
    return listing(rows, wish, key=lambda row: (row.code,), tell=_version)


@route(
    pages,
    "GET",
    "/people",
    scope=Scope.PEOPLE_READ,
    doc=schemas.reads("People who have an address, as they are known today.", *list_schemas.PAGE),
    answer=list_schemas.page_of(list_schemas.ListedPerson),
)
def list_people() -> dict[str, Any]:
    """Return people by their address."""
    wish = wished(str)
    (after,) = wish.after or ("",)
    rows = record_lists.people_after(db.session(), after, wish.to_read, now=clock.now())
    return listing(rows, wish, key=lambda row: (row.email,), tell=_version)


@route(
    pages,
    "GET",
    "/decisions",
    scope=Scope.DECISIONS_READ,
    doc=schemas.reads(
        "What was decided about asking, the newest completion first.",
        *(*list_schemas.PAGE, _TRACKER, _DEPARTMENT),
        schemas.query("reason", "Only completions that ended so.", *DecisionReason),
        {**schemas.query("from", "First day of completion."), "schema": {"type": "string", "format": "date"}},
        {**schemas.query("to", "Last day of completion."), "schema": {"type": "string", "format": "date"}},
    ),
    answer=list_schemas.page_of(list_schemas.ListedDecision),
)
def list_decisions() -> dict[str, Any]:
    """Return completions with their decisions, without the requesters."""
    wish = wished(str, int)
    reason = filter_of("reason", [*DecisionReason])
    wanted = Wanted(
        first_day=_day("from"),
        last_day=_day("to"),
        reason=DecisionReason(reason) if reason else None,
        department=filter_of("department"),
        tracker=filter_of("tracker"),
    )
    before = (_moment(wish.after[0]), wish.after[1]) if wish.after else None
    rows = decisions_before(db.session(), wanted, calendar(), before=before, limit=wish.to_read)
    return listing(rows, wish, key=lambda row: (row.completed_at.isoformat(), row.id), tell=_members)


def _members(row: Any) -> dict[str, Any]:
    return dict(row._mapping)  # noqa: SLF001  SQLAlchemy's own name for the columns of a row


def _version(row: Any) -> dict[str, Any]:
    members = _members(row)
    return members | ({"valid_from": None} if members["valid_from"] == SINCE_EVER else {})


def _day(name: str) -> date | None:
    value = request.args.get(name)
    try:
        found = date.fromisoformat(value) if value is not None else None
    except ValueError as error:
        raise _no_day(name, value) from error
    if found is not None and not 1 < found.year < 9999:  # a day's midnight in any zone must be a moment, too
        raise _no_day(name, value)
    return found


def _no_day(name: str, value: str | None) -> Problem:
    sentence = gettext("%(name)s: '%(value)s' is no day; write 2026-07-31", name=name, value=quoted(value or ""))
    return refused_by_name(name, sentence)


def _moment(cursor: str) -> datetime:
    try:
        found = datetime.fromisoformat(cursor)
    except ValueError as error:
        raise foreign_cursor() from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
