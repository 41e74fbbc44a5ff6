"""What a connection delivered and what we made of it: the list, one delivery with its body, and reading it again."""

from typing import Any

from flask import Response, abort, redirect, url_for

from app.domain.auditing import Act
from app.domain.states import ConnectionSide, DeliveryState
from app.models.base import db
from app.pipeline.intake.refusals import AN_HOUR
from app.reports.deliveries import Showing, body_of, list_deliveries, read_delivery
from app.upkeep.audit.log import connection_subject
from app.upkeep.connections.deliveries import retry_deliveries
from app.upkeep.connections.explaining import can_be_explained
from app.upkeep.connections.states import overview_of
from app.upkeep.connections.unmapped import unmapped_of
from app.upkeep.connections.words import kind_in_words
from app.web.connections.one import found, pages
from app.web.frame import lists
from app.web.frame import staff as frame
from app.web.frame.installation import now, settings


@pages.get("/<slug>/deliveries")
def delivered(slug: str) -> Response:
    """List what came, the newest first, a page at a time."""
    connection, _ = found(slug)
    chosen = lists.filters({"show": tuple(Showing)})
    showing = Showing(chosen["show"]) if chosen else None
    rows = list_deliveries(
        db.session(), connection.id, showing, before=lists.moment_and_number(), count=lists.PER_PAGE + 1
    )
    return frame.page(
        "connections/deliveries.html",
        connection=connection,
        kind=kind_in_words(connection.kind),
        one=overview_of(db.session(), connection),
        found=lists.paged(rows, lambda line: line.place),
        showing=showing,
        most_refusals=AN_HOUR,
        unmapped=unmapped_of(db.session(), connection, now=now()),
        can_be_explained=can_be_explained(connection.side, connection.kind),
        zone=settings().time_zone,
    )


@pages.get("/<slug>/deliveries/<int:number>")
def delivery(slug: str, number: int) -> Response:
    """Show one delivery with what it said. What customers answered is theirs: scores are not shown."""
    connection, connector = found(slug)
    line = read_delivery(db.session(), connection.id, number)
    if line is None:
        abort(404)
    return frame.page(
        "connections/delivery.html",
        connection=connection,
        line=line,
        unmapped=unmapped_of(db.session(), connection, now=now()),
        may_show=connection.side is ConnectionSide.TRACKER,
        body=body_of(db.session(), number) if connection.side is ConnectionSide.TRACKER else "",
        can_renew=connector.make_secret is not None,
        can_be_read_again=line.state is DeliveryState.FAILED or bool(line.why and line.next_attempt_at),
        zone=settings().time_zone,
    )


@pages.post("/<slug>/deliveries")
def read_all_again(slug: str) -> Any:
    """Let the worker read everything again that could not be read."""
    return _read_again(slug, None)


@pages.post("/<slug>/deliveries/<int:number>")
def read_again(slug: str, number: int) -> Any:
    """Let the worker read one again."""
    return _read_again(slug, number)


def _read_again(slug: str, number: int | None) -> Any:
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    connection, _ = found(slug, lock=True)
    count = retry_deliveries(db.session(), connection, number=number, now=now())
    if count:
        frame.noted(Act.DELIVERIES_RETRIED, connection_subject(connection), {"deliveries": count})
        db.session.commit()
        frame.hint("process_deliveries")
    return redirect(url_for("connections.delivered", slug=slug, show=Showing.WAITING.value), 303)
