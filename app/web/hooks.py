"""POST /hooks/<slug>/<key>: verify the raw bytes, store them, answer at once; the worker concludes from them later."""

import hmac
import logging
from typing import Any, cast

from flask import Blueprint, Response, current_app, jsonify, request
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import RequestEntityTooLarge

from app.connectors import find_connector
from app.connectors.hooks import Connector, Hook, UnreadableBody, WrongSignature
from app.foundations import clock
from app.foundations.crypto import Keys, UnreadableSecret
from app.foundations.languages import gettext
from app.models.base import db, reading
from app.models.connections import Connection
from app.pipeline.intake import deliveries
from app.settings import Settings
from app.upkeep.trackers import hook_key_hash
from app.web.problems import Problem

log = logging.getLogger(__name__)
pages = Blueprint("hooks", __name__)

LARGEST_BODY = 5 * 1024 * 1024
DRAINED = 64 * 1024 * 1024  # of a body too large, read and dropped so that the sender sees our answer
RETRY_SECONDS = "10"


@pages.post("/hooks/<slug>/<key>")
def receive(slug: str, key: str) -> tuple[Response, int]:
    """Answer 404, 413, 401, 400 in this order, else store the delivery and answer 202, also when seen before."""
    try:
        connection, connector = _connection(slug, key)
        hook = _verified(connection, connector)
        is_new = deliveries.store(db.session(), connection, hook, _delivery_key(connector, hook))
        db.session.commit()
    except OperationalError as error:
        db.session.rollback()
        log.warning("a delivery of %s was sent back: %s", slug, error.orig)
        raise Problem(503, gettext("busy; try again"), headers={"Retry-After": RETRY_SECONDS}) from error
    if is_new:
        current_app.extensions["parity_queue"].send("process_deliveries")
    return jsonify(status="stored" if is_new else "seen before"), 202


def _connection(slug: str, key: str) -> tuple[Connection, Connector]:
    """Return the connection that this address belongs to; a wrong slug and a wrong key take the same time."""
    found = _found(slug.replace("\0", ""))
    offered = hook_key_hash(key)
    expected = found.key_hash if found is not None and found.key_hash and found.is_active else bytes(len(offered))
    connector = find_connector(found.side, found.kind) if found is not None else None
    if not hmac.compare_digest(offered, expected) or found is None or connector is None:
        raise Problem(404)
    return found, connector


def _found(slug: str) -> Connection | None:
    """Return the connection, detached: no transaction stays open while a slow sender writes its body."""
    with reading():
        found = db.session.scalar(select(Connection).where(Connection.slug == slug))
        if found is not None:
            db.session.expunge(found)
        db.session.rollback()
    return found


def _verified(connection: Connection, connector: Connector) -> Hook:
    settings = cast(Settings, current_app.extensions["parity_settings"])
    hook = Hook(
        body=_body(),
        headers={name.lower(): value for name, value in request.headers.items()},
        secrets=_secrets(connection),
        settings=connection.settings,
        time_zone=settings.time_zone,
        received_at=clock.now(),
    )
    try:
        if connector.verify is not None:
            connector.verify(hook)
        if connector.judge_age is not None:
            connector.judge_age(hook)
        if connector.read is not None:
            connector.read(hook)
    except WrongSignature as wrong:
        raise Problem(401, str(wrong)) from wrong
    except UnreadableBody as unreadable:
        raise Problem(400, str(unreadable)) from unreadable
    return hook


def _body() -> bytes:
    """Return the raw body, or refuse it by size before anything looks at it."""
    request.max_content_length = LARGEST_BODY
    if (request.content_length or 0) > LARGEST_BODY:
        _drain(request.environ["wsgi.input"], min(request.content_length or 0, DRAINED))
        raise Problem(413, _too_large())
    try:
        return request.get_data(cache=True)
    except RequestEntityTooLarge as error:
        raise Problem(413, _too_large()) from error


def _too_large() -> str:
    return gettext("at most %(megabytes)s MB are taken", megabytes=LARGEST_BODY // 1024 // 1024)


def _drain(stream: Any, waiting: int) -> None:
    while waiting > 0 and (piece := stream.read(min(waiting, 65_536))):
        waiting -= len(piece)


def _secrets(connection: Connection) -> tuple[str, ...]:
    keys: Keys = current_app.extensions["parity_keys"]
    try:
        sealed = filter(None, (connection.secret, connection.previous_secret))
        return tuple(keys.unseal(secret).decode() for secret in sealed)
    except UnreadableSecret:
        log.exception("the secret of %s cannot be read: give it a new one", connection.slug)
        return ()


def _delivery_key(connector: Connector, hook: Hook) -> str:
    assert connector.delivery_key is not None  # a kind with a hook names its deliveries
    return connector.delivery_key(hook)
