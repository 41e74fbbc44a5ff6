"""Trackers and score sources: how they are doing, what they sent, and another try at what could not be read."""

from dataclasses import asdict
from typing import Any

from flask_smorest import Blueprint
from sqlalchemy import select

from app.domain.api_scopes import Scope
from app.domain.auditing import Act
from app.domain.states import DeliveryState
from app.foundations import clock
from app.foundations.languages import gettext
from app.models.base import db
from app.models.connections import Connection
from app.models.deliveries import Delivery
from app.upkeep.audit import log as audit
from app.upkeep.connections.adding import find_locked
from app.upkeep.connections.deliveries import retry_deliveries
from app.upkeep.connections.health import health_of
from app.web.api import list_schemas, schemas
from app.web.api.authentication import actor
from app.web.api.paging import filter_of, listing, wished
from app.web.api.routes import route
from app.web.frame.problems import Problem

pages = Blueprint("api_trackers", __name__, url_prefix="/api/v1", description="Trackers and score sources.")


@route(
    pages,
    "GET",
    "/trackers",
    scope=Scope.TRACKERS_READ,
    doc=schemas.reads("Trackers and score sources, by slug.", *list_schemas.PAGE),
    answer=list_schemas.page_of(list_schemas.ListedTracker),
)
def list_trackers() -> dict[str, Any]:
    """Return connections without their settings."""
    wish = wished(str)
    (after,) = wish.after or ("",)
    query = select(Connection).where(Connection.slug > after, Connection.removed_at.is_(None))
    rows = db.session().scalars(query.order_by(Connection.slug).limit(wish.to_read)).all()
    return listing(rows, wish, key=lambda row: (row.slug,), tell=_in_short)


@route(
    pages,
    "GET",
    "/trackers/<slug>",
    scope=Scope.TRACKERS_READ,
    doc=schemas.reads("How one tracker or source is doing: what `flask trackers show` prints."),
    answer=list_schemas.TrackerHealth,
)
def get_tracker(slug: str) -> dict[str, Any]:
    """Return what is known of a connection's health, without its settings."""
    connection = _found(slug)
    return {"slug": connection.slug} | asdict(health_of(db.session(), connection))


@route(
    pages,
    "GET",
    "/trackers/<slug>/deliveries",
    scope=Scope.TRACKERS_READ,
    doc=schemas.reads(
        "What a tool sent, the newest first, without what it says.",
        *list_schemas.PAGE,
        schemas.query("state", "Only those that stand so.", *DeliveryState),
    ),
    answer=list_schemas.page_of(list_schemas.ListedDelivery),
)
def list_deliveries(slug: str) -> dict[str, Any]:
    """Return deliveries of one connection."""
    wish, state, connection = wished(int), filter_of("state", [*DeliveryState]), _found(slug)
    columns = (Delivery.received_at, Delivery.state, Delivery.attempts, Delivery.next_attempt_at, Delivery.error)
    query = select(Delivery.id, *columns).where(Delivery.connection_id == connection.id)
    if wish.after is not None:
        query = query.where(Delivery.id < wish.after[0])
    if state is not None:
        query = query.where(Delivery.state == DeliveryState(state))
    rows = db.session().execute(query.order_by(Delivery.id.desc()).limit(wish.to_read)).all()
    return listing(
        rows,
        wish,
        key=lambda row: (row.id,),
        tell=lambda row: {
            "number": row.id,
            "received_at": row.received_at,
            "state": row.state,
            "attempts": row.attempts,
            "next_attempt_at": row.next_attempt_at if row.state is DeliveryState.STORED else None,
            "error": row.error,
        },
    )


@route(
    pages,
    "POST",
    "/trackers/<slug>/deliveries/retry",
    scope=Scope.TRACKERS_WRITE,
    doc=schemas.changes(
        "Read the failed deliveries again, once the cause is mended.",
        again="Again reads what failed once more.",
    ),
    answer=list_schemas.Retried,
)
def retry_tracker_deliveries(slug: str) -> dict[str, Any]:
    """Hand them to the worker, which finds them within a minute."""
    session, connection = db.session(), _found(slug)
    count = retry_deliveries(session, connection, now=clock.now())
    if count:
        subject = audit.connection_subject(connection)
        audit.note(session, actor(), Act.DELIVERIES_RETRIED, subject, {"deliveries": count}, now=clock.now())
    session.commit()
    return {"deliveries": count}


def _in_short(row: Connection) -> dict[str, Any]:
    return {
        "slug": row.slug,
        "side": row.side,
        "kind": row.kind,
        "is_active": row.is_active,
        "last_event_at": row.last_event_at,
        "polled_at": row.polled_at,
    }


def _found(slug: str) -> Connection:
    found = find_locked(db.session(), slug, lock=False)
    if found is None:
        raise Problem(404, gettext("there is no tracker or source '%(slug)s'", slug=slug))
    return found
