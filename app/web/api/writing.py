"""POST of requests, departments, people, scores and earlier answers: rows of the same tables as `flask import`."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Protocol, TypeVar, cast

from flask import Response, current_app
from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from app.domain.api_scopes import Scope
from app.domain.auditing import Act
from app.domain.states import ConnectionSide
from app.foundations import clock
from app.foundations.crypto import Keys
from app.foundations.languages import gettext, spoken
from app.imports.departments import DEPARTMENTS
from app.imports.external_scores import EXTERNAL_RESPONSES, EXTERNAL_TOTALS
from app.imports.faults import Fault, RowsRefused
from app.imports.people import PEOPLE
from app.imports.requests import REQUESTS
from app.imports.responses import RESPONSES
from app.imports.schema import Kind
from app.models.connections import Connection
from app.pipeline import external_scores
from app.pipeline.intake import records
from app.pipeline.responses.history import record_history
from app.upkeep.audit import log as audit
from app.upkeep.connections.adding import find_locked
from app.upkeep.imports.importing import Written, counts_of
from app.upkeep.organisation.departments import record_departments
from app.upkeep.organisation.named_heads import telling_who_sees_more
from app.upkeep.organisation.people import record_people
from app.web.api import item_schemas as items
from app.web.api import schemas
from app.web.api.asked_for import calendar
from app.web.api.authentication import actor
from app.web.api.bodies import Item, ItemsRefused, read_items, rows_of
from app.web.api.once import Answer, answered_once
from app.web.api.routes import route

pages = Blueprint("writing", __name__, url_prefix="/api/v1", description="Upsert records by their natural keys.")

Rows = list[Any]


class _Done(Written, Protocol):
    """What storing came to, and the faults of what was left out."""

    @property
    def faults(self) -> tuple[Fault, ...]: ...


Write = Callable[[Session, Connection, Kind[Any], Rows], _Done]
A = TypeVar("A")
D = TypeVar("D", bound=_Done)

# Rows that cannot be stored are left out for the moment, so that the faults of the others are found too.
_SKIPPING: dict[str, Any] = {"skip_bad_rows": True}


@route(
    pages,
    "POST",
    "/requests",
    scope=Scope.REQUESTS_WRITE,
    doc=schemas.writes(items.RequestItem, "Service requests as they stand in a tracker now.", example=items.REQUEST),
    answer=schemas.Written,
)
def post_requests() -> Response:
    """Tell how requests stand now: state reports, keyed by (tracker, external_id)."""

    def write(session: Session, tracker: Connection, _kind: Kind[Any], rows: Rows) -> _Done:
        return records.record_rows(session, rows, tracker=tracker, calendar=calendar(), now=clock.now(), **_SKIPPING)

    return _by_connection("tracker", ConnectionSide.TRACKER, lambda _: REQUESTS, write)


@route(
    pages,
    "POST",
    "/departments",
    scope=Scope.DEPARTMENTS_WRITE,
    doc=schemas.writes(items.DepartmentItem, "Departments and their tree over time.", example=items.DEPARTMENT),
    answer=schemas.Written,
)
def post_departments() -> Response:
    """Upsert departments by (code, valid_from)."""
    items, unfit = read_items()
    codes = {str(item.get("code")) for item in items.values()}

    def act(session: Session) -> Answer:
        rows, unread = rows_of(DEPARTMENTS, items)
        faults = unfit + unread
        refused = codes.difference(row.code for row in rows)
        told = {"calendar": calendar(), "now": clock.now(), "refused": refused, **_SKIPPING}
        by = audit.names(session).get(actor(), actor())
        with telling_who_sees_more(session, by=by, language=spoken(), calendar=calendar(), now=clock.now()):
            done = _unless_faulty(faults, _stored(faults, lambda: record_departments(session, rows, **told)))
        return _noted(session, "departments", done)

    return answered_once(act)


@route(
    pages,
    "POST",
    "/people",
    scope=Scope.PEOPLE_WRITE,
    doc=schemas.writes(items.PersonItem, "Who belongs to which department since when.", example=items.PERSON),
    answer=schemas.Written,
)
def post_people() -> Response:
    """Upsert people by (lower-cased e-mail, valid_from)."""
    items, unfit = read_items()

    def act(session: Session) -> Answer:
        rows, unread = rows_of(PEOPLE, items)
        faults = unfit + unread
        done = _stored(faults, lambda: record_people(session, rows, now=clock.now(), **_SKIPPING))
        return _noted(session, "people", _unless_faulty(faults, done))

    return answered_once(act)


@route(
    pages,
    "POST",
    "/external-scores",
    scope=Scope.EXTERNAL_SCORES_WRITE,
    doc=schemas.writes(
        items.ScoreItem, "Customers' responses (with response_id) or totals (with period).", example=items.TOTAL
    ),
    answer=schemas.Written,
)
def post_external_scores() -> Response:
    """Upsert customers' responses by (source, response_id), and totals by source, touchpoint … and period."""

    def write(session: Session, source: Connection, kind: Kind[Any], rows: Rows) -> _Done:
        if kind is EXTERNAL_TOTALS:
            return external_scores.record_totals(session, rows, source=source, **_SKIPPING)
        told = {"source": source, "calendar": calendar(), "keys": _keys(), **_SKIPPING}
        return external_scores.record_responses(session, rows, **told)

    return _by_connection("source", ConnectionSide.SCORES, _kind_of_score, write)


@route(
    pages,
    "POST",
    "/responses",
    scope=Scope.RESPONSES_WRITE,
    doc=schemas.writes(items.ResponseItem, "Answers that an earlier tool gathered.", example=items.RESPONSE),
    answer=schemas.Written,
)
def post_responses() -> Response:
    """Hold earlier answers, each (source, response_id) once; other content under a known id is a fault."""

    def write(session: Session, source: Connection, _kind: Kind[Any], rows: Rows) -> _Done:
        told = {"source": source, "calendar": calendar(), "keys": _keys(), "now": clock.now(), **_SKIPPING}
        return record_history(session, rows, **told)

    return _by_connection("source", ConnectionSide.SCORES, lambda _: RESPONSES, write)


def _by_connection(field: str, side: ConnectionSide, kind_of: Callable[[Item], Kind[Any]], write: Write) -> Response:
    """Write the items of every tracker or source that they name in `field`, all of them or none."""
    items, unfit = read_items()

    def act(session: Session) -> Answer:
        faults = list(unfit)
        answer: Answer = {"new": 0, "changed": 0, "unchanged": 0}
        for slug, kind, group in _grouped(items, field, kind_of):
            connection = _found(session, slug, side)
            if connection is None:
                faults += [Fault("", place, field, _unknown(slug, side)) for place in group]
            rows, unread = rows_of(kind, group)
            faults += unread
            done = _stored(faults, partial(write, session, connection, kind, rows)) if connection else None
            answer = _sum(answer, counts_of(done)) if done else answer
        return _unless_faulty(faults, answer)

    return answered_once(act)


def _stored(faults: list[Fault], store: Callable[[], D]) -> D | None:
    """Store what can be stored and add the faults of the rest: a list is mended once, so every fault is looked for."""
    try:
        done = store()
    except RowsRefused as refusal:
        faults += refusal.faults
        return None
    faults += done.faults
    return done


def _unless_faulty(faults: list[Fault], done: A | None) -> A:
    """Return what was done. Raises ItemsRefused, which undoes it, where any item is faulty."""
    if faults or done is None:
        raise ItemsRefused(faults)
    return done


def _grouped(
    items: Mapping[int, Item], field: str, kind_of: Callable[[Item], Kind[Any]]
) -> Iterable[tuple[str, Kind[Any], dict[int, Item]]]:
    """Yield the items, without `field`, by the slug that stands there and by their kind."""
    groups: dict[tuple[str, str], tuple[Kind[Any], dict[int, Item]]] = {}
    for place, item in items.items():
        kind = kind_of(item)
        slug = item.get(field)
        name = slug if isinstance(slug, str) else ""
        _, group = groups.setdefault((name, kind.key_column), (kind, {}))
        group[place] = {key: value for key, value in item.items() if key != field}
    for (slug, _), (kind, group) in groups.items():
        yield slug, kind, group


def _kind_of_score(item: Item) -> Kind[Any]:
    return EXTERNAL_TOTALS if "period" in item and "response_id" not in item else EXTERNAL_RESPONSES


def _found(session: Session, slug: str, side: ConnectionSide) -> Connection | None:
    found = find_locked(session, slug.replace("\0", ""), lock=False)
    return found if found is not None and found.side is side else None


def _unknown(slug: str, side: ConnectionSide) -> str:
    if side is ConnectionSide.TRACKER:
        return gettext("there is no tracker '%(slug)s'; an administrator adds it on the page Trackers", slug=slug)
    return gettext("there is no source '%(slug)s'; an administrator adds it on the page Trackers", slug=slug)


def _noted(session: Session, kind: str, done: _Done) -> Answer:
    """Note in the audit log what a script changed. Requests, scores and answers come as a stream and are not noted."""
    if done.new or done.changed:
        details = {"kind": kind, **counts_of(done)}
        audit.note(session, actor(), Act.IMPORTED, kind, details, now=clock.now())
    return counts_of(done)


def _sum(one: Answer, other: Answer) -> Answer:
    return {name: one[name] + other[name] for name in one}


def _keys() -> Keys:
    return cast(Keys, current_app.extensions["parity_keys"])
